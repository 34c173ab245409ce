/**
 * Evidence of SEV-SNP on Azure, collected on the node: the paravisor's report and
 * its TPM's quote, and AMD's certificates from the metadata service where it may
 * be asked.
 *
 * @module
 */

import type { NodeDevices } from "../device/devices.ts";
import type { Issuer } from "../device/issuer.ts";
import { askMetadata, textsOf } from "../device/metadata.ts";
import type { FilesByRole } from "../files_by_role.ts";
import { issueParavisor } from "../tpm/paravisor_report.ts";

/** Trusted Hardware Identity Management: certificates of this machine's processor. */
const THIM = "/metadata/THIM/amd/certification";

/** Collects evidence of `azure-sev-snp`. */
export const azureSevSnpIssuer: Issuer = {
  variant: "azure-sev-snp",
  issue: async (devices, question) => {
    const { files } = await issueParavisor(devices, "azure-sev-snp", question);
    return { ...files, ...await certificates(devices) };
  },
};

/** Without the service the verifier has them of AMD. */
async function certificates(devices: NodeDevices): Promise<FilesByRole> {
  if (devices.metadata === null) return {};
  const headers = { "Metadata": "true" };
  const body = await askMetadata(devices, "azure-sev-snp", { path: THIM, headers });
  const { vcekCert, certificateChain } = textsOf(THIM, body, ["vcekCert", "certificateChain"]);
  const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
  return { leaf: encode(vcekCert), chainAskArk: encode(certificateChain) };
}
