/**
 * Logs in the binary formats of the TCG (PFP §10.2): SHA-1 alone, as for
 * TPM 1.2, and crypto-agile, which the CCEL of confidential VMs is, too.
 *
 * @module
 */

import type { Registers } from "../event_log.ts";
import { algorithmName, areBanksOfTd } from "./banks.ts";
import { Entries } from "./entries.ts";
import { type Digests, EV_NO_ACTION, type ReadLog } from "./entry.ts";
import { LogBytes } from "./log_bytes.ts";
import { refuseEvent, refuseLog } from "./refuse.ts";
import { type AgileHeader, type OldEvent, readHeader, refuseHeader } from "./tcg_header.ts";

/** Kind of content of every event of these formats (CEL §5.2). */
const CONTENT = "pcclient_std";
/** Length of the digest of an event in the form of TPM 1.2. */
const SHA1_BYTES = 20;

/** A log whose first event was read. */
interface Opened {
  /** Undefined where the log is in the form of TPM 1.2. */
  readonly agile: AgileHeader | undefined;
  readonly banks: readonly string[];
  /** Where the first event begins that is no header. */
  readonly start: number;
  /** From where on there is padding alone. */
  readonly end: number;
}

/**
 * Reads a log.
 *
 * @param file The log.
 * @param registers Registers that it speaks of.
 * @throws {RejectedError} `logs.format`, `logs.header`, `logs.truncated`, `logs.limit`,
 * `logs.register`, `logs.digests`, `logs.locality`
 */
export function readTcg(file: Uint8Array, registers: Registers): ReadLog {
  const { agile, banks, start, end } = open(file, registers);
  if (registers === "rtmr" && !areBanksOfTd(banks)) {
    throw refuseHeader("registers of a TD have SHA-384 alone");
  }
  const entries = new Entries(registers);
  const fields = new LogBytes(file, () => refuseTruncated(entries));
  fields.take(start);
  while (fields.taken < end) {
    entries.checkRoom();
    takeEvent(fields, entries, agile);
  }
  if (entries.next === 0) throw refuseFormat("there is no event in it");
  return {
    format: agile === undefined ? "tcg-1.2" : "tcg-2",
    registers,
    header: agile?.header ?? null,
    banks,
    startupLocality: entries.startupLocality,
    entries: entries.all,
    padding: file.length - fields.taken,
  };
}

function open(file: Uint8Array, registers: Registers): Opened {
  const end = paddingStart(file);
  if (end === 0) throw refuseFormat("there is no event in it");
  const first = new LogBytes(file, () => refuseFormat("its first event does not end"));
  const agile = readHeader(takeOld(first), registers);
  if (agile === undefined) return { agile, banks: ["sha1"], start: 0, end };
  return {
    agile,
    banks: [...agile.sizes.keys()].map(algorithmName),
    start: first.taken,
    end,
  };
}

/**
 * From where on all bytes are 00, or all are FF. An event that would begin
 * there is padding. Sought once from the end: asked anew at each event it would
 * take a time that grows with the square of the size.
 */
function paddingStart(file: Uint8Array): number {
  const pad = file.at(-1);
  if (pad !== 0x00 && pad !== 0xff) return file.length;
  return file.findLastIndex((byte) => byte !== pad) + 1;
}

/** TCG_PCR_EVENT. */
function takeOld(fields: LogBytes): OldEvent {
  const [index, type] = [fields.u32(), fields.u32()];
  const digest = fields.take(SHA1_BYTES);
  return { index, type, digest, data: fields.take(fields.u32()) };
}

/** TCG_PCR_EVENT2, or TCG_PCR_EVENT where there is no header. */
function takeEvent(fields: LogBytes, entries: Entries, agile: AgileHeader | undefined): void {
  const [index, type] = [fields.u32(), fields.u32()];
  const digests = agile === undefined
    ? new Map([["sha1", fields.take(SHA1_BYTES)]])
    : takeDigests(fields, agile.sizes, entries);
  const data = fields.take(fields.u32());
  const register = type === EV_NO_ACTION ? null : entries.registerOf(index);
  entries.add({ register, type, content: CONTENT, digests, data });
}

/** TPML_DIGEST_VALUES, which has one digest of each algorithm of the header. */
function takeDigests(
  fields: LogBytes,
  sizes: ReadonlyMap<number, number>,
  { next }: Entries,
): Digests {
  const refuse = (reason: string): Error => refuseEvent("logs.digests", next, reason);
  const count = fields.u32();
  if (count !== sizes.size) throw refuse(`${sizes.size} digests expected, got ${count}`);
  const digests = new Map<string, Uint8Array>();
  for (let i = 0; i < count; i++) {
    const id = fields.u16();
    const [name, size] = [algorithmName(id), sizes.get(id)];
    if (size === undefined) throw refuse(`the header has no ${name}`);
    if (digests.has(name)) throw refuse(`${name} is there twice`);
    digests.set(name, fields.take(size));
  }
  return digests;
}

function refuseTruncated({ next }: Entries): Error {
  return refuseEvent("logs.truncated", next, "the log ends within it");
}

function refuseFormat(reason: string): Error {
  return refuseLog("logs.format", reason);
}
