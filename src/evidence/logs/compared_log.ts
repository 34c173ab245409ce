/**
 * An event log beside registers that somebody signed.
 *
 * @module
 */

import type { Engine } from "../../core/crypto.ts";
import { type LogClaims, readClaims } from "./claims.ts";
import { type ComparedRegister, compareReplay, type QuotedRegister } from "./compare.ts";
import type { EventLog, LogEvent, Registers } from "./event_log.ts";
import { typeName } from "./event_types.ts";
import { askForLog } from "./operation.ts";
import type { Remark } from "./remark.ts";
import { remarkOn } from "./remarks.ts";

/** An event of the log, without its data: what these say stands in the claims. */
export interface ComparedEvent
  extends Pick<LogEvent, "number" | "register" | "type" | "digests" | "covered"> {
  /** Name of the type, or the kind of content where there is none. */
  readonly typeName: string;
}

/** The event log, and what signed registers confirm of it. */
export interface ComparedLog extends Pick<EventLog, "format" | "banks" | "startupLocality"> {
  /** Events, in order. */
  readonly events: readonly ComparedEvent[];
  /** What came of each signed register. */
  readonly registers: readonly ComparedRegister[];
  /** What the log says of registers that it explains in every signed bank of SHA-256 or better. */
  readonly claims: LogClaims;
  /** What is noticed about it. */
  readonly remarks: readonly Remark[];
}

/**
 * Reads a log and holds it against registers that somebody signed.
 *
 * Whether the log leads to the registers is not judged here: a register that it
 * does not explain says nothing, so that no claim is made of it.
 *
 * @param engine Verification engine.
 * @param file The log.
 * @param kind Kind of registers.
 * @param registers Registers that a verified signature covers; nothing else.
 * @throws {RejectedError} `logs.*`
 * @throws {InputError} `input.empty`, `input.too_large`
 */
export async function readComparedLog(
  engine: Engine,
  file: Uint8Array,
  kind: Registers,
  registers: readonly QuotedRegister[],
): Promise<ComparedLog> {
  const log = await askForLog(engine, file, kind);
  const comparison = compareReplay(log, registers, []);
  const claims = await readClaims(log, comparison.believed);
  return {
    format: log.format,
    banks: log.banks,
    startupLocality: log.startupLocality,
    events: log.events.map(withoutData),
    registers: comparison.registers,
    claims: claims.found,
    remarks: [...remarkOn(log), ...claims.remarks],
  };
}

function withoutData(
  { number, register, type, content, digests, covered }: LogEvent,
): ComparedEvent {
  return { number, register, type, typeName: typeName(type, content), digests, covered };
}
