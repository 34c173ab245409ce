/**
 * `casemate audit verify FILE`: comes to the result of an audit bundle again.
 *
 * @module
 */

import { openBundle, type Opened } from "../audit/open.ts";
import { allCodes } from "../code_table.ts";
import type { Context } from "../context.ts";
import { exitCodeOf } from "../exit_codes.ts";
import { readFormat } from "../format.ts";
import type { Given } from "../input/given.ts";
import { bulleted, usableWidth } from "../output/layout.ts";
import { printableData, printableJson } from "../output/printable.ts";
import { styleOf } from "../output/style.ts";
import { renderResult } from "../output/verdict.ts";
import { OUTPUT_FLAG } from "../verify_flags.ts";

/**
 * Verifies a bundle again and tells what came of it; the exit code is that of the result.
 *
 * @param context The machine.
 * @param path Path; `-` is standard input.
 * @param given The flags.
 * @throws {InputError} naming the argument or the flag to look at.
 * @throws {RejectedError} `audit.differs` and others where the bundle is not confirmed.
 */
export async function verifyAudit(context: Context, path: string, given: Given): Promise<void> {
  const opened = await openBundle(context, path, given);
  const { result, bundle, technology, word, at, difference } = opened;
  const { terminal } = context.host;
  context.finish(exitCodeOf(result));
  if (readFormat(given.text(OUTPUT_FLAG)) === "json") {
    const written = { casemate: bundle.casemate, time: bundle.request.time };
    const same = difference === null;
    return terminal.out(
      `${printableJson({ v: 1, same, bundle: written, at: at ?? null, word, result })}\n`,
    );
  }
  terminal.out(headOf(opened, context));
  terminal.out(renderResult(result, { technology, codes: allCodes(), terminal }));
  terminal.out(wordLines(word, context));
}

function headOf({ bundle, at, result }: Opened, { host: { terminal } }: Context): string {
  const { casemate, request, result: before } = printableData(bundle);
  const verdict = result.verdict ?? result.outcome;
  const then = String(before["verdict"] ?? before["outcome"]);
  const says = at === undefined
    ? `Confirmed: verified again, the evidence comes to the result in the bundle, byte for byte. It was written by casemate ${casemate}.`
    : `Judged for another moment than the bundle's own: there it was ${then} for ${request.time}, here it is ${verdict}.`;
  return lines([says], "", terminal) + "\n";
}

function wordLines(word: readonly string[], { host: { terminal } }: Context): string {
  if (word.length === 0) return "";
  const { bold } = styleOf(terminal.colour);
  const title = bold("Only the word of who wrote the bundle");
  return `\n${title}\n${lines(printableData(word), "  ! ", terminal)}`;
}

function lines(
  texts: readonly string[],
  bullet: string,
  { width }: Context["host"]["terminal"],
): string {
  const set = bulleted(bullet, texts, { width: usableWidth(width), indent: "" });
  return `${set.join("\n")}\n`;
}
