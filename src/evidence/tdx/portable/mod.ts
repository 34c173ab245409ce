/**
 * TDX and SGX for the portable engine.
 *
 * @module
 */

import type { Operations } from "../../../core/portable/engine.ts";
import { tdxPck } from "./pck.ts";
import { tdxCollateral, tdxQuote } from "./show.ts";
import { tdxVerify } from "./verify.ts";

/** The operations, as the WASM module has them. */
export const operations: Operations = {
  tdx_verify: tdxVerify,
  tdx_quote: tdxQuote,
  tdx_collateral: tdxCollateral,
  tdx_pck: tdxPck,
};
