/**
 * Certificates of issuers that stand in a TPM beside those of its keys.
 *
 * @module
 */

import type { FilesByRole } from "../files_by_role.ts";
import type { TpmDevice } from "./device/device.ts";
import { readNvCertificate } from "./nv_certificate.ts";

/** NV indices of the chain above certificates (TCG EK Credential Profile §2.2.1.5.3). */
export const ISSUER_INDICES = { first: 0x01c00100, last: 0x01c001ff } as const;

/** Longest chain that verifiers take. */
const MAX_ISSUERS = 6;

/**
 * Reads the certificates of issuers; nothing of them is verified, and a root
 * among them is believed by nobody for standing there.
 *
 * @param device The TPM.
 * @param indices NV indices that the TPM has.
 * @throws {InputError} `tpm.nv_not_certificate`
 */
export async function readIssuers(
  device: TpmDevice,
  indices: readonly number[],
): Promise<FilesByRole> {
  const { first, last } = ISSUER_INDICES;
  const places = indices.filter((index) => index >= first && index <= last).slice(0, MAX_ISSUERS);
  const akCertIssuers: Uint8Array[] = [];
  for (const index of places) akCertIssuers.push(await readNvCertificate(device, index));
  return akCertIssuers.length === 0 ? {} : { akCertIssuers };
}
