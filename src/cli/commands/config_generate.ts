/**
 * `casemate config generate PROVIDER`: a configuration to begin with.
 *
 * @module
 */

import { nearest } from "../../core/decode.ts";
import { draftConfig } from "../../cluster/config/generate.ts";
import { type Provider, PROVIDERS } from "../../cluster/config/providers.ts";
import { commandLine } from "../../report/command_line.ts";
import type { Context } from "../context.ts";
import { readFormat } from "../format.ts";
import { flagError, type Given } from "../input/given.ts";
import { bulleted, usableWidth } from "../output/layout.ts";
import { writeNew } from "../output/new_file.ts";
import { printable, printableJson } from "../output/printable.ts";
import { typedParts } from "../output/typed.ts";
import { OUTPUT_FLAG } from "../verify_flags.ts";

/** Version of Kubernetes that is written. */
const KUBERNETES = "1.34.2";

/** Name that is written where none is given. */
const NAME = "casemate";

/**
 * Writes the configuration.
 *
 * @param context The machine.
 * @param id Id of the provider.
 * @param given The flags.
 * @throws {InputError} `input.unknown`, `input.value`, `input.unwritable`, naming the flag.
 */
export async function generateConfig(
  { host }: Context,
  id: string,
  given: Given,
): Promise<void> {
  const provider = known(id, PROVIDERS.map((one) => one.id), "PROVIDER", "provider");
  const found = PROVIDERS.find((one) => one.id === provider);
  if (found === undefined) throw new TypeError(`Cannot find ${provider}`);
  const variant = variantOf(found, given.text("variant"));
  const name = nameOf(given.text("name"));
  const image = given.text("image") ?? "";
  const file = draftConfig(found, { name, variant, kubernetes: KUBERNETES, image });
  const out = given.text("out");
  if (out !== undefined) await writeNew(host, out, file, { flag: "--out" });
  const { terminal } = host;
  if (readFormat(given.text(OUTPUT_FLAG)) === "json") {
    const told = { v: 1, provider, variant, out: out ?? null, file };
    return terminal.out(`${printableJson(told)}\n`);
  }
  if (out === undefined) return terminal.out(file);
  const shown = printable(out);
  const says = `Wrote ${shown}. Fill in what is open, then:`;
  const width = usableWidth(terminal.width);
  const check = typedParts(host.build, [["casemate", "config", "check"], [shown]]);
  const lines = [...bulleted("", [says], { width, indent: "" }), commandLine(check, width)];
  terminal.out(`${lines.join("\n")}\n`);
}

function variantOf({ variants, id }: Provider, wanted: string | undefined): string {
  if (wanted === undefined) return variants[0];
  return known(wanted, variants, "--variant", `variant of ${id}`);
}

function nameOf(given: string | undefined): string {
  const name = given ?? NAME;
  if (/^[a-z](?:[a-z0-9-]{0,35}[a-z0-9])?$/.test(name)) return name;
  const wanted = "at most 37 characters out of a-z, 0-9 and hyphen, a letter first";
  const message = `Cannot use --name ${JSON.stringify(name)}: expected ${wanted}`;
  throw flagError("input.value", message, "--name");
}

function known(word: string, words: readonly string[], flag: string, what: string): string {
  if (words.includes(word)) return word;
  const near = nearest(word, words);
  const hint = near === undefined ? `known are ${words.join(", ")}` : `did you mean ${near}?`;
  const message = `Cannot write a configuration: ${JSON.stringify(word)} is no ${what}; ${hint}`;
  throw flagError("input.unknown", message, flag);
}
