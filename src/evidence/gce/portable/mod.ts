/**
 * Google Compute Engine for the portable engine.
 *
 * @module
 */

import type { Operations } from "../../../core/portable/engine.ts";
import { gceEndorsement } from "./endorsement.ts";
import { gceInstance } from "./instance.ts";

/** The operations, as the WASM module has them. */
export const operations: Operations = {
  gce_instance: gceInstance,
  gce_endorsement: gceEndorsement,
};
