/**
 * `casemate manifest show FILE…`: what manifests say.
 *
 * @module
 */

import { readWhole } from "../../policy/policy.ts";
import { technologies } from "../../evidence/registry.ts";
import { exceptionsIn } from "../../policy/settle.ts";
import { saysException } from "../../policy/exception.ts";
import type { Context } from "../context.ts";
import { readFormat } from "../format.ts";
import { FileReader } from "../input/files.ts";
import type { Given } from "../input/given.ts";
import { type ManifestFile, readManifestFiles } from "../manifest/files.ts";
import { type Page, pageOf, rowsOf } from "../manifest/tell.ts";
import { bulleted, labelled } from "../output/layout.ts";
import { printable, printableJson } from "../output/printable.ts";
import { OUTPUT_FLAG } from "../verify_flags.ts";

const UNVERIFIED = "Nothing was verified: casemate manifest verify does, from the cluster's id.";

/**
 * Shows manifests; nothing is verified.
 *
 * @param context The machine.
 * @param paths The files.
 * @param given The flags.
 * @throws {InputError} `manifest.malformed` and those of files.
 */
export async function showManifests(
  context: Context,
  paths: readonly string[],
  given: Given,
): Promise<void> {
  const { terminal, clock } = context.host;
  const files = await readManifestFiles(new FileReader(context.host.files), "FILE", paths);
  if (readFormat(given.text(OUTPUT_FLAG)) === "json") {
    const manifests = files.map(({ name, digest, manifest }) => ({ file: name, digest, manifest }));
    return terminal.out(`${printableJson({ v: 1, verified: false, manifests })}\n`);
  }
  const page = pageOf(context);
  const lines = files.flatMap((file) => [...manifestLines(file, page, clock.now()), ""]);
  const last = bulleted("", [UNVERIFIED], { width: page.width, indent: "" });
  terminal.out(`${[...lines, ...last].join("\n")}\n`);
}

function manifestLines(file: ManifestFile, { width, style }: Page, now: Date): readonly string[] {
  const { policy } = file.manifest;
  const whole = readWhole(policy, technologies, file.name, now);
  const { marks, plain, read, decoder } = whole;
  const exceptions = exceptionsIn(read, decoder, { given: plain, marks, now });
  return [
    style.bold(printable(file.name)),
    ...labelled(rowsOf(file).map(([name, text]) => [name, printable(text)] as const), {
      width,
      indent: "  ",
      label: style.dim,
    }),
    ...exceptions.flatMap((exception) =>
      bulleted("! ", [printable(saysException(exception))], { width, indent: "  " })
    ).map(style.warn),
  ];
}
