/**
 * The WASM module of the crate beside it, typed. Every operation has one shape:
 * framed bytes in, JSON text out. `README.md` says what each takes and answers.
 *
 * @module
 */

import { type Exports as Built, instantiate as start } from "./lib/casemate_core.js";

/** Operations that the module gets when it is next built; until then each ends as an engine that stopped. */
type Coming =
  | "hcl_report"
  | "hcl_runtime"
  | "gce_instance"
  | "gce_endorsement"
  | "x509_extension"
  | "ec2_identity"
  | "nitro_document"
  | "nitro_verify";

/** Functions of one instance of the module. */
export type Exports = Built & Readonly<Record<Coming, (input: Uint8Array) => string>>;

/** Name of an operation, as in `src/lib.rs`. */
export type Operation = keyof Exports;

/**
 * Starts an instance, with memory of its own.
 *
 * @param module The compiled module, `casemate_core_bg.wasm`.
 */
export function instantiate(module: WebAssembly.Module): Exports {
  return start(module) as Exports;
}
