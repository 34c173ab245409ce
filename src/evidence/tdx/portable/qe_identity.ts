/**
 * QE identity, version 2 (PCS, "Get SGX QE Identity" and "Get TDX QE Identity").
 *
 * @module
 */

import { bytes, type Members, number, readObject } from "../../../core/portable/json.ts";
import { readOr } from "../../../core/malformed.ts";
import { type Head, QE_IDENTITY, refuseFormat, takeHead } from "./document.ts";
import { enclaveLevels, type EnclaveTcb, type Level } from "./level.ts";

/** QE identity; byte strings as in memory. */
export interface QeIdentity extends Head {
  /** MISCSELECT under the mask. */
  readonly miscSelect: Uint8Array;
  /** Which bits are compared. */
  readonly miscSelectMask: Uint8Array;
  /** ATTRIBUTES under the mask. */
  readonly attributes: Uint8Array;
  /** Which bits are compared. */
  readonly attributesMask: Uint8Array;
  /** MRSIGNER. */
  readonly mrSigner: Uint8Array;
  /** ISVPRODID. */
  readonly isvProdId: number;
  /** Levels. */
  readonly levels: readonly Level<EnclaveTcb>[];
}

/**
 * Reads a QE identity. That of the enclave that verifies quotes is one, too,
 * though never the one that is asked for.
 *
 * @param text The signed text.
 * @throws {RejectedError} `tdx.qe_identity_format`
 */
export function readQeIdentity(text: string): QeIdentity {
  return readOr(
    () => readObject(text, (members) => takeQeIdentity(members, text)),
    (reason) => refuseFormat(QE_IDENTITY, reason),
  );
}

function takeQeIdentity(members: Members, text: string): QeIdentity {
  return {
    ...takeHead(members, QE_IDENTITY, { text, ids: ["TD_QE", "QE", "QVE"] }),
    miscSelect: members.need("miscselect", bytes(4)),
    miscSelectMask: members.need("miscselectMask", bytes(4)),
    attributes: members.need("attributes", bytes(16)),
    attributesMask: members.need("attributesMask", bytes(16)),
    mrSigner: members.need("mrsigner", bytes(32)),
    isvProdId: members.need("isvprodid", number(0xffff)),
    levels: members.need("tcbLevels", enclaveLevels),
  };
}
