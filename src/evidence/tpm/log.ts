/**
 * Reads the event log beside a verified quote.
 *
 * @module
 */

import type { Engine } from "../../core/crypto.ts";
import {
  compareReplay,
  type LogEvent,
  readClaims,
  readEventLog,
  remarkOn,
  typeName,
} from "../logs/mod.ts";
import type { RegisterValue, TpmLog, TpmLogEvent } from "./report.ts";

/**
 * Reads a log and holds it against registers that a quote covers.
 *
 * Whether the log leads to the registers is not judged here: a register that it
 * does not explain says nothing, so that no claim is made of it.
 *
 * @param engine Verification engine.
 * @param file The log.
 * @param registers Registers that a verified quote covers; nothing else.
 * @throws {RejectedError} `logs.*`
 * @throws {InputError} `input.empty`, `input.too_large`
 */
export async function readLog(
  engine: Engine,
  file: Uint8Array,
  registers: readonly RegisterValue[],
): Promise<TpmLog> {
  const log = await readEventLog(engine, file, "pcr");
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

function withoutData({ number, register, type, content, digests, covered }: LogEvent): TpmLogEvent {
  return { number, register, type, typeName: typeName(type, content), digests, covered };
}
