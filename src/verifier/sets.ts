/**
 * Sets of reference values: evidence is held against each of them whole, and
 * meets one of them or none. Values of two sets are never mixed.
 *
 * @module
 */

import type { Finding, Root } from "../evidence/finding.ts";
import type { Result } from "../results/result.ts";
import type { ReferenceUsed } from "../results/result.ts";
import type { Candidate, Reference } from "./reference.ts";
import type { Decision } from "./verdict.ts";

/** What came of one set. */
export interface Judged {
  /** The set. */
  readonly candidate: Candidate;
  /** All findings. */
  readonly findings: readonly Finding[];
  /** What they come to. */
  readonly decision: Decision;
}

/** From worst to best. */
const ORDER: readonly (Result["verdict"])[] = [
  "rejected",
  "unavailable",
  "platform-only",
  "lab-trusted",
  "trusted",
];

/**
 * The set that evidence is told by: the one with the best verdict, of these the
 * one with the fewest required checks that failed, then the fewest that were not
 * done; of equals the first.
 *
 * @param all What came of each.
 */
export function bestOf([first, ...more]: readonly [Judged, ...Judged[]]): Judged {
  return more.reduce((best, one) => isBetter(one, best) ? one : best, first);
}

function isBetter(one: Judged, other: Judged): boolean {
  const [mine, theirs] = [ranksOf(one), ranksOf(other)];
  const at = mine.findIndex((rank, i) => rank !== theirs[i]);
  return at >= 0 && (mine[at] ?? 0) > (theirs[at] ?? 0);
}

/** What counts first stands first; more is better. */
function ranksOf({ decision, findings }: Judged): readonly number[] {
  const count = (kind: Finding["kind"]): number =>
    findings.filter((finding) => finding.required && finding.kind === kind).length;
  return [ORDER.indexOf(decision.verdict), -count("mismatch"), -count("unchecked")];
}

/**
 * Judges whether the evidence meets a named set: whether nothing differs, and
 * nothing is left open, that would not be without the set.
 *
 * @param reference The reference values.
 * @param candidate The set.
 * @param findings What was judged with it, and what without any set.
 * @param root Whose word the evidence rests on.
 */
export function setFindings(
  { candidates }: Reference,
  { set }: Candidate,
  findings: { readonly withSet: readonly Finding[]; readonly without: readonly Finding[] },
  root: Root,
): readonly Finding[] {
  if (set === null) return [];
  const kind = (["mismatch", "unchecked"] as const).find((bad) => isOfSet(bad, findings)) ??
    "match";
  return [{
    id: "reference.set",
    title: "Set of reference values",
    link: "guest",
    kind,
    required: true,
    expected: candidates.map((candidate) => candidate.set).join(" or "),
    actual: {
      "match": set,
      "unchecked": `${set}, not all of it checked`,
      "mismatch": candidates.length === 1 ? "not met" : `none of them, nearest is ${set}`,
    }[kind],
    root,
    source: "reference values",
    code: SET_CODES[kind],
  }];
}

const SET_CODES = {
  "match": null,
  "unchecked": "reference.set_open",
  "mismatch": "reference.set_not_met",
} as const;

/** Whether a check comes out so with the set alone. */
function isOfSet(
  kind: Finding["kind"],
  { withSet, without }: {
    readonly withSet: readonly Finding[];
    readonly without: readonly Finding[];
  },
): boolean {
  const is = (finding: Finding): boolean => finding.required && finding.kind === kind;
  return withSet.some((one) =>
    is(one) && !without.some((other) => other.id === one.id && is(other))
  );
}

/** How far clocks may differ: whoever issued the values may have one that is ahead. */
const CLOCK_SKEW_MS = 10 * 60 * 1000;

/**
 * Judges whether the reference values are in force, where they say when they are.
 *
 * @param reference The reference values.
 * @param now Moment of the verification.
 * @param root Whose word the evidence rests on.
 */
export function timeFindings(
  { document: { issued, notAfter } }: Reference,
  now: Date,
  root: Root,
): readonly Finding[] {
  if (issued === null) return [];
  const early = now.getTime() < Date.parse(issued) - CLOCK_SKEW_MS;
  const late = notAfter !== null && now.getTime() > Date.parse(notAfter);
  return [{
    id: "reference.time",
    title: "Reference values in force",
    link: "files",
    kind: early || late ? "mismatch" : "match",
    required: true,
    expected: notAfter === null ? `from ${issued} on` : `from ${issued} to ${notAfter}`,
    actual: now.toISOString(),
    root,
    source: "reference values",
    code: early ? "reference.future" : late ? "reference.expired" : null,
  }];
}

/**
 * What a result says of the reference values that it was reached with.
 *
 * @param reference The reference values; null where there were none.
 * @param candidate The set that was held against the evidence.
 */
export function usedReference(
  reference: Reference | null,
  { set, origins }: Candidate,
): ReferenceUsed | null {
  if (reference === null) return null;
  return { release: reference.document.release, set, owner: reference.owner, origins };
}

/**
 * Values that nobody could predict, to be said before the verdict.
 *
 * @param candidate The set that was held against the evidence.
 */
export function observedWarnings({ set, origins }: Candidate): readonly string[] {
  const keys = new Set(origins.filter(({ known }) => known === "observed").map(({ key }) => key));
  if (keys.size === 0) return [];
  const whose = set === null ? "Reference values" : `Reference values of ${set}`;
  const listed = [...keys].join(", ");
  return [
    `${whose} were observed, not computed (${listed}): whoever ran that machine then chose them`,
  ];
}
