/**
 * Canonical event logs in the TLV encoding (CEL §5.1): records one after the
 * other, each of four fields: number, register, digests, content.
 *
 * @module
 */

import type { Registers } from "../event_log.ts";
import { algorithmName, MAX_BANKS } from "./banks.ts";
import { readContent } from "./cel_tlv_content.ts";
import type { Digests, ReadLog } from "./entry.ts";
import { LogBytes } from "./log_bytes.ts";
import { addDigest } from "./record_digests.ts";
import type { Index } from "./record_numbers.ts";
import { Records } from "./records.ts";
import { refuseEvent } from "./refuse.ts";
import { type Field, numberOf, takeField, type TlvPlace } from "./tlv.ts";

/** Types of the fields of a record. */
const RECORD_NUMBER = 0;
const DIGESTS = 3;
/** Types of registers. That of confidential VMs is not in the specification; go-eventlog writes it. */
const INDEXES: ReadonlyMap<number, Index["kind"]> = new Map([
  [1, "pcr"],
  [2, "nv_index"],
  [108, "ccmr"],
]);
/** Bytes of a field before its value. */
const HEAD_BYTES = 5;
/** Most bytes of a record number, and of a register. */
const NUMBER_BYTES = 8;
const INDEX_BYTES = 4;

/**
 * Whether a file is a log in this encoding: it begins with a record whose
 * number is zero, and which names a register.
 *
 * @param file The file.
 */
export function isCelTlv(file: Uint8Array): boolean {
  if (file.length < HEAD_BYTES || file[0] !== RECORD_NUMBER) return false;
  const length = new DataView(file.buffer, file.byteOffset, HEAD_BYTES).getUint32(1);
  if (length < 1 || length > NUMBER_BYTES) return false;
  const index = file[HEAD_BYTES + length];
  const isZero = file.subarray(HEAD_BYTES, HEAD_BYTES + length).every((byte) => byte === 0);
  return isZero && index !== undefined && INDEXES.has(index);
}

/**
 * Reads a log.
 *
 * @param file The log.
 * @param registers Registers that it speaks of.
 * @throws {RejectedError} `logs.syntax`, `logs.truncated`, `logs.record_number`,
 * `logs.limit`, `logs.register`, `logs.digests`, `logs.locality`
 */
export function readCelTlv(file: Uint8Array, registers: Registers): ReadLog {
  const records = new Records(registers);
  const fields = new LogBytes(file, () => placeOf(records).short());
  while (!fields.isAtEnd) {
    records.checkRoom();
    takeRecord(fields, records);
  }
  return records.finish("cel-tlv");
}

function placeOf({ next }: Records): TlvPlace {
  return {
    short: () => refuseEvent("logs.truncated", next, "it ends within a field"),
    wrong: (reason) => refuseEvent("logs.syntax", next, reason),
  };
}

function takeRecord(fields: LogBytes, records: Records): void {
  const place = placeOf(records);
  const first = takeField(fields);
  if (first.type !== RECORD_NUMBER) throw place.wrong("it does not begin with a number");
  const recordNumber = numberOf(first.value, NUMBER_BYTES, place);
  const index = readIndex(takeField(fields), place);
  const digests = readDigests(takeField(fields), records.next, place);
  const content = readContent(takeField(fields), place);
  records.add({ recordNumber, index, digests, content });
}

function readIndex({ type, value }: Field, place: TlvPlace): Index {
  const kind = INDEXES.get(type);
  if (kind === undefined) throw place.wrong("its second field is no register");
  return { kind, number: Number(numberOf(value, INDEX_BYTES, place)) };
}

/** Types of digests are TPM_ALG_ID; only those of one byte fit. */
function readDigests({ type, value }: Field, event: number, place: TlvPlace): Digests {
  if (type !== DIGESTS) throw place.wrong("its third field has no digests");
  const parts = new LogBytes(value, place.short);
  const digests = new Map<string, Uint8Array>();
  while (!parts.isAtEnd) {
    const digest = takeField(parts);
    if (digests.size === MAX_BANKS) {
      throw refuseEvent("logs.limit", event, `there are more than ${MAX_BANKS} digests`);
    }
    addDigest(digests, [algorithmName(digest.type), digest.value], event);
  }
  return digests;
}
