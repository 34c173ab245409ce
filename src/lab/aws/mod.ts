/**
 * Lab evidence of AWS: instances with NitroTPM, with and without SEV-SNP, and their identity documents.
 *
 * @module
 */

export * from "./authority.ts";
export type { CmsDescription } from "./cms.ts";
export * from "./identity.ts";
export { mintAwsNitroTpm, type MintAwsNitroTpmOptions, type MintedAws } from "./nitro_tpm.ts";
export type { AwsBends, MintAwsOptions } from "./options.ts";
export { createRegion, describeRegion, LAB_REGION_NAME, LAB_REGION_SERIAL } from "./region.ts";
export * from "./sev_snp.ts";
