/**
 * Evidence of an instance with SEV-SNP and NitroTPM, collected on the node: the
 * document names the report.
 *
 * @module
 */

import { plainHash } from "../../core/labelled_hash.ts";
import type { Issuer } from "../device/issuer.ts";
import { needed } from "../device/refused.ts";
import { identityOf } from "../ec2/identity_device.ts";
import { issueSnpReport } from "../snp/issue.ts";
import { reportDataOf } from "../statement/binding.ts";
import { nitroDocument } from "../tpm/nitro_document.ts";

/** Collects evidence of `aws-sev-snp`. */
export const awsSevSnpIssuer: Issuer = {
  variant: "aws-sev-snp",
  issue: async (devices, { binding }) => {
    const tpm = needed(devices.tpm, "aws-sev-snp", "TPM");
    const reportData = reportDataOf(binding, new Uint8Array());
    const { report, files } = await issueSnpReport(devices, "aws-sev-snp", reportData);
    const userData = plainHash("sha256", report);
    const document = await nitroDocument(tpm, { nonce: binding, userData });
    return { ...files, document, ...await identityOf(devices, "aws-sev-snp") };
  },
};
