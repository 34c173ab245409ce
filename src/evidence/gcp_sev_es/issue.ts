/**
 * Evidence of an instance with SEV or SEV-ES on Google Cloud, collected on the node.
 *
 * @module
 */

import type { Issuer } from "../device/issuer.ts";
import { needed } from "../device/refused.ts";
import { qualifyingDataOf } from "../statement/binding.ts";
import { withGceKey } from "../tpm/gce_key.ts";
import { quoteOfNode } from "../tpm/node_quote.ts";

/** Collects evidence of `gcp-sev-es`. */
export const gcpSevEsIssuer: Issuer = {
  variant: "gcp-sev-es",
  issue: async (devices, { binding }) => {
    const tpm = needed(devices.tpm, "gcp-sev-es", "TPM");
    return await withGceKey(tpm, async (key, certificates) => {
      const quoted = await quoteOfNode(tpm, key, qualifyingDataOf(binding, null), devices);
      return { ...quoted, ...certificates };
    });
  },
};
