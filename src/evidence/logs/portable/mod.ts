/**
 * Event logs for the portable engine.
 *
 * @module
 */

import type { Operations } from "../../../core/portable/engine.ts";
import { eventLog } from "./event_log.ts";

/** The operations, as the WASM module has them. */
export const operations: Operations = { event_log: eventLog };
