/**
 * Things that hold only together, as the documents of one TCB recovery. Each is
 * kept by itself, so that one can be of before a recovery and the other of after.
 *
 * @module
 */

import { equal, isBytes } from "../core/bytes.ts";
import { failureOf } from "../collateral/failures.ts";
import type { CollateralContent, CollateralItem } from "../evidence/collateral.ts";
import type { Outcome } from "./complete_item.ts";

/** Time within which two things count as got at once, ms. */
const AT_ONCE = 600_000;

/** Gets a thing again, from its source. */
export type Again = (item: CollateralItem, refresh: true) => Promise<Outcome>;

/** A thing that there is. */
type Had = Outcome & { readonly content: CollateralContent };

/**
 * Brings what is not in step into step: what was kept is asked for again, and
 * what is then still of an older number is as good as absent, since a vendor's
 * timing says nothing about the evidence.
 *
 * @param outcomes What came of each thing.
 * @param again Asks again.
 */
export async function inSeries(
  outcomes: readonly Outcome[],
  again: Again,
): Promise<readonly Outcome[]> {
  const names = new Set(outcomes.flatMap(({ item }) => item.series ?? []));
  let settled = outcomes;
  for (const name of names) settled = await stepOf(name, settled, again);
  return settled;
}

async function stepOf(
  name: string,
  outcomes: readonly Outcome[],
  again: Again,
): Promise<readonly Outcome[]> {
  const members = outcomes.filter(isHad).filter(({ item }) => item.series === name);
  if (members.every((one) => isBeside(one, members[0]))) return outcomes;
  const anew = new Map<string, Outcome>();
  for (const { item, used } of members) {
    if (used?.from === "cache") anew.set(item.key, await again(item, true));
  }
  const now = outcomes.map((one) => anew.get(one.item.key) ?? one);
  const newest = newestOf(now.filter(isHad).filter(({ item }) => item.series === name));
  return now.map((one) => one.item.series === name && isBehind(one, newest) ? behind(one) : one);
}

function isHad(outcome: Outcome): outcome is Had {
  return outcome.content !== null;
}

/** Of one number, and with the same certificates; where those differ although both were got at one time, asking again is of no use. */
function isBeside(one: Had, other: Had | undefined): boolean {
  if (other === undefined) return true;
  if (one.content.sequence !== other.content.sequence) return false;
  return Math.abs(confirmedAt(one) - confirmedAt(other)) <= AT_ONCE || hasSameFiles(one, other);
}

/** What only the evidence has is confirmed never, and asking would not change that. */
function confirmedAt({ used }: Had): number {
  return Date.parse(used?.confirmed ?? "1970-01-01T00:00:00Z");
}

function hasSameFiles({ content: { files } }: Had, other: Had): boolean {
  return Object.entries(files).every(([role, file]) => {
    const its = other.content.files[role];
    return !isBytes(file) || !isBytes(its) || equal(file, its);
  });
}

function newestOf(members: readonly Had[]): bigint {
  const numbers = members.map(({ content }) => BigInt(content.sequence ?? 0));
  return numbers.reduce((a, b) => a > b ? a : b, 0n);
}

function isBehind({ content }: Outcome, newest: bigint): boolean {
  return content !== null && BigInt(content.sequence ?? 0) < newest;
}

function behind({ item }: Outcome): Outcome {
  const reason = "it is of an older recovery than what it is verified with";
  const error = failureOf(item, { code: "collateral.outdated", reason });
  return { item, content: null, dropped: item.roles, used: null, error };
}
