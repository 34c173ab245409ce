/**
 * `casemate reference check FILE`: reads reference values as a verification
 * does, and tells what is doubtful about them.
 *
 * @module
 */

import { EXIT_CODE_OF_CLASS } from "../../core/code_entry.ts";
import { technologies } from "../../evidence/registry.ts";
import { lintReference, type ReferenceWarning } from "../../policy/reference/lint.ts";
import type { Context } from "../context.ts";
import { readFormat } from "../format.ts";
import { fileName } from "../input/files.ts";
import type { Given } from "../input/given.ts";
import { bulleted, labelled, usableWidth } from "../output/layout.ts";
import { printableData, printableJson } from "../output/printable.ts";
import { styleOf } from "../output/style.ts";
import { type OpenedReference, openReference, saysSigner } from "../reference/open.ts";
import { OUTPUT_FLAG } from "../verify_flags.ts";

/**
 * Checks a file.
 *
 * @param context The machine.
 * @param path Path; `-` is standard input.
 * @param given The flags.
 * @throws {InputError} where a verification would not take it.
 * @throws {RejectedError} `dsse.*` where it is not signed by the owner.
 */
export async function checkReference(
  context: Context,
  path: string,
  given: Given,
): Promise<void> {
  const { terminal, clock } = context.host;
  const opened = await openReference(context, path, given);
  const warnings = lintReference(opened.document, technologies, clock.now());
  if (given.has("strict") && warnings.length > 0) context.finish(EXIT_CODE_OF_CLASS.input);
  if (readFormat(given.text(OUTPUT_FLAG)) === "json") {
    return terminal.out(`${printableJson(asData(opened, warnings))}\n`);
  }
  const width = usableWidth(terminal.width);
  const style = styleOf(terminal.colour);
  const told = printableData({ warnings, name: fileName(path), signer: saysSigner(opened.file) });
  const rows = [["signed by", told.signer], ["digest", opened.digest]] as const;
  const doubts = bulleted("! ", told.warnings.map(inWords), { width, indent: "" });
  const lines = [
    ...bulleted("", [`${told.name}: ${countOf(opened)}, well formed`], { width, indent: "" }),
    ...labelled(rows, { width, indent: "  ", label: style.dim }),
    ...doubts.map(style.warn),
    ...(doubts.length === 0 ? ["  nothing doubtful"] : []),
  ];
  terminal.out(`${lines.join("\n")}\n`);
}

function asData(
  { document, digest, file }: OpenedReference,
  warnings: readonly ReferenceWarning[],
): object {
  const owner = file.kind === "signed" ? file.reference.owner : null;
  const { release, sets } = document;
  return { v: 1, release, digest, owner, sets: sets.map(({ name }) => name), warnings };
}

function countOf({ document: { sets } }: OpenedReference): string {
  return sets.length === 1 ? "one set" : `${sets.length} sets`;
}

/** A doubt with its place. */
function inWords({ set, variant, key, says }: ReferenceWarning): string {
  const where = [
    ...(set === null ? [] : [`set ${set}`]),
    ...(variant === null ? [] : [key === null ? variant : `${variant}.${key}`]),
  ].join(", ");
  return where === "" ? says : `${where}: ${says}`;
}
