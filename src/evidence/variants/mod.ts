/**
 * What is known of each variant, a platform and a TEE together: what is bound where, what says what
 * runs, and whose word each rests on.
 *
 * ```ts
 * import { VARIANTS } from "@casemate/casemate/variants";
 *
 * for (const [id, { title }] of Object.entries(VARIANTS)) console.log(id, title);
 * ```
 *
 * @module
 */

export type {
  AkProof,
  Layer,
  Measurement,
  QualifyingDataRule,
  ReportDataRule,
  VariantFacts,
  VariantId,
  WhatRuns,
} from "./facts.ts";
export { VARIANTS } from "./table.ts";
