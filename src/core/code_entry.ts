/**
 * What a stable code means, in the words of `codes.json`.
 *
 * `scripts/generate_codes.ts` turns every `codes.json` into a `codes.ts` with
 * the union of its codes and a table of these entries, and into the Rust enum.
 *
 * @module
 */

/**
 * What a code does to the outcome: `input` (the operator's input is wrong),
 * `rejected` (trust was examined and refused), `unavailable` (it could not be
 * examined), `platform-only` (genuine, but not enough), `operation` (an action
 * on a machine or cluster failed), `bug` (our mistake).
 */
export type CodeClass =
  | "input"
  | "rejected"
  | "unavailable"
  | "platform-only"
  | "operation"
  | "bug";

/** One code's entry. */
export interface CodeEntry {
  /** What the code does to the outcome. */
  readonly class: CodeClass;
  /** Id of the check that gives the code, as `snp.chain`; null where no check of a verdict does. */
  readonly check: string | null;
  /** What happened, one sentence without full stop. */
  readonly says: string;
  /** What to do about it, without full stop at the end. */
  readonly remedy: string;
}

/** Exit code of the command line for each class. */
export const EXIT_CODE_OF_CLASS: Readonly<Record<CodeClass, number>> = {
  "bug": 1,
  "input": 2,
  "rejected": 3,
  "unavailable": 4,
  "operation": 5,
  "platform-only": 6,
};
