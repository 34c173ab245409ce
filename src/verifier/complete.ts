/**
 * Completes evidence with what vendors hand out for it: own collateral goes
 * before what the evidence brought. `examine` itself asks nobody.
 *
 * @module
 */

import { InputError, RejectedError, type UnavailableError } from "../core/errors.ts";
import type { Collateral, CollateralTerms } from "../collateral/collateral.ts";
import type { CollateralItem, CollateralQuestion } from "../evidence/collateral.ts";
import type { FileInput, FilesByRole } from "../evidence/evidence.ts";
import type { CollateralUsed } from "../results/result.ts";
import { choicesOf } from "./complete_files.ts";
import { type Outcome, resolver } from "./complete_item.ts";
import { inSeries } from "./complete_series.ts";

/** Most rounds: a leaf that is got can say what else is needed, and that says all. */
const MAX_ROUNDS = 3;

/** Something that was not to be had from anybody. */
export interface CollateralMissing {
  /** Its key. */
  readonly key: string;
  /** What it is, for a person. */
  readonly title: string;
  /** Why: `collateral.*`, the source's own reason in `fields`. */
  readonly error: UnavailableError;
}

/** Evidence with what it needs beside itself. */
export interface CompletedFiles {
  /** Files by role, for the request. */
  readonly files: FilesByRole;
  /** What came from where; for the request as well, so that the result says it. */
  readonly used: readonly CollateralUsed[];
  /** What was not to be had. Where a verdict needs it, it is `unavailable`. */
  readonly missing: readonly CollateralMissing[];
}

/** What of a technology completing takes. */
export interface Completable {
  /** What it takes. */
  readonly files: readonly FileInput[];
  /** Takes files by role; refuses missing and superfluous ones. */
  readonly readFiles: (files: FilesByRole) => unknown;
  /** Says what its evidence needs; absent where it needs nothing that can be fetched. */
  readonly collateral?: (question: CollateralQuestion) => Promise<readonly CollateralItem[]>;
}

/** What the caller knows about what is asked for, beside the evidence. */
export type CompleteOptions = Pick<CollateralQuestion, "tcbRecovery" | "onThisMachine">;

/**
 * Gets what evidence needs, and puts it in place of what the evidence brought.
 *
 * Where a source has nothing to give, the evidence's own file stays. One that can
 * change does so only where it is established, no older than what was seen, and
 * issued no longer ago than the source's `maxAge`; else it is left out, as if it had not come.
 *
 * @param technology Technology of the evidence.
 * @param files Its files, by role.
 * @param collateral Where to get it.
 * @param terms Engine, time of the verification, lab roots.
 * @param options What else decides what is asked for.
 * @throws {UnavailableError} `collateral.*` where nothing at all can be verified without it.
 * @throws {InputError} where the evidence does not say what it needs.
 */
export async function completeFiles(
  technology: Completable,
  files: FilesByRole,
  collateral: Collateral,
  terms: CollateralTerms,
  options: CompleteOptions = {},
): Promise<CompletedFiles> {
  const resolve = resolver(files, collateral, terms);
  const outcomes = new Map<string, Outcome>();
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const [now] = choicesOf(technology, files, [...outcomes.values()]);
    const question = { engine: terms.engine, files: now ?? files, ...options };
    const items = await needsOf(technology, question);
    const further = items.filter(({ key }) => !outcomes.has(key));
    if (further.length === 0) break;
    for (const item of further) outcomes.set(item.key, await resolve(item));
  }
  return settled(technology, files, await inSeries([...outcomes.values()], resolve));
}

/** Of evidence that is none nothing is needed: it will be refused, with the reason. */
async function needsOf(
  technology: Completable,
  question: CollateralQuestion,
): Promise<readonly CollateralItem[]> {
  try {
    return await technology.collateral?.(question) ?? [];
  } catch (error) {
    if (error instanceof RejectedError) return [];
    throw error;
  }
}

/** Half of what some technology takes only whole is none: then what the evidence has counts, or nothing. */
function settled(
  technology: Completable,
  files: FilesByRole,
  outcomes: readonly Outcome[],
): CompletedFiles {
  const missing = outcomes.flatMap(({ item: { key, title }, error }) =>
    error === null ? [] : [{ key, title, error }]
  );
  const used = outcomes.flatMap((outcome) => outcome.used === null ? [] : [outcome.used]);
  const [all = files, ...lesser] = choicesOf(technology, files, outcomes);
  const [first] = missing;
  if (first === undefined || isTaken(technology, all)) return { files: all, used, missing };
  const other = lesser.find((choice) => isTaken(technology, choice));
  if (other === undefined) throw first.error;
  return { files: other, used: [], missing };
}

function isTaken(technology: Completable, files: FilesByRole): boolean {
  try {
    technology.readFiles(files);
    return true;
  } catch (error) {
    if (error instanceof InputError) return false;
    throw error;
  }
}
