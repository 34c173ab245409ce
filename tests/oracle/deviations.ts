/**
 * How two verifiers end with the same cases, held against a list of known
 * differences: any other fails, and so does an entry that no case meets.
 *
 * @module
 */

import assert from "node:assert/strict";

/** How a case ended with both. */
export interface Ends {
  /** Name of the case. */
  readonly name: string;
  /** `accepted`, with what was established where both say so; or the code. */
  readonly ours: string;
  /** The same, or the message. */
  readonly theirs: string;
}

/** A known difference; each field but the last is what a case must meet. */
export interface Deviation {
  /** Name of the oracle. */
  readonly oracle: string;
  /** Regular expression of names of cases. */
  readonly cases: string;
  /** Regular expression of all of our end. */
  readonly ours: string;
  /** Words of their end. */
  readonly theirs: string;
  /** Why both differ, and who is right. */
  readonly why: string;
}

/** What is compared. */
export interface Comparison {
  /** Name of the oracle. */
  readonly oracle: string;
  /** How the cases ended. */
  readonly ends: readonly Ends[];
  /** Entries of this oracle that may explain a difference. */
  readonly listed: readonly Deviation[];
  /** Those of them that must be met. */
  readonly expected: readonly Deviation[];
  /** Least number of cases that both accept: a comparison of refusals alone would prove little. */
  readonly leastAccepted: number;
}

/** Most unexplained cases that are shown. */
const MOST_SHOWN = 50;

/** Whether both end alike: two refusals do, whatever they say. */
export function alike({ ours, theirs }: Ends): boolean {
  return isAccepted(ours) ? ours === theirs : !isAccepted(theirs);
}

function isAccepted(end: string): boolean {
  return end.startsWith("accepted");
}

/** Fails where a difference is not explained, or an explanation not needed; tells the figures. */
export function assertListed(
  { oracle, ends, listed, expected, leastAccepted }: Comparison,
): void {
  const differ = ends.filter((end) => !alike(end));
  const tests = listed.map(tester);
  const unexplained = differ.filter((end) => !tests.some((explains) => explains(end)));
  assert.deepEqual(unexplained.slice(0, MOST_SHOWN), [], `${unexplained.length} are not explained`);
  const stale = expected.filter((one) => !differ.some(tester(one)));
  assert.deepEqual(stale, [], "these are not met any more");
  const accepted = ends.filter((end) => alike(end) && isAccepted(end.ours)).length;
  assert.ok(accepted >= leastAccepted, `both accept ${accepted} cases`);
  const panicked = ends.filter(({ theirs }) => theirs.startsWith("panicked")).length;
  console.log(
    `${ends.length} cases: both accept ${accepted}, both refuse ` +
      `${ends.length - accepted - differ.length}, ` +
      `${differ.length} explained deviations, ${oracle} panicked at ${panicked}`,
  );
}

/**
 * How many cases each entry explains; a case that several explain counts for the first.
 *
 * @param listed The entries.
 * @param ends How the cases ended.
 */
export function tally(listed: readonly Deviation[], ends: readonly Ends[]): readonly number[] {
  const tests = listed.map(tester);
  const first = ends.filter((end) => !alike(end))
    .map((end) => tests.findIndex((explains) => explains(end)));
  return listed.map((_, i) => first.filter((found) => found === i).length);
}

function tester({ cases, ours, theirs }: Deviation): (end: Ends) => boolean {
  const [names, own] = [new RegExp(cases), new RegExp(`^(?:${ours})$`)];
  return (end) => own.test(end.ours) && end.theirs.includes(theirs) && names.test(end.name);
}
