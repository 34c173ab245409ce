/**
 * Event logs for the portable engine.
 *
 * @module
 */

import type { Operations, PortableOperation } from "../../../core/portable/engine.ts";
import { eventLog } from "./event_log.ts";

/**
 * The operations, as the WASM module has them. Their names are those of the
 * module's exports; `event_log` is spelled out beside them until it is built.
 */
export const operations: Operations & { readonly event_log: PortableOperation } = {
  event_log: eventLog,
};
