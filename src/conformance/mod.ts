/**
 * The contract of tinfoil-conformance, by which verifiers of different makers
 * are compared: JSON on standard input, JSON on standard output, exit codes.
 *
 * Whoever writes an input chooses its root and its time, so an answer says how
 * this verifier behaves and nothing about a machine: decide by `verify` alone.
 *
 * @module
 */

export { type Answer, type Exit, EXITS } from "./answer.ts";
export { capabilities } from "./capabilities.ts";
export type { Settings } from "./settings.ts";
export { runStage, STAGE_NAMES } from "./stage.ts";
