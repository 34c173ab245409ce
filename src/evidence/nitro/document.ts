/**
 * Attestation documents of AWS Nitro, asked of an engine.
 *
 * @module
 */

import { frame, uint64 } from "../../core/bytes.ts";
import type { Engine } from "../../core/crypto.ts";
import { type Anchor, frameAnchors } from "../anchors.ts";
import { inRoles } from "../roles.ts";
import type { NitroDocument, NitroEvidence } from "./report.ts";

/** Roles of the caller's files by the names that the engine has for its parts. */
const ROLES = { document: "document", crl: "documentCrls" } as const;

/** What a document is verified with. */
export interface DocumentTerms {
  /** Revocation lists of the chain's authorities, each PEM or DER. */
  readonly crls: readonly Uint8Array[];
  /** Roots that are trusted, and no others. */
  readonly anchors: readonly Anchor[];
  /** Moment at which everything must be valid; a document's own certificate is for three hours. */
  readonly now: Date;
}

/**
 * Reads what a document says; nothing is verified, its certificates are not looked at.
 *
 * @param engine Verification engine.
 * @param document COSE_Sign1 as `nsm` or the TPM gave it, at most 32 KiB.
 * @throws {RejectedError} `nitro.cbor`, `nitro.cose`, `nitro.algorithm`, `nitro.field`,
 * `nitro.kind`, `nitro.pcr_length`
 * @throws {InputError} `input.*`
 */
export async function readNitroDocument(
  engine: Engine,
  document: Uint8Array,
): Promise<NitroDocument> {
  const asked = engine.run("nitro_document", [document]);
  // The engine answers with this shape; tests hold it.
  return await inRoles(asked, ROLES) as NitroDocument;
}

/**
 * Proves that a document was signed under a trusted root, while its
 * certificates held, by a key that no list given revokes.
 *
 * Leaves kind, registers, nonce and user data unjudged.
 *
 * @param engine Verification engine.
 * @param document The document.
 * @param terms Lists, roots, time.
 * @throws {RejectedError} `nitro.*` codes that are not about appraisal, `x509.*`
 * @throws {InputError} `input.*`
 */
export async function verifyNitroDocument(
  engine: Engine,
  document: Uint8Array,
  { crls, anchors, now }: DocumentTerms,
): Promise<NitroEvidence> {
  const asked = engine.run("nitro_verify", [
    document,
    frame(crls),
    frameAnchors(anchors),
    uint64(Math.floor(now.getTime() / 1000)),
  ]);
  // The engine answers with this shape; tests hold it.
  return await inRoles(asked, ROLES) as NitroEvidence;
}
