/**
 * Event logs in the Canonical Event Log Format (TCG CEL §5.1 TLV, §5.3 JSON).
 *
 * @module
 */

import { concat, toHex } from "../../core/bytes.ts";
import { LAB_HASHES, type LabBank } from "./algorithms.ts";
import { digestOfEvent, type LabEvent } from "./event.ts";
import { bigEndian } from "./wire.ts";

/** Types of fields of a record. */
const FIELDS = { record: 0, register: 1, digests: 3, firmware: 5 } as const;

/** Types of fields of a firmware event. */
const FIRMWARE_FIELDS = { type: 0, data: 1 } as const;

/** Type, length, value. */
function field(type: number, value: Uint8Array): Uint8Array<ArrayBuffer> {
  return concat(bigEndian(type, 1), bigEndian(value.length, 4), value);
}

/**
 * Writes a log as TLV.
 *
 * @param events Events in order.
 * @param banks Banks in order.
 */
export async function writeCelTlv(
  events: readonly LabEvent[],
  banks: readonly LabBank[],
): Promise<Uint8Array<ArrayBuffer>> {
  const records = events.map(async (event, number) => {
    const digests = banks.map(async (bank) =>
      field(LAB_HASHES[bank].id, await digestOfEvent(event, bank))
    );
    const content = concat(
      field(FIRMWARE_FIELDS.type, bigEndian(event.type, 4)),
      field(FIRMWARE_FIELDS.data, event.data),
    );
    return concat(
      field(FIELDS.record, bigEndian(number, 8)),
      field(FIELDS.register, bigEndian(event.register, 1)),
      field(FIELDS.digests, concat(...await Promise.all(digests))),
      field(FIELDS.firmware, content),
    );
  });
  return concat(...await Promise.all(records));
}

/**
 * Writes a log as JSON: an array of records.
 *
 * @param events Events in order.
 * @param banks Banks in order.
 */
export async function writeCelJson(
  events: readonly LabEvent[],
  banks: readonly LabBank[],
): Promise<Uint8Array<ArrayBuffer>> {
  const records = events.map(async (event, recnum) => ({
    recnum,
    pcr: event.register,
    digests: await Promise.all(banks.map(async (bank) => ({
      hashAlg: bank,
      digest: toHex(await digestOfEvent(event, bank)),
    }))),
    content_type: "pcclient_std",
    content: { event_type: event.type, event_data: toHex(event.data) },
  }));
  return new TextEncoder().encode(JSON.stringify(await Promise.all(records)));
}
