/**
 * The files that verification of an attestation document takes.
 *
 * @module
 */

import type { FileInput, FilesByRole } from "../evidence.ts";
import { FileTaker, refuseText } from "../files.ts";

/** What verification of an attestation document takes. */
export interface NitroFiles {
  /** Attestation document, COSE_Sign1 in CBOR, as the hypervisor gives it. */
  readonly document: Uint8Array;
  /** Revocation lists of the issuers in it, PEM or DER; absent means none. */
  readonly documentCrls?: readonly Uint8Array[];
}

/** Most revocation lists: one of each authority in a document. */
const MAX_CRLS = 8;

/** What the flags say. */
export const NITRO_FILES: readonly FileInput[] = [
  {
    role: "document",
    flag: "document",
    required: true,
    multiple: false,
    says: "attestation document as the instance gives it, CBOR with its certificates in it",
  },
  {
    role: "documentCrls",
    flag: "document-crl",
    required: false,
    multiple: true,
    says: "revocation list of an authority in the document, PEM or DER",
  },
];

/**
 * Reads the files by role.
 *
 * @param files The files.
 * @throws {InputError} `input.missing`, `input.encoding`, `input.value`
 */
export function readFiles(files: FilesByRole): NitroFiles {
  const taker = new FileTaker(files, "an attestation document");
  return {
    document: refuseText(taker.one("document"), "document"),
    documentCrls: taker.several("documentCrls", MAX_CRLS),
  };
}
