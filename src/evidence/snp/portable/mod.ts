/**
 * SEV-SNP for the portable engine.
 *
 * @module
 */

import type { Operations } from "../../../core/portable/engine.ts";
import { snpLeaf } from "./leaf.ts";
import { snpReport } from "./report.ts";
import { snpCertificateTable } from "./table.ts";
import { snpVerify } from "./verify.ts";

/** The operations, as the WASM module has them. */
export const operations: Operations = {
  snp_verify: snpVerify,
  snp_report: snpReport,
  snp_leaf: snpLeaf,
  snp_certificate_table: snpCertificateTable,
};
