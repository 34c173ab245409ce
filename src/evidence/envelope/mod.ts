/**
 * What a node sends: its statement of itself, what binds that to evidence, and envelopes around
 * both. For nodes and for who passes evidence on; nothing here verifies anything.
 *
 * ```ts
 * import { readStatement, writeStatement } from "@casemate/casemate/envelope";
 * import { LAB_STATEMENT } from "@casemate/casemate/lab";
 *
 * console.log(readStatement(writeStatement(LAB_STATEMENT)).nodeName);
 * ```
 *
 * @module
 */

export { type Envelope, readEnvelope, writeEnvelope } from "./envelope.ts";
export { ENVELOPE_MEDIA_TYPE, openEnvelope, readCmw, writeCmwCbor, writeCmwJson } from "./cmw.ts";
export {
  type CarriedEvidence,
  CMW_EXTENSION,
  type CmwExtension,
  cmwExtension,
  evidenceOf,
} from "./certificate.ts";
export { readStatement, writeStatement } from "../statement/read.ts";
export {
  bindingOf,
  type PhaseBank,
  qualifyingDataOf,
  reportDataOf,
  runtimeRegisterOf,
} from "../statement/binding.ts";
export type { Phase, Purpose, Statement } from "../statement/statement.ts";
