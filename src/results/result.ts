/**
 * What a verification says.
 *
 * @module
 */

import type { Finding, Root } from "../evidence/finding.ts";
import type { Exception } from "../policy/exception.ts";
import type { Known } from "../policy/reference/known.ts";
import type { Statement } from "../evidence/statement/statement.ts";

/**
 * Verdicts from worst to best, beside `lab-trusted` (design §3): a mismatch is
 * never hidden by something that was not to be had.
 */
export type Verdict = "rejected" | "unavailable" | "platform-only" | "trusted" | "lab-trusted";

/** Outcome where only signatures and chains were examined; never a verdict. */
export type Outcome = "genuine" | "not-genuine";

/** How much is examined. */
export type Profile = "full" | "crypto-only";

/** What a verdict was reached from, by digest: SHA-256 in hex each. */
export interface Digests {
  /** H("casemate/evidence/v1", variant, statement or nothing, list of role and file of each file in the order of their roles). */
  readonly evidence: string;
  /** Of the policy as it was given, in canonical JSON (RFC 8785); the strict defaults are `{"version":1}`. */
  readonly policy: string;
  /** Of the reference values, in canonical JSON; null where there were none. */
  readonly reference: string | null;
}

/** One reference value, and how it is known. */
export interface ReferenceOrigin {
  /** Key of the variant's section, dotted, as `tee.measurements`. */
  readonly key: string;
  /** `computed` from the image, `published` by the provider, `observed` on a machine, or `given` without a word about it. */
  readonly known: Known;
  /** From what, for a person; null where nothing is said. */
  readonly from: string | null;
}

/** The reference values that a verdict was reached with. */
export interface ReferenceUsed {
  /** Name of the release that they are of; null where the document says none. */
  readonly release: string | null;
  /** The set that the evidence was held against, of several accepted ones; null where there is one without a name. */
  readonly set: string | null;
  /** Who signed them: SHA-256 of the owner key's SubjectPublicKeyInfo, hex; null where the caller's own word was enough. */
  readonly owner: string | null;
  /** How each value of that set is known. */
  readonly origins: readonly ReferenceOrigin[];
}

/** Something that a verifier had of a vendor, and what it is worth. */
export interface CollateralUsed {
  /** Its key: service, path and parameters. */
  readonly key: string;
  /** What it is, for a person. */
  readonly title: string;
  /** Where it came from: `cache`, `vendor`, `bundle`, the address of a mirror; `evidence` where only the evidence brought it. */
  readonly from: string;
  /** Since when it holds, ISO 8601, UTC. */
  readonly issued: string;
  /** Until when. */
  readonly expires: string;
  /** When a source last gave it; null where nobody did but the evidence. */
  readonly confirmed: string | null;
  /** Why it could not be asked for again although that was due; null where all is well. */
  readonly stale: string | null;
}

/** What a verification says, ready for JSON. */
export interface Result {
  /** Version of this form. */
  readonly v: 1;
  /** Technology of the evidence, as `sev-snp`. */
  readonly variant: string;
  /** How much was examined. */
  readonly profile: Profile;
  /** The verdict; null with the profile `crypto-only`. */
  readonly verdict: Verdict | null;
  /** The outcome with the profile `crypto-only`, else null. */
  readonly outcome: Outcome | null;
  /** Weakest root that the verdict needs. */
  readonly weakestRoot: Root;
  /** All roots that it needs, the strongest first; none where the evidence was refused. */
  readonly roots: readonly Root[];
  /** Roots that the policy accepts. */
  readonly acceptRoots: readonly Root[];
  /** Code that decided a verdict other than `trusted`, else null. */
  readonly code: string | null;
  /** The verdict in one sentence. */
  readonly says: string;
  /** What must be said before the verdict, as an accepted risk. */
  readonly warnings: readonly string[];
  /** Settings of the policy for this variant that are weaker than the defaults. */
  readonly exceptions: readonly Exception[];
  /** What the verdict was reached from. */
  readonly digests: Digests;
  /** The nonce that was asked with, hex; null where the question was another, or none. */
  readonly nonce: string | null;
  /** The reference values; null where there were none beside the policy. */
  readonly reference: ReferenceUsed | null;
  /** What the verifier had of vendors beside the evidence, as who asked for it says; nothing of it decides. */
  readonly collateral: readonly CollateralUsed[];
  /**
   * How the evidence is tied to a question: to the caller's nonce together with a
   * statement, or to data that the caller states, where no statement was checked,
   * as with the profile `crypto-only`.
   */
  readonly binding: "nonce" | "caller-supplied";
  /** Moment for which everything was judged, ISO 8601, UTC. */
  readonly time: string;
  /** One finding per check, in the order in which they were done. */
  readonly findings: readonly Finding[];
  /** What the node states of itself; null where there is no statement, where the evidence was refused, and with the profile `crypto-only`, which does not look at what binds it. */
  readonly statement: Statement | null;
  /** Fields of the verified evidence, null where it was refused before. */
  readonly claims: unknown;
}
