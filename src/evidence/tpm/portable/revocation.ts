/**
 * Revocation lists of the authorities of a TPM's key.
 *
 * @module
 */

import type { ErrorFields } from "../../../core/errors.ts";
import type { Named } from "../../../core/portable/anchors.ts";
import {
  type AuthenticList,
  type ListFault,
  listPlace,
  verifyLists as verifyAny,
} from "../../../core/portable/revocation.ts";
import type { TpmCode } from "../codes.ts";
import { refuseTpm } from "./refuse.ts";
import { PREFIXES, type Role } from "./role.ts";

const CODES = {
  issuer: "tpm.crl_issuer",
  signature: "tpm.crl_signature",
  shape: "tpm.crl_shape",
  revoked: "tpm.revoked",
} as const satisfies Record<ListFault, TpmCode>;

/**
 * Authenticates lists and looks up in them what their issuers certified on the
 * path. Whether they are current is asked later.
 *
 * @param files The lists, each PEM or DER.
 * @param path From the key's certificate to the root.
 * @param role What the key is.
 * @throws {RejectedError} `tpm.crl_issuer`, `tpm.crl_signature`, `tpm.crl_shape`,
 * `tpm.revoked`, `x509.crl_malformed`, `x509.count`
 * @throws {InputError} `input.*`
 */
export async function verifyLists(
  files: readonly Uint8Array[],
  path: readonly Named[],
  role: Role,
): Promise<readonly AuthenticList[]> {
  const place = listPlace(`${PREFIXES[role]}-cert-crl`);
  const refuse = (fault: ListFault, fields: ErrorFields) => refuseTpm(CODES[fault], fields);
  return await verifyAny(files, path, { place, refuse });
}
