/**
 * Lab evidence of Google Cloud's instances.
 *
 * @module
 */

export * from "./attestation.ts";
export * from "./ccel_table.ts";
export * from "./instance.ts";
export * from "./sev_es.ts";
export * from "./sev_snp.ts";
export * from "./tdx.ts";
