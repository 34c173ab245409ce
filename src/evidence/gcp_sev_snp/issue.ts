/**
 * Evidence of an instance with SEV-SNP on Google Cloud, collected on the node:
 * the report names the attestation key, the quote names the report.
 *
 * @module
 */

import type { Issuer } from "../device/issuer.ts";
import { needed } from "../device/refused.ts";
import { issueSnpReport } from "../snp/issue.ts";
import { qualifyingDataOf, reportDataOf } from "../statement/binding.ts";
import { withGceKey } from "../tpm/gce_key.ts";
import { quoteOfNode } from "../tpm/node_quote.ts";

/** Collects evidence of `gcp-sev-snp`. */
export const gcpSevSnpIssuer: Issuer = {
  variant: "gcp-sev-snp",
  issue: async (devices, { binding }) => {
    const tpm = needed(devices.tpm, "gcp-sev-snp", "TPM");
    return await withGceKey(tpm, async (key, certificates) => {
      const reportData = reportDataOf(binding, key.name);
      const { report, files } = await issueSnpReport(devices, "gcp-sev-snp", reportData);
      const quoted = await quoteOfNode(tpm, key, qualifyingDataOf(binding, report), devices);
      return { ...files, ...quoted, ...certificates };
    });
  },
};
