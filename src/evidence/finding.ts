/**
 * What one check found, and on whose word it rests.
 *
 * @module
 */

/**
 * Whose word a claim rests on. `amd` and `intel` are CPU vendors; `paravisor`
 * is closed source inside the TEE; `provider` emulates a TPM outside of it;
 * `none` is nobody's; `lab` is this project's own test issuer.
 */
export type Root = "amd" | "intel" | "paravisor" | "provider" | "none" | "lab";

/** Roots from strongest to weakest; equal numbers are equally strong. `lab` stands outside. */
export const ROOT_STRENGTH: Readonly<Record<Root, number>> = {
  amd: 3,
  intel: 3,
  paravisor: 2,
  provider: 1,
  none: 0,
  lab: 0,
};

/** Result of one check. `unchecked` is never a pass. */
export type FindingKind = "match" | "mismatch" | "unchecked" | "not-applicable";

/**
 * Link of the chain of trust that a check is about, from the root down to what
 * runs: files that could be read, the root key, the certificates under it, the
 * key that signed, the evidence it signed, the machine, the guest on it.
 */
export type Link = "files" | "root" | "chain" | "key" | "evidence" | "platform" | "guest";

/** The links, from the root down. */
export const LINKS: readonly Link[] = [
  "files",
  "root",
  "chain",
  "key",
  "evidence",
  "platform",
  "guest",
];

/** One check and what came of it. */
export interface Finding {
  /** Stable id, as `snp.measurement`. */
  readonly id: string;
  /** What the check is about, for a person. */
  readonly title: string;
  /** Link of the chain of trust that it is about. */
  readonly link: Link;
  /** What came of it. */
  readonly kind: FindingKind;
  /** Whether the verdict depends on it. */
  readonly required: boolean;
  /** What was expected, as text; null where nothing was. */
  readonly expected: string | null;
  /** What the evidence says, as text; null where it says nothing. */
  readonly actual: string | null;
  /** Whose word the actual value rests on. */
  readonly root: Root;
  /** Where the expectation comes from: a specification, the default policy, the policy file, the request. */
  readonly source: string;
  /** Code of a mismatch or of a required check not done, else null. */
  readonly code: string | null;
}

/**
 * The weakest of some roots, the first of equals.
 *
 * @param roots At least one.
 */
export function weakestRoot(roots: readonly [Root, ...Root[]]): Root {
  return roots.reduce((weakest, root) =>
    ROOT_STRENGTH[root] < ROOT_STRENGTH[weakest] ? root : weakest
  );
}

/**
 * Each of some roots once, the strongest first.
 *
 * @param roots The roots.
 */
export function distinctRoots(roots: readonly Root[]): readonly Root[] {
  return [...new Set(roots)].sort((a, b) => ROOT_STRENGTH[b] - ROOT_STRENGTH[a]);
}
