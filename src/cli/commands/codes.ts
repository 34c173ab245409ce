/**
 * `casemate codes [CODE]`: what a code means and what to do about it.
 *
 * @module
 */

import { type CodeEntry, EXIT_CODE_OF_CLASS } from "../../core/code_entry.ts";
import { nearest } from "../../core/decode.ts";
import { allCodes } from "../code_table.ts";
import type { Context, Format } from "../context.ts";
import { flagError } from "../input/given.ts";
import { labelled, usableWidth } from "../output/layout.ts";
import { printableJson } from "../output/printable.ts";
import { styleOf } from "../output/style.ts";

/**
 * Explains one code, or lists all.
 *
 * @param context The machine.
 * @param code The code; undefined lists all.
 * @param format Form of the answer.
 * @throws {InputError} `input.unknown`, with the nearest code.
 */
export function explainCodes({ host }: Context, code: string | undefined, format: Format): void {
  const codes = allCodes();
  const { terminal } = host;
  const chosen = code === undefined ? [...codes] : [[code, entryOf(code, codes)] as const];
  if (format === "json") {
    return terminal.out(
      `${printableJson({ v: 1, codes: chosen.map(([name, entry]) => asData(name, entry)) })}\n`,
    );
  }
  const width = usableWidth(terminal.width);
  const style = styleOf(terminal.colour);
  const lines = chosen.flatMap(([name, entry]) =>
    code === undefined ? labelled([[name.padEnd(30), entry.says]], { width, indent: "" }) : [
      style.bold(name),
      ...labelled(explanation(entry), { width, indent: "  ", label: style.dim }),
    ]
  );
  terminal.out(`${lines.join("\n")}\n`);
}

function entryOf(code: string, codes: ReadonlyMap<string, CodeEntry>): CodeEntry {
  const entry = codes.get(code);
  if (entry !== undefined) return entry;
  const near = nearest(code, [...codes.keys()]);
  const hint = near === undefined ? "`casemate codes` lists them" : `did you mean ${near}?`;
  throw flagError(
    "input.unknown",
    `Cannot explain ${JSON.stringify(code)}: no such code; ${hint}`,
    "CODE",
  );
}

function explanation(entry: CodeEntry): readonly (readonly [string, string])[] {
  return [
    ["means", entry.says],
    ["what to do", entry.remedy],
    ["exit code", `${EXIT_CODE_OF_CLASS[entry.class]} (${entry.class})`],
    ...(entry.check === null ? [] : [["check", entry.check] as const]),
  ];
}

function asData(code: string, entry: CodeEntry): object {
  return { code, exitCode: EXIT_CODE_OF_CLASS[entry.class], ...entry };
}
