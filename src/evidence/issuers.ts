/**
 * Who collects the evidence of each variant on a node, and what that takes.
 * Verifiers do not load this.
 *
 * @module
 */

import { awsNitroTpmIssuer } from "./aws_nitro_tpm/issue.ts";
import { awsSevSnpIssuer } from "./aws_sev_snp/issue.ts";
import { azureSevSnpIssuer } from "./azure_sev_snp/issue.ts";
import { azureTdxIssuer } from "./azure_tdx/issue.ts";
import { azureTrustedLaunchIssuer } from "./azure_trusted_launch/issue.ts";
import { gcpSevEsIssuer } from "./gcp_sev_es/issue.ts";
import { gcpSevSnpIssuer } from "./gcp_sev_snp/issue.ts";
import { gcpTdxIssuer } from "./gcp_tdx/issue.ts";
import { openstackIssuer } from "./openstack/issue.ts";
import { qemuVtpmIssuer } from "./qemu_vtpm/issue.ts";
import { sevSnpIssuer } from "./snp/issue.ts";
import { tdxIssuer } from "./tdx/issue.ts";
import type { Issuer } from "./device/issuer.ts";
import type { VariantId } from "./variants/facts.ts";

export {
  EVENT_LOGS,
  type EventLogPaths,
  type NodeDevices,
  type NodeTpm,
} from "./device/devices.ts";
export type { IssueQuestion, Issuer } from "./device/issuer.ts";
export { collectEnvelope, Collector } from "./device/collect.ts";
export { describePlatform, type PlatformLine } from "./device/describe.ts";
export { detectVariant } from "./device/detect.ts";
export { type PlatformProbe, probePlatform, type TpmProbe } from "./device/probe.ts";
export { probeTpm } from "./tpm/probe.ts";

/** Who collects the evidence of which variant. */
export const issuers: Readonly<Record<VariantId, Issuer>> = {
  "sev-snp": sevSnpIssuer,
  "tdx": tdxIssuer,
  "gcp-tdx": gcpTdxIssuer,
  "aws-sev-snp": awsSevSnpIssuer,
  "gcp-sev-snp": gcpSevSnpIssuer,
  "azure-sev-snp": azureSevSnpIssuer,
  "azure-tdx": azureTdxIssuer,
  "aws-nitro-tpm": awsNitroTpmIssuer,
  "azure-trusted-launch": azureTrustedLaunchIssuer,
  "gcp-sev-es": gcpSevEsIssuer,
  "qemu-vtpm": qemuVtpmIssuer,
  "openstack": openstackIssuer,
};

/**
 * Who collects the evidence of a variant.
 *
 * @param variant The variant.
 */
export function issuerOf(variant: VariantId): Issuer {
  return issuers[variant];
}
