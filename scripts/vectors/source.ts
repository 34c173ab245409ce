/**
 * What a technology tells `scripts/mint_vectors.ts`, so that its vectors can be minted.
 *
 * @module
 */

import type { CaseFile, ExpectFile } from "../../tests/vectors.ts";

/** When all vectors are minted and judged. */
export const TIME: Date = new Date("2026-11-21T12:00:00Z");

/** The nonce that all vectors answer. */
export const NONCE: Uint8Array = new Uint8Array(32).fill(0xab);

/** A day, milliseconds. */
export const DAY = 86_400_000;

/** Files of a case by name. */
export type Evidence = Readonly<Record<string, Uint8Array>>;

/** A case, ready to be written. */
export interface MintedCase extends Pick<CaseFile, "says" | "policy" | "verdict" | "code"> {
  /** Name of its folder. */
  readonly name: string;
  /** Files of its own. */
  readonly own: Evidence;
  /** Name of the case that has the other files; null where all are its own. */
  readonly base: string | null;
  /** Roles of files that the case does not have, and `labRoots` or `statement` where it has none; default none. */
  readonly absent?: readonly string[];
  /** Names of files by role that differ from those of the source, as where there are several. */
  readonly files?: CaseFile["files"];
  /** What is expected beside the nonce, or another nonce. */
  readonly expected?: Partial<ExpectFile>;
}

/** What mints the vectors of a technology. */
export interface VectorSource {
  /** Names of the files by role. */
  readonly files: CaseFile["files"];
  /** Name of the lab root's file. */
  readonly labRoot: string;
  /** Name of the statement's file; absent where the evidence is bound to none. */
  readonly statement?: string;
  /** Mints all cases; the keys are new at each call. */
  readonly mint: () => AsyncIterable<MintedCase>;
}

/**
 * The files of a case that a bend is in; the rest are those of its base.
 *
 * @param evidence All files.
 * @param names Names of the bent ones.
 */
export function only(evidence: Evidence, names: readonly string[]): Evidence {
  return Object.fromEntries(Object.entries(evidence).filter(([name]) => names.includes(name)));
}
