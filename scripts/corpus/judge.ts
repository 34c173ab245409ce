/**
 * What a technology gives to the corpus runner.
 *
 * @module
 */

import type { Case } from "./manifest.ts";

/** How cases of a technology are judged. */
export interface Judge {
  /** Technologies in the corpus's words. */
  readonly techs: readonly string[];
  /** Whether the roles that are there are those it can judge. */
  readonly takes: (files: Case["files"]) => boolean;
  /**
   * Judges a case at the stages parse and verify.
   *
   * @returns The verified report.
   * @throws {RejectedError} when the evidence is refused.
   */
  readonly judge: (input: Case) => Promise<unknown>;
  /** Codes that stand for a reason of the corpus, by words that occur in it. */
  readonly reasons: Readonly<Record<string, readonly string[]>>;
}

/**
 * Codes that a reason allows: a reason names one or several checks, and any of
 * them may be the first that a verifier meets.
 *
 * @param reason The corpus's reason.
 * @param reasons The table.
 */
export function codesFor(reason: string, reasons: Judge["reasons"]): readonly string[] {
  const said = reason.toLowerCase();
  const codes = Object.entries(reasons).flatMap(([words, named]) =>
    said.includes(words) ? named : []
  );
  return [...new Set(codes)];
}
