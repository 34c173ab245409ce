/**
 * The WASM module of the crate beside it, typed. Every operation has one shape:
 * framed bytes in, JSON text out. `README.md` says what each takes and answers.
 *
 * @module
 */

import type { Exports } from "./lib/casemate_core.js";

export { type Exports, instantiate } from "./lib/casemate_core.js";

/** Name of an operation, as in `src/lib.rs`. */
export type Operation = keyof Exports;
