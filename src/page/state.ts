/**
 * What was given to the page, and what is to be judged by.
 *
 * @module
 */

import type { Candidate, Heap, NamedFile } from "../recognise/mod.ts";

/** What is to be judged by; text as it was typed. */
export interface Terms {
  /** What the evidence must answer: a nonce, report data, both, or nothing. */
  readonly question: "none" | "nonce" | "data" | "both";
  /** Nonce, hex. */
  readonly nonce: string;
  /** Report data, hex. */
  readonly data: string;
  /** What the statement must say, by key; those that were not typed are empty. */
  readonly stated: Readonly<Record<string, string>>;
  /** Values that must be met, by key of the policy section. */
  readonly pinned: Readonly<Record<string, string>>;
  /** Moment for which to judge; null for now. */
  readonly at: Date | null;
}

/** What was given, sorted. */
export interface State {
  /** The files, with what was pasted. */
  readonly files: readonly NamedFile[];
  /** What they are. */
  readonly heap: Heap | null;
  /** Which of several candidates is meant; the first where it is none of them. */
  readonly chosen: string | null;
  /** SHA-256 of roots that somebody said to believe. */
  readonly believed: ReadonlySet<string>;
  /** Whether it is the sample, as it is or with one byte changed; null where it is neither. */
  readonly sample: "whole" | "bent" | null;
}

/** An empty page. */
export const NOTHING: State = {
  files: [],
  heap: null,
  chosen: null,
  believed: new Set<string>(),
  sample: null,
};

/**
 * The candidate that is meant.
 *
 * @param state The state.
 */
export function chosenOf({ heap, chosen }: State): Candidate | null {
  const candidates = heap?.candidates ?? [];
  return candidates.find((one) => keyOf(one) === chosen) ?? candidates[0] ?? null;
}

/**
 * A name by which a candidate is told from the others.
 *
 * @param candidate The candidate.
 */
export function keyOf({ technology, from }: Candidate): string {
  return `${technology.id} ${from ?? ""}`;
}
