/**
 * What the channel needs of who is at its ends: one gives evidence, the other
 * judges it. Both are given to it; it verifies nothing itself.
 *
 * @module
 */

import type { Purpose, Statement } from "../evidence/statement/statement.ts";
import type { StatementExpectation } from "../evidence/statement/expectation.ts";
import type { Role } from "../protocol/join.ts";

/** What evidence is asked for. */
export interface EvidenceQuestion {
  /** Nonce of who asks, 32 bytes. */
  readonly nonce: Uint8Array;
  /** What for. */
  readonly purpose: Purpose;
  /** For whom, 32 bytes in hex; `batch` for many. */
  readonly audience: string;
  /** SHA-256 of the request's exact body without the evidence, hex; empty for `serve`. */
  readonly requestDigest: string;
}

/** Evidence of this node. */
export interface Given {
  /** The envelope, JSON. */
  readonly envelope: Uint8Array;
  /** Exact bytes of the statement in it. */
  readonly statement: Uint8Array;
}

/** A node that gives evidence of itself. */
export interface Attester {
  /**
   * Gives evidence whose statement names the keys that are in use.
   *
   * @param question What is asked.
   * @throws {UnavailableError} where the devices do not answer; `node.purpose_refused` where this phase gives none for the purpose.
   */
  attest(question: EvidenceQuestion): Promise<Given>;
  /**
   * Makes the statement that `attest` would bind, without evidence; null where keys were renewed since.
   *
   * @param question What was asked.
   * @param digest SHA-256 of the statement that is looked for, hex.
   */
  statementOf(question: EvidenceQuestion, digest: string): Uint8Array | null;
}

/** What was proven of a peer. */
export interface Appraised {
  /** Its statement. */
  readonly statement: Statement;
  /** SHA-256 of the statement's exact bytes, hex. */
  readonly statementDigest: string;
  /** SHA-256 of the envelope, hex. */
  readonly evidenceDigest: string;
  /** Variant of the evidence. */
  readonly variant: string;
  /** Verdict that it ended with. */
  readonly verdict: "trusted" | "lab-trusted";
  /** On whose word it rests, the strongest first; absent where nobody asks. */
  readonly roots?: readonly string[];
  /** Account at the provider that the evidence proves; empty where its variant names none. */
  readonly account: string;
  /** What tells this machine from all others and outlives a boot: SHA-256 of the name of its attestation key or of its chip's id, hex. */
  readonly machine: string;
}

/** Judges evidence of peers under a manifest. */
export interface Appraiser {
  /**
   * Judges an envelope.
   *
   * @param envelope The envelope, JSON.
   * @param nonce The nonce that it must answer, 32 bytes.
   * @param expected What its statement must say beside.
   * @throws {RejectedError | UnavailableError} with the code of the first finding that decides.
   */
  appraise(
    envelope: Uint8Array,
    nonce: Uint8Array,
    expected: StatementExpectation,
  ): Promise<Appraised>;
}

/** Who a client wants to reach. */
export interface WantedServer {
  /** Id of the cluster. */
  readonly clusterId: string;
  /** Role that it must have; absent of a node that has none yet. */
  readonly role?: Role;
}
