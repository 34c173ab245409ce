/**
 * Evidence of TDX on Azure, collected on the node: the paravisor's report, a quote
 * over the TD report in it, which the metadata service has made, and the quote of
 * the paravisor's TPM.
 *
 * @module
 */

import { fromBase64url, toBase64url } from "../../core/base64url.ts";
import type { NodeDevices } from "../device/devices.ts";
import type { Issuer } from "../device/issuer.ts";
import { askMetadata, malformed, textsOf } from "../device/metadata.ts";
import { issueParavisor, tdReportOf } from "../tpm/paravisor_report.ts";

/** Where the host's quoting enclave is asked (Microsoft, "Guest attestation for confidential VMs"). */
const TD_QUOTE = "/acc/tdquote";

/** Collects evidence of `azure-tdx`. */
export const azureTdxIssuer: Issuer = {
  variant: "azure-tdx",
  issue: async (devices, question) => {
    const { hclReport, files } = await issueParavisor(devices, "azure-tdx", question);
    return { ...files, tdQuote: await quoteOf(devices, tdReportOf(hclReport)) };
  },
};

async function quoteOf(devices: NodeDevices, tdReport: Uint8Array): Promise<Uint8Array> {
  const body = new TextEncoder().encode(JSON.stringify({ report: toBase64url(tdReport) }));
  const headers = { "Metadata": "true", "content-type": "application/json" };
  const question = { path: TD_QUOTE, method: "POST", headers, body } as const;
  const { quote } = textsOf(TD_QUOTE, await askMetadata(devices, "azure-tdx", question), ["quote"]);
  try {
    // The service is seen to pad, which base64url elsewhere here does not.
    return fromBase64url(quote.replace(/=+$/, ""));
  } catch (cause) {
    throw malformed(TD_QUOTE, cause instanceof Error ? cause.message : String(cause));
  }
}
