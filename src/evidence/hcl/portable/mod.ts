/**
 * HCL reports for the portable engine.
 *
 * @module
 */

import type { Operations } from "../../../core/portable/engine.ts";
import { hclReport } from "./report.ts";
import { hclRuntime } from "./runtime.ts";

/** The operations, as the WASM module has them. */
export const operations: Operations = {
  hcl_report: hclReport,
  hcl_runtime: hclRuntime,
};
