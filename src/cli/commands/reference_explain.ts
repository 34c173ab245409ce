/**
 * `casemate reference explain FILE`: says what reference values accept.
 *
 * @module
 */

import { inShort } from "../../policy/exception.ts";
import type { ReferenceDocument, ReferenceSet } from "../../policy/reference/document.ts";
import type { KeyValues } from "../../policy/reference/section.ts";
import type { Context } from "../context.ts";
import { readFormat } from "../format.ts";
import { fileName } from "../input/files.ts";
import type { Given } from "../input/given.ts";
import { bulleted, labelled, usableWidth } from "../output/layout.ts";
import { printableData, printableJson } from "../output/printable.ts";
import { type Style, styleOf } from "../output/style.ts";
import { type OpenedReference, openReference, saysSigner } from "../reference/open.ts";
import { OUTPUT_FLAG } from "../verify_flags.ts";

/**
 * Explains a file.
 *
 * @param context The machine.
 * @param path Path; `-` is standard input.
 * @param given The flags.
 * @throws {InputError} where a verification would not take it.
 * @throws {RejectedError} `dsse.*` where it is not signed by the owner.
 */
export async function explainReference(
  context: Context,
  path: string,
  given: Given,
): Promise<void> {
  const { terminal } = context.host;
  const opened = await openReference(context, path, given);
  const told = asData(opened);
  if (readFormat(given.text(OUTPUT_FLAG)) === "json") {
    return terminal.out(`${printableJson(told)}\n`);
  }
  const page = { width: usableWidth(terminal.width), style: styleOf(terminal.colour) };
  const name = opened.document.release ?? fileName(path);
  const lines = [
    ...bulleted("", printableData([name]), { width: page.width, indent: "" }).map(page.style.bold),
    ...labelled(printableData(headRows(opened)), { ...page, indent: "  ", label: page.style.dim }),
    ...opened.document.sets.flatMap((set) => setLines(set, page)),
  ];
  terminal.out(`${lines.join("\n")}\n`);
}

function headRows(
  { document, digest, file }: OpenedReference,
): readonly (readonly [string, string])[] {
  const { issued, notAfter, sets } = document;
  const state = sets.length === 1 ? "one state" : `${sets.length} states; one must be met whole`;
  return [
    ...(issued === null ? [] : [["in force", `from ${issued} ${endOf(notAfter)}`] as const]),
    ["accepts", state],
    ["signed by", saysSigner(file)],
    ["digest", digest],
  ];
}

function endOf(notAfter: string | null): string {
  return notAfter === null ? "on, without end" : `to ${notAfter}`;
}

interface Page {
  readonly width: number;
  readonly style: Style;
}

function setLines({ name, sections }: ReferenceSet, { width, style }: Page): readonly string[] {
  const head = name === null ? [] : ["", style.bold(printableData(`Set ${name}`))];
  return [
    ...head,
    ...[...sections].flatMap(([variant, section]) => [
      ...(name === null ? [""] : []),
      `  ${variant}`,
      ...labelled(printableData(section.flatMap(rowsOf)), {
        width,
        indent: "    ",
        label: style.dim,
      }),
    ]),
  ];
}

/** One row for each value of a key. */
function rowsOf({ key, values }: KeyValues): readonly (readonly [string, string])[] {
  return values.map(({ known, from, value }, at) => {
    const origin = from === null ? known : `${known} from ${from}`;
    return [at === 0 ? key : "", `${inShort(value)} (${origin})`];
  });
}

function asData({ document, digest, file }: OpenedReference): object {
  const { release, issued, notAfter, sets } = document;
  const owner = file.kind === "signed" ? file.reference.owner : null;
  return { v: 1, release, issued, notAfter, digest, owner, sets: sets.map(setData) };
}

function setData({ name, sections }: ReferenceDocument["sets"][number]): object {
  const variants = [...sections].map(([id, section]) =>
    [id, Object.fromEntries(section.map(({ key, values }) => [key, values]))] as const
  );
  return { name, variants: Object.fromEntries(variants) };
}
