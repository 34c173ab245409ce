/**
 * Nitro for the portable engine.
 *
 * @module
 */

import type { Operations } from "../../../core/portable/engine.ts";
import { nitroDocument } from "./document.ts";
import { nitroVerify } from "./verify.ts";

/** The operations, as the WASM module has them. */
export const operations: Operations = {
  nitro_document: nitroDocument,
  nitro_verify: nitroVerify,
};
