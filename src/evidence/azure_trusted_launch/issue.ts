/**
 * Evidence of an Azure VM with trusted launch, collected on the node.
 *
 * @module
 */

import type { Issuer } from "../device/issuer.ts";
import { needed } from "../device/refused.ts";
import { qualifyingDataOf } from "../statement/binding.ts";
import { AZURE_KEY, azureKey } from "../tpm/azure_key.ts";
import { listHandles } from "../tpm/device/capability.ts";
import { quoteOfNode } from "../tpm/node_quote.ts";
import { readNvCertificate } from "../tpm/nv_certificate.ts";
import { readIssuers } from "../tpm/nv_issuers.ts";

/** Collects evidence of `azure-trusted-launch`. */
export const azureTrustedLaunchIssuer: Issuer = {
  variant: "azure-trusted-launch",
  issue: async (devices, { binding }) => {
    const tpm = needed(devices.tpm, "azure-trusted-launch", "TPM");
    const key = await azureKey(tpm);
    const certificates = {
      akCert: await readNvCertificate(tpm, AZURE_KEY.certificate),
      ...await readIssuers(tpm, await listHandles(tpm, "nv")),
    };
    const quoted = await quoteOfNode(tpm, key, qualifyingDataOf(binding, null), devices);
    return { ...quoted, ...certificates };
  },
};
