/**
 * `casemate audit report FILE`: draws an audit bundle as a page.
 *
 * @module
 */

import { openBundle } from "../audit/open.ts";
import { auditLine } from "../audit/same_check.ts";
import { writePage } from "../audit/write.ts";
import { OUT_FLAG } from "../audit/flags.ts";
import type { Context } from "../context.ts";
import { exitCodeOf } from "../exit_codes.ts";
import { readFormat } from "../format.ts";
import { flagError, type Given } from "../input/given.ts";
import { printable, printableJson } from "../output/printable.ts";
import { OUTPUT_FLAG } from "../verify_flags.ts";

/**
 * Verifies a bundle again and writes a page; the exit code is that of the result.
 *
 * @param context The machine.
 * @param path Path; `-` is standard input.
 * @param given The flags.
 * @throws {InputError} naming the argument or the flag to look at.
 * @throws {RejectedError} `audit.differs` and others where the bundle is not confirmed: nothing is drawn then.
 */
export async function reportAudit(context: Context, path: string, given: Given): Promise<void> {
  const out = given.text(OUT_FLAG);
  const flag = `--${OUT_FLAG}`;
  if (out === undefined) {
    throw flagError("input.missing", `Cannot draw a report: give ${flag} FILE`, flag);
  }
  const { result, technology, word } = await openBundle(context, path, given);
  const commands = [auditLine(path, result.digests.policy)];
  await writePage(context.host, { flag, path: out }, result, { technology, word, commands });
  context.finish(exitCodeOf(result));
  const { terminal } = context.host;
  const verdict = result.verdict ?? result.outcome;
  terminal.out(
    readFormat(given.text(OUTPUT_FLAG)) === "json"
      ? `${printableJson({ v: 1, report: out, verdict })}\n`
      : `Wrote ${printable(out)}, a report of a verification that ended ${verdict}.\n`,
  );
}
