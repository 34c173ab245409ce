/**
 * What each member of a statement looks like, and how members go together
 * (protocol §4). The published schema is generated from here.
 *
 * @module
 */

import {
  type Decoder,
  integer,
  object,
  oneNumber,
  oneOf,
  required,
  text,
} from "../../core/decode.ts";
import { PHASES, PURPOSES, type Statement } from "./statement.ts";

/** Most bytes of a TLS key: RSA of 4096 bits takes 550. */
const MAX_SPKI_BYTES = 1024;

/** Ids (protocol §1). */
export const ID_PATTERN = "[a-z0-9][a-z0-9.-]{0,62}";

const ID_FORM = "an id of at most 63 characters out of a-z, 0-9, dot and hyphen";
const DIGEST = "[0-9a-f]{64}";

const ID = text(ID_PATTERN, ID_FORM);
const MAYBE_ID = text(`(?:${ID_PATTERN})?`, `${ID_FORM}, or nothing`);
const MAYBE_DIGEST = text(`(?:${DIGEST})?`, "32 bytes in lowercase hex, or nothing");
const COUNT = integer(0, Number.MAX_SAFE_INTEGER);

/** Reads the members of a statement, each for itself. */
export const STATEMENT_FORM: Decoder<Statement> = object<Statement>({
  v: required(oneNumber(1), "Version of the form"),
  purpose: required(oneOf(...PURPOSES), "What it is for"),
  variant: required(ID, "Id of the variant"),
  audience: required(
    text(`${DIGEST}|batch`, "32 bytes in lowercase hex, or batch"),
    "SHA-256 of the peer's statement, or 32 random bytes of an anonymous verifier; batch for many at once",
  ),
  requestDigest: required(
    MAYBE_DIGEST,
    "SHA-256 of the request's body without the evidence; empty for serve",
  ),
  clusterId: required(MAYBE_DIGEST, "Id of the cluster; empty in phase zero"),
  manifestDigest: required(MAYBE_DIGEST, "SHA-256 of the manifest; empty before there is one"),
  manifestSequence: required(
    COUNT,
    "Sequence of the manifest under which the node was admitted; 0 before",
  ),
  role: required(MAYBE_ID, "Role that the node was admitted to; empty before"),
  nodeName: required(MAYBE_ID, "Name that it was given; empty before"),
  bootId: required(text("[0-9a-f]{32}", "16 bytes in lowercase hex"), "This boot"),
  tlsSpki: required(
    text(
      `(?:[0-9a-f]{2}){1,${MAX_SPKI_BYTES}}`,
      `1 to ${MAX_SPKI_BYTES} bytes in lowercase hex`,
    ),
    "SubjectPublicKeyInfo of the TLS key, DER",
  ),
  hpkeKey: required(text(DIGEST, "32 bytes in lowercase hex"), "X25519 public key for HPKE"),
  phase: required(oneOf(...PHASES), "Phase of the boot"),
  logHead: required(
    MAYBE_DIGEST,
    "SHA-256 of the newest log head that the node knows; empty before there is one",
  ),
});

/** A rule over several members. */
interface Rule {
  /** What is demanded, as a message says it. */
  readonly says: string;
  /** Whether a statement keeps it. */
  readonly holds: (statement: Statement) => boolean;
}

const RULES: readonly Rule[] = [
  {
    says: "clusterId is empty in phase zero, and only there",
    holds: ({ phase, clusterId }) => (phase === "zero") === (clusterId === ""),
  },
  {
    says: "phase member comes with role, nodeName, manifestDigest and manifestSequence",
    holds: ({ phase, role, nodeName, manifestDigest, manifestSequence }) =>
      phase !== "member" ||
      role !== "" && nodeName !== "" && manifestDigest !== "" && manifestSequence >= 1,
  },
  {
    says:
      "role, nodeName and manifestSequence are those of an admission, which comes with phase member",
    holds: ({ phase, role, nodeName, manifestSequence }) =>
      phase === "member" || role === "" && nodeName === "" && manifestSequence === 0,
  },
  {
    says: "purpose serve has no requestDigest",
    holds: ({ purpose, requestDigest }) => purpose !== "serve" || requestDigest === "",
  },
  {
    says: "audience batch comes with purpose serve",
    holds: ({ purpose, audience }) => audience !== "batch" || purpose === "serve",
  },
];

/**
 * What a statement contradicts itself in.
 *
 * @param statement A statement of which each member has its form.
 * @returns The first rule that it breaks, in words; null where it keeps all.
 */
export function contradictionIn(statement: Statement): string | null {
  return RULES.find(({ holds }) => !holds(statement))?.says ?? null;
}
