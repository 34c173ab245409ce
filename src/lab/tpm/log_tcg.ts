/**
 * Event logs as firmware writes them (TCG PFP §10.2, §10.4.5). All numbers are
 * little-endian.
 *
 * @module
 */

import { concat } from "../../core/bytes.ts";
import { littleEndian } from "../fields.ts";
import { LAB_HASHES, type LabBank } from "./algorithms.ts";
import { digestOfEvent, EVENT_TYPES, type LabEvent } from "./event.ts";

/** What the first event of a crypto-agile log says (TCG_EfiSpecIdEvent). */
export interface LogHeaderDescription {
  /** Register that it is logged under: 0; in a trust domain's log TDVF writes 1. */
  readonly register: number;
  /** Class of the platform: 0 client, 1 server. */
  readonly platformClass: number;
  /** Version: minor, major, errata. */
  readonly version: readonly [minor: number, major: number, errata: number];
  /** Count of algorithms that is written; default the true one. */
  readonly count?: number;
  /** Algorithms and the sizes of their digests. */
  readonly algorithms: readonly (readonly [id: number, size: number])[];
  /** Bytes of the vendor. */
  readonly vendorInfo: Uint8Array;
}

/**
 * What an honest log says first.
 *
 * @param banks Banks of the log.
 */
export function describeLogHeader(banks: readonly LabBank[]): LogHeaderDescription {
  return {
    register: 0,
    platformClass: 0,
    version: [0, 2, 0],
    algorithms: banks.map((bank) => [LAB_HASHES[bank].id, LAB_HASHES[bank].bytes]),
    vendorInfo: new Uint8Array(),
  };
}

/**
 * Writes a crypto-agile log.
 *
 * @param events Events in order.
 * @param banks Banks in order.
 * @param header What the first event says.
 */
export async function writeAgileLog(
  events: readonly LabEvent[],
  banks: readonly LabBank[],
  header: LogHeaderDescription = describeLogHeader(banks),
): Promise<Uint8Array<ArrayBuffer>> {
  const first = oldEvent(
    header.register,
    EVENT_TYPES.noAction,
    new Uint8Array(20),
    headerData(header),
  );
  return concat(first, ...await Promise.all(events.map((event) => agileEvent(event, banks))));
}

/**
 * Writes the log of a trust domain (CCEL, UEFI 2.10 §38.4): SHA-384 alone, the
 * header under register 1, as TDVF has it.
 *
 * @param events Events in order, registers numbered from 1.
 */
export async function writeCcel(events: readonly LabEvent[]): Promise<Uint8Array<ArrayBuffer>> {
  return await writeAgileLog(events, ["sha384"], { ...describeLogHeader(["sha384"]), register: 1 });
}

function headerData(header: LogHeaderDescription): Uint8Array {
  const { algorithms, count = algorithms.length, vendorInfo } = header;
  // Registers of 64 bits: the size of UINTN in units of four bytes.
  const uintn = 2;
  return concat(
    new TextEncoder().encode("Spec ID Event03\0"),
    littleEndian(header.platformClass, 4),
    Uint8Array.of(...header.version, uintn),
    littleEndian(count, 4),
    ...algorithms.flatMap(([id, size]) => [littleEndian(id, 2), littleEndian(size, 2)]),
    Uint8Array.of(vendorInfo.length),
    vendorInfo,
  );
}

/** TCG_PCR_EVENT2. */
async function agileEvent(event: LabEvent, banks: readonly LabBank[]): Promise<Uint8Array> {
  const digests = banks.map(async (bank) =>
    concat(littleEndian(LAB_HASHES[bank].id, 2), await digestOfEvent(event, bank))
  );
  return concat(
    littleEndian(event.register, 4),
    littleEndian(event.type, 4),
    littleEndian(banks.length, 4),
    ...await Promise.all(digests),
    littleEndian(event.data.length, 4),
    event.data,
  );
}

/**
 * Writes a log of TPM 1.2's form, which has SHA-1 alone.
 *
 * @param events Events in order.
 */
export async function writeOldLog(events: readonly LabEvent[]): Promise<Uint8Array<ArrayBuffer>> {
  const written = events.map(async (event) =>
    oldEvent(event.register, event.type, await digestOfEvent(event, "sha1"), event.data)
  );
  return concat(...await Promise.all(written));
}

/** TCG_PCR_EVENT. */
function oldEvent(
  register: number,
  type: number,
  digest: Uint8Array,
  data: Uint8Array,
): Uint8Array<ArrayBuffer> {
  return concat(
    littleEndian(register, 4),
    littleEndian(type, 4),
    digest,
    littleEndian(data.length, 4),
    data,
  );
}
