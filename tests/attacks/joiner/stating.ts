/**
 * What whoever wants into the cluster is asked, and states.
 *
 * @module
 */

import type { EvidenceQuestion } from "../../../src/channel/peer.ts";
import type { Session } from "../../../src/channel/session.ts";
import { fromHex, toHex } from "../../../src/core/bytes.ts";
import { plainHash } from "../../../src/core/labelled_hash.ts";
import type { issuerOf } from "../../../src/evidence/issuers.ts";
import type { Statement } from "../../../src/evidence/statement/statement.ts";

/** What the lab's machines show. */
export const VARIANT = "gcp-sev-snp";

/** What they would show without a TEE. */
export const TPM_ALONE = "gcp-sev-es";

/** What a statement says otherwise than an honest one would. */
export type Said = Partial<Statement>;

/** What a statement answers. */
export type Asked = Pick<EvidenceQuestion, "purpose" | "audience" | "requestDigest">;

/** Of somebody whom nobody asked. */
export const NOTHING_ASKED: Asked = {
  purpose: "serve",
  audience: "00".repeat(32),
  requestDigest: "",
};

/** A request. */
export interface Request {
  /** What for. */
  readonly purpose: "join" | "renew";
  /** Its exact bytes. */
  readonly exact: Uint8Array;
  /** What the statement says otherwise. */
  readonly said?: Said;
}

/**
 * What evidence of a client must answer.
 *
 * @param session The server.
 * @param purpose What it is for.
 * @param exact The exact bytes that will be sealed.
 */
export function questionOf(
  { serverNonce, statementDigest }: Session,
  purpose: "join" | "renew",
  exact: Uint8Array,
): EvidenceQuestion {
  const requestDigest = toHex(plainHash("sha256", exact));
  return { nonce: fromHex(serverNonce), purpose, audience: statementDigest, requestDigest };
}

/**
 * A variant that machines here show.
 *
 * @param variant Its id.
 */
export function variantNamed(variant: string): Parameters<typeof issuerOf>[0] {
  if (variant === VARIANT || variant === TPM_ALONE) return variant;
  throw new RangeError(`No machine here is of ${variant}`);
}
