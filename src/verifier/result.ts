/**
 * What a verification says.
 *
 * @module
 */

import type { Finding, Root } from "../evidence/finding.ts";
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
