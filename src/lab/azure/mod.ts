/**
 * Lab evidence of Azure's confidential VMs.
 *
 * @module
 */

export * from "./hcl_report.ts";
export type {
  MintAzureSnpOptions,
  MintAzureTdxOptions,
  ParavisorBends,
  ParavisorOptions,
} from "./options.ts";
export * from "./runtime_data.ts";
export { mintAzureSnp, type MintedAzureSnp } from "./snp.ts";
export { mintAzureTdx, type MintedAzureTdx } from "./tdx.ts";
export * from "./td_report.ts";
