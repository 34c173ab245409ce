/**
 * Event logs: reads them, replays them, and says which of their data their
 * digests cover.
 *
 * @module
 */

import { toHex } from "../../../core/bytes.ts";
import { CasemateError } from "../../../core/errors.ts";
import { argumentsOf, misuse } from "../../../core/portable/frame.ts";
import { refuseCore } from "../../../core/portable/refuse.ts";
import type { Covered, EventLog, LogEvent, Registers } from "../event_log.ts";
import { isCelJson, readCelJson } from "./cel_json.ts";
import { isCelTlv, readCelTlv } from "./cel_tlv.ts";
import { judgeData } from "./covered.ts";
import type { Entry, ReadLog } from "./entry.ts";
import { replay } from "./replay.ts";
import { readTcg } from "./tcg.ts";

/** Largest log. A TPM's event log has 64 KiB as a rule; genuine ones fill less than that. */
const MAX_BYTES = 1024 * 1024;
/** Name of what is read. */
const INPUT = "event log";
/** Kinds of registers to try, by the first argument. */
const ASKED: ReadonlyMap<string, readonly [Registers, Registers?]> = new Map([
  ["PCR", ["pcr"]],
  ["RTMR", ["rtmr"]],
  ["ANY", ["rtmr", "pcr"]],
]);
/** What says that a log speaks of other registers. */
const OTHER_REGISTERS: readonly string[] = ["logs.header", "logs.register"];

/**
 * Reads a log: the operation `event_log`.
 *
 * @param parts Kind of registers, as `PCR`, `RTMR` or `ANY`; the log.
 * @throws {RejectedError} `logs.*` of the checks `logs.log` and `logs.data`
 * @throws {InputError} `input.empty`, `input.too_large`
 */
export function eventLog(parts: readonly Uint8Array[]): EventLog {
  const [word = new Uint8Array(), file = new Uint8Array()] = argumentsOf(parts, 2);
  const asked = ASKED.get(String.fromCharCode(...word.subarray(0, 8)));
  if (asked === undefined) throw misuse("there are no such registers");
  checkSize(file);
  const log = readAny(file, asked);
  const covered = judgeData(log);
  const { format, registers, header, banks, startupLocality, padding } = log;
  const events = log.entries.map((entry, number) => describe(entry, number, covered[number]));
  return {
    ...{ format, registers, header, banks, startupLocality, events },
    replay: replay(log),
    padding,
  };
}

function checkSize(file: Uint8Array): void {
  if (file.length === 0) throw refuseCore("input.empty", { input: INPUT });
  if (file.length <= MAX_BYTES) return;
  const sizes = { limit: `${MAX_BYTES} bytes`, actual: `${file.length} bytes` };
  throw refuseCore("input.too_large", { input: INPUT, ...sizes });
}

function readAny(
  file: Uint8Array,
  [registers, others]: readonly [Registers, Registers?],
): ReadLog {
  try {
    return read(file, registers);
  } catch (error) {
    const isOther = error instanceof CasemateError && OTHER_REGISTERS.includes(error.code);
    if (others === undefined || !isOther) throw error;
    return read(file, others);
  }
}

function read(file: Uint8Array, registers: Registers): ReadLog {
  if (isCelJson(file)) return readCelJson(file, registers);
  return isCelTlv(file) ? readCelTlv(file, registers) : readTcg(file, registers);
}

function describe(entry: Entry, number: number, covered: Covered = null): LogEvent {
  const { register, type, content, digests, data } = entry;
  const hex = [...digests].map(([name, digest]) => [name, toHex(digest)]);
  return {
    ...{ number, register, type, content },
    digests: Object.fromEntries(hex),
    data: toHex(data),
    covered,
  };
}
