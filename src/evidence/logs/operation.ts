/**
 * The engine's operation on event logs.
 *
 * @module
 */

import type { Engine } from "../../core/crypto.ts";
import type { EventLog, Registers } from "./event_log.ts";

/**
 * Asks the engine to read a log.
 *
 * @param engine Verification engine.
 * @param bytes The log.
 * @param registers Kind of registers that it must extend; `any` where they are told from the log,
 * which is for showing alone, since whoever wrote the log chooses them.
 */
export async function askForLog(
  engine: Engine,
  bytes: Uint8Array,
  registers: Registers | "any",
): Promise<EventLog> {
  const word = new TextEncoder().encode(registers.toUpperCase());
  // The engine answers with this shape; tests hold it.
  return await engine.run("event_log", [word, bytes]) as EventLog;
}
