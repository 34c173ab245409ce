/**
 * What came of each of several things, told together: one that failed hides none of the others.
 *
 * @module
 */

import type { Obtained } from "../../collateral/collateral.ts";
import { EXIT_CODE_OF_CLASS } from "../../core/code_entry.ts";
import { CasemateError } from "../../core/errors.ts";
import type { CollateralItem } from "../../evidence/collateral.ts";
import { itemOfKey } from "../../evidence/collateral_items.ts";
import { allCodes } from "../code_table.ts";
import type { Context } from "../context.ts";
import { readFormat } from "../format.ts";
import type { Given } from "../input/given.ts";
import { bulleted, labelled, usableWidth } from "../output/layout.ts";
import { printableData, printableJson } from "../output/printable.ts";
import { sign, styleOf } from "../output/style.ts";
import { OUTPUT_FLAG } from "../verify_flags.ts";
import { originText } from "./origin.ts";
import { spanOf } from "./written.ts";

/** A thing that was not to be had. */
interface Failed {
  readonly key: string;
  readonly title: string;
  readonly error: CasemateError;
}

/** What came of one thing. */
export type Outcome =
  | { readonly key: string; readonly title: string; readonly got: Obtained }
  | Failed;

/**
 * Does something with each of several things.
 *
 * @param items The things; one that is there twice is done once.
 * @param work What is done; an error of it is kept, a mistake is thrown.
 */
export async function eachOf(
  items: readonly CollateralItem[],
  work: (item: CollateralItem) => Promise<Obtained>,
): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const [key, item] of new Map(items.map((one) => [one.key, one]))) {
    outcomes.push(await outcomeOf(key, item.title, () => work(item)));
  }
  return outcomes;
}

/**
 * Does something with one thing.
 *
 * @param key Its key.
 * @param title Its title.
 * @param work What is done; an error of it is kept, a mistake is thrown.
 */
export async function outcomeOf(
  key: string,
  title: string,
  work: () => Promise<Obtained>,
): Promise<Outcome> {
  try {
    const got = await work();
    return { key: got.key, title: got.title, got };
  } catch (error) {
    if (!(error instanceof CasemateError)) throw error;
    return { key, title, error };
  }
}

/**
 * Tells what came of it all and sets the exit code: that of the first failure, the worst first.
 *
 * @param context The machine.
 * @param given The flags.
 * @param outcomes What came of each.
 * @param says What has been done, for a person, as `are kept in DIR`.
 */
export function tellOutcomes(
  context: Context,
  given: Given,
  outcomes: readonly Outcome[],
  says: string,
): void {
  const { terminal, clock } = context.host;
  context.finish(exitCodeOfAll(outcomes));
  if (readFormat(given.text(OUTPUT_FLAG)) === "json") {
    return terminal.out(`${printableJson({ v: 1, items: outcomes.map(jsonOf) })}\n`);
  }
  const style = styleOf(terminal.colour);
  const width = usableWidth(terminal.width);
  const lines = outcomes.flatMap((outcome) => {
    const [first = "", ...more] = bulleted("", [outcome.title], { width: width - 2, indent: "" });
    const mark = sign("got" in outcome ? "match" : "mismatch", style);
    return [
      `${mark} ${style.bold(first)}`,
      ...more.map((line) => `  ${style.bold(line)}`),
      ...labelled(rowsOf(outcome, outcomes, clock.now()), {
        width,
        indent: "  ",
        label: style.dim,
      }),
    ];
  });
  const good = outcomes.filter((outcome) => "got" in outcome).length;
  const total = `${good} of ${outcomes.length} ${says}`;
  terminal.out([...lines, "", ...bulleted("", [total], { width, indent: "" }), ""].join("\n"));
}

function rowsOf(
  given: Outcome,
  all: readonly Outcome[],
  now: Date,
): readonly (readonly [string, string])[] {
  if ("error" in given) {
    const first = waitsFor(given, all);
    if (first !== undefined) return printableData([["waits for", first.title]]);
    if (isSameFailure(given.error, all[all.indexOf(given) - 1])) {
      return [["failed", "for the same reason"]];
    }
    const { message, code } = given.error;
    const remedy = allCodes().get(code)?.remedy;
    return printableData([
      ["failed", message],
      ...(remedy === undefined ? [] : [["do", remedy] as const]),
      ["code", code],
    ]);
  }
  const { from, source, confirmed, content, stale } = given.got;
  return printableData([
    ["from", originText(from, source)],
    ["confirmed", `${spanOf(confirmed, now)} ago`],
    ["holds until", content.expires.toISOString()],
    ...(stale === null ? [] : [["not renewed", stale] as const]),
  ]);
}

/** What failed before it and had to be had first, as the chain before the list below it. */
function waitsFor(given: Failed, all: readonly Outcome[]): Outcome | undefined {
  const needed = itemOfKey(given.key)?.needs ?? [];
  return all.find((one) =>
    needed.some(({ key }) => key === one.key) && isSameFailure(given.error, one)
  );
}

/** Where a service does not answer, nothing of it is to be had. */
function isSameFailure({ message, code }: CasemateError, before: Outcome | undefined): boolean {
  return before !== undefined && "error" in before && before.error.message === message &&
    before.error.code === code;
}

function jsonOf(outcome: Outcome): object {
  const { key, title } = outcome;
  if ("error" in outcome) {
    const { code, message, fields } = outcome.error;
    return { key, title, error: { code, message, fields } };
  }
  const { from, source, confirmed, content, stale } = outcome.got;
  const { issued, expires, sequence } = content;
  return {
    key,
    title,
    from,
    source,
    issued: issued.toISOString(),
    expires: expires.toISOString(),
    confirmed: confirmed.toISOString(),
    sequence,
    stale,
  };
}

/** A refusal is worse than what was not to be had, and a wrong input is neither. */
function exitCodeOfAll(outcomes: readonly Outcome[]): number {
  const codes = outcomes.flatMap((one) => "error" in one ? [exitCodeOfError(one.error)] : []);
  return [3, 2, 4].find((code) => codes.includes(code)) ?? codes[0] ?? 0;
}

function exitCodeOfError({ code }: CasemateError): number {
  const entry = allCodes().get(code);
  return entry === undefined ? 3 : EXIT_CODE_OF_CLASS[entry.class];
}
