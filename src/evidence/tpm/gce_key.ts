/**
 * The attestation key of Google's vTPM: made of a template in NV memory, with a
 * certificate beside it.
 *
 * @module
 */

import { deviceError } from "../device/refused.ts";
import type { FilesByRole } from "../files_by_role.ts";
import { listHandles } from "./device/capability.ts";
import type { TpmDevice } from "./device/device.ts";
import type { TpmObject } from "./device/objects.ts";
import { withAttestationKey } from "./issue.ts";
import { readNvCertificate } from "./nv_certificate.ts";
import { readIssuers } from "./nv_issuers.ts";

/** Where certificate and template stand, the faster key first (Google, go-tpm-tools, `client`). */
export const GCE_KEYS: readonly { readonly certificate: number; readonly template: number }[] = [
  { certificate: 0x01c10002, template: 0x01c10003 },
  { certificate: 0x01c10000, template: 0x01c10001 },
];

/**
 * Uses the attestation key of a vTPM of Google's.
 *
 * @param device The TPM.
 * @param use What is done with it; gets its certificate, and those of its issuers where NV memory has them.
 * @throws {UnavailableError} `device.platform_half` where there is no such key with a certificate.
 */
export async function withGceKey<T>(
  device: TpmDevice,
  use: (key: TpmObject, certificates: FilesByRole) => Promise<T>,
): Promise<T> {
  const indices = await listHandles(device, "nv");
  const found = GCE_KEYS.find(({ certificate, template }) =>
    indices.includes(certificate) && indices.includes(template)
  );
  if (found === undefined) {
    throw deviceError(
      "device.platform_half",
      "Cannot use the TPM as Google's: no attestation key with a certificate stands at NV index 0x01c10000 to 0x01c10003",
      { present: "a TPM", missing: "Google's attestation key" },
    );
  }
  const certificates = {
    akCert: await readNvCertificate(device, found.certificate),
    ...await readIssuers(device, indices),
  };
  const key = { kind: "nv-template", index: found.template } as const;
  return await withAttestationKey(device, key, (made) => use(made, certificates));
}
