/**
 * EC2 for the portable engine.
 *
 * @module
 */

import type { Operations } from "../../../core/portable/engine.ts";
import { ec2Identity } from "./identity.ts";

/** The operations, as the WASM module has them. */
export const operations: Operations = {
  ec2_identity: ec2Identity,
};
