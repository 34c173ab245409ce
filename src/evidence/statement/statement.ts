/**
 * What a node states of itself: the part of evidence that only software says,
 * and that the hardware's signature is bound to (protocol §4).
 *
 * @module
 */

/** What evidence is asked for; evidence for one purpose never serves another. */
export type Purpose =
  | "serve"
  | "init"
  | "join"
  | "unlock"
  | "renew"
  | "recover"
  | "cluster-cert";

/** The purposes. */
export const PURPOSES: readonly Purpose[] = [
  "serve",
  "init",
  "join",
  "unlock",
  "renew",
  "recover",
  "cluster-cert",
];

/** How far a boot has come (protocol §3): before it knows its cluster, in it, admitted. */
export type Phase = "zero" | "cluster" | "member";

/** The phases, in order. */
export const PHASES: readonly Phase[] = ["zero", "cluster", "member"];

/** A statement. Byte values are lowercase hex; a member that does not apply yet is empty, or 0. */
export interface Statement {
  /** Version of the form. */
  readonly v: 1;
  /** What it is for. */
  readonly purpose: Purpose;
  /** Id of the variant. */
  readonly variant: string;
  /** SHA-256 of the peer's statement, or 32 random bytes of an anonymous verifier; `batch` for many at once. */
  readonly audience: string;
  /** SHA-256 of the request's body without the evidence; empty for `serve`. */
  readonly requestDigest: string;
  /** Id of the cluster, 32 bytes; empty in phase zero. */
  readonly clusterId: string;
  /** SHA-256 of the manifest; empty before there is one. */
  readonly manifestDigest: string;
  /** Sequence of the manifest under which the node was admitted; 0 before. */
  readonly manifestSequence: number;
  /** Role that the node was admitted to; empty before. */
  readonly role: string;
  /** Name that it was given; empty before. */
  readonly nodeName: string;
  /** This boot, 16 bytes. */
  readonly bootId: string;
  /** SubjectPublicKeyInfo of the TLS key, DER. */
  readonly tlsSpki: string;
  /** X25519 public key for HPKE, 32 bytes. */
  readonly hpkeKey: string;
  /** Phase of the boot. */
  readonly phase: Phase;
  /** SHA-256 of the newest log head that the node knows; empty before there is one. */
  readonly logHead: string;
}
