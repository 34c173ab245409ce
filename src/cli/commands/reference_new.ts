/**
 * `casemate reference new VARIANT`: a file of reference values to fill in.
 *
 * @module
 */

import { nearest } from "../../core/decode.ts";
import type { AnyTechnology } from "../../evidence/evidence.ts";
import { technologies } from "../../evidence/registry.ts";
import type { Context } from "../context.ts";
import { readFormat } from "../format.ts";
import { flagError, type Given } from "../input/given.ts";
import { printableJson } from "../output/printable.ts";
import { templateOf } from "../reference/template.ts";
import { OUTPUT_FLAG } from "../verify_flags.ts";

/**
 * Prints the file.
 *
 * @param context The machine.
 * @param name The variant.
 * @param given The flags.
 * @throws {InputError} `input.unknown`, with the nearest variant.
 */
export function printTemplate({ host }: Context, name: string, given: Given): void {
  const technology = technologyOf(name);
  const file = templateOf(technology, host.clock.now());
  const json = readFormat(given.text(OUTPUT_FLAG)) === "json";
  host.terminal.out(json ? `${printableJson({ v: 1, variant: technology.id, file })}\n` : file);
}

function technologyOf(name: string): AnyTechnology {
  const all: readonly AnyTechnology[] = technologies;
  const found = all.find(({ id }) => id === name);
  if (found !== undefined) return found;
  const known = all.map(({ id }) => id);
  const near = nearest(name, known);
  const hint = near === undefined ? `known are ${known.join(", ")}` : `did you mean ${near}?`;
  const message = `Cannot write reference values of ${JSON.stringify(name)}: no such variant`;
  throw flagError("input.unknown", `${message}; ${hint}`, "VARIANT");
}
