/**
 * Certificates in a TPM's NV memory.
 *
 * @module
 */

import { InputError } from "../../core/errors.ts";
import type { TpmCode } from "./codes.ts";
import type { TpmDevice } from "./device/device.ts";
import { handleText } from "./device/entity.ts";
import { readNv } from "./device/nv.ts";

/** NV indices of endorsement certificates, of both ranges, and of those of their issuers (EK Credential Profile §2.2.1). */
const ENDORSEMENT_INDICES = { first: 0x01c00002, last: 0x01c001ff } as const;

/**
 * Whether an NV index is set aside for endorsement certificates or their issuers'.
 *
 * @param index The index.
 */
export function isCertificateIndex(index: number): boolean {
  return index >= ENDORSEMENT_INDICES.first && index <= ENDORSEMENT_INDICES.last;
}

/**
 * Reads a certificate; nothing of it is verified.
 *
 * @param device The TPM.
 * @param index Where it stands.
 * @returns DER.
 * @throws {InputError} `tpm.nv_not_certificate`
 * @throws {UnavailableError} `tpm.device_refused`
 */
export async function readNvCertificate(
  device: TpmDevice,
  index: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const content = await readNv(device, index);
  const length = derLength(content);
  // An index may be larger than what was put into it; the rest is as it was made.
  const filled = content.subarray(length ?? 0).every((byte) => byte === 0x00 || byte === 0xff);
  if (length !== null && length <= content.length && filled) return content.slice(0, length);
  const code: TpmCode = "tpm.nv_not_certificate";
  const fields = { index: handleText(index) };
  const message = `Cannot read the certificate at NV index ${fields.index}: it is no DER`;
  throw new InputError(message, { code, fields });
}

/** Length of a SEQUENCE of 128 to 65535 bytes with its header (X.690 §8.1.3); null where there is none. */
function derLength(bytes: Uint8Array): number | null {
  const [tag, form, high = 0, low = 0] = bytes;
  if (tag !== 0x30) return null;
  if (form === 0x81) return 3 + high;
  return form === 0x82 ? 4 + 256 * high + low : null;
}
