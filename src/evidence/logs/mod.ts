/**
 * Event logs: what they say, what of it may be believed, and what it claims.
 *
 * @module
 */

import type { Engine } from "../../core/crypto.ts";
import type { EventLog, Registers } from "./event_log.ts";
import { askForLog } from "./operation.ts";

export type { AuthorityClaim } from "./authorities.ts";
export type { BootLoaderClaim, BootLoaderText } from "./boot_loader_texts.ts";
export type { BootServicesClaim } from "./boot_services.ts";
export { type LogClaims, readClaims } from "./claims.ts";
export type { LogsCode } from "./codes.ts";
export { type CommandLineClaim, repeatedParameters } from "./command_line.ts";
export {
  type Believed,
  type ComparedRegister,
  compareReplay,
  type QuotedRegister,
  type ReplayComparison,
  type ReplayState,
} from "./compare.ts";
export type { ComparedEvent, ComparedLog } from "./compared_log.ts";
export type {
  Bank,
  Covered,
  EventLog,
  LogEvent,
  LogFormat,
  LogHeader,
  Registers,
} from "./event_log.ts";
export { EVENT_TYPES, type EventType, HASHED_WHOLE, typeName } from "./event_types.ts";
export type { ImageClaim } from "./images.ts";
export type { OwnerKeysClaim } from "./owner_keys.ts";
export { registerName } from "./registers.ts";
export { type Found, type Remark, type RemarkKind, REMARKS } from "./remark.ts";
export { remarkOn } from "./remarks.ts";
export type { SecureBootClaim } from "./secure_boot.ts";
export {
  findSeparators,
  type RegisterSeparators,
  type SeparatorState,
  stateOf,
} from "./separators.ts";
export { show } from "./show.ts";
export { tellClaims } from "./tell.ts";
export type {
  DatabaseName,
  ListedCertificate,
  SignatureDatabaseClaim,
} from "./signature_databases.ts";
export type { BelievedDigests, Measurer, Origin } from "./trusted_events.ts";
export type { SectionClaim, UnifiedKernelClaim } from "./unified_kernel.ts";
export type { VariableName } from "./variable_data.ts";

/**
 * Reads and replays an event log.
 *
 * What is established: the log has its form, and data of types that are hashed whole
 * hash to their digests. What is not: that any register has the values that it leads
 * to; `compareReplay` says that of a verified quote.
 *
 * @example Read a log, and what the firmware said of Secure Boot if its PCRs are believed
 * ```ts
 * import { inlineEngine } from "@casemate/casemate";
 * import { createTpmAuthority, mintTpm } from "@casemate/casemate/lab";
 * import { compareReplay, readClaims, readEventLog, typeName } from "@casemate/casemate/logs";
 *
 * const now = new Date();
 * // In earnest the log is /sys/kernel/security/tpm0/binary_bios_measurements of the guest.
 * const { eventLog, pcrs } = await mintTpm(await createTpmAuthority({ now }), { now });
 *
 * const log = await readEventLog(inlineEngine, eventLog, "pcr");
 * for (const { register, type, content, digests } of log.events) {
 *   console.log(register, typeName(type, content), digests.sha256);
 * }
 *
 * // In earnest these values are those of a quote that was verified: see `tpm`.
 * const quoted = Object.entries(pcrs.sha256 ?? {}).map(([register, value]) => (
 *   { bank: "sha256", register: Number(register), value } as const
 * ));
 * const { believed } = compareReplay(log, quoted, []);
 * const { found: claims, remarks } = await readClaims(log, believed);
 * if (claims.secureBoot?.enabled !== true) throw new Error("Secure Boot is off");
 * console.log(remarks);
 * ```
 *
 * @param engine Verification engine.
 * @param bytes The log: TCG (SHA-1 or crypto-agile), CCEL, or CEL in TLV or JSON.
 * @param registers Kind of registers that it must extend.
 * @throws {RejectedError} `logs.*`
 * @throws {InputError} `input.empty`, `input.too_large`
 */
export async function readEventLog(
  engine: Engine,
  bytes: Uint8Array,
  registers: Registers,
): Promise<EventLog> {
  return await askForLog(engine, bytes, registers);
}
