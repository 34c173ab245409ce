/**
 * The first event of a crypto-agile log: TCG_EfiSpecIDEvent (PFP §10.4.5.1).
 *
 * @module
 */

import { toHex } from "../../../core/bytes.ts";
import type { LogHeader, Registers } from "../event_log.ts";
import { algorithmName, isDigestLength, MAX_BANKS } from "./banks.ts";
import { EV_NO_ACTION } from "./entry.ts";
import { LogBytes } from "./log_bytes.ts";
import { refuseLog } from "./refuse.ts";

/** What its data begin with. */
const SIGNATURE = new TextEncoder().encode("Spec ID Event03\0");

/** Highest index that it may name: 0 by the specification, though it extends nothing; firmware of TDs names 1 in the CCEL. */
const LAST_INDEX = { pcr: 0, rtmr: 1 } as const satisfies Record<Registers, number>;

/** An event in the form of TPM 1.2 (TCG_PCR_EVENT, PFP §10.2.1). */
export interface OldEvent {
  /** Index of its register. */
  readonly index: number;
  /** Type. */
  readonly type: number;
  /** Its SHA-1 digest. */
  readonly digest: Uint8Array;
  /** Its data. */
  readonly data: Uint8Array;
}

/** What the header says. */
export interface AgileHeader {
  /** For a person. */
  readonly header: LogHeader;
  /** Length of a digest by TPM_ALG_ID, bytes, in the order of the header. */
  readonly sizes: ReadonlyMap<number, number>;
}

/**
 * Reads the header of a crypto-agile log.
 *
 * @param event The first event of a log.
 * @param registers Registers that the log speaks of.
 * @returns Undefined where it is no such header.
 * @throws {RejectedError} `logs.header`, `logs.limit`
 */
export function readHeader(
  { index, type, digest, data }: OldEvent,
  registers: Registers,
): AgileHeader | undefined {
  if (type !== EV_NO_ACTION || !SIGNATURE.every((byte, i) => byte === data[i])) return undefined;
  if (index > LAST_INDEX[registers]) throw refuseHeader("it names a register");
  if (digest.some((byte) => byte !== 0)) throw refuseHeader("it has a digest");
  const fields = new LogBytes(data, () => refuseHeader("it ends within a field"));
  fields.take(SIGNATURE.length);
  const platformClass = fields.u32();
  const [minor, major, errata] = [fields.u8(), fields.u8(), fields.u8()];
  const wordSize = fields.u8();
  if (wordSize !== 1 && wordSize !== 2) throw refuseHeader("words have an unknown size");
  const sizes = takeSizes(fields);
  const vendorInfo = toHex(fields.take(fields.u8()));
  if (!fields.isAtEnd) throw refuseHeader("bytes follow its end");
  const specification = `${major}.${minor} errata ${errata}`;
  return { header: { specification, platformClass, vendorInfo }, sizes };
}

function takeSizes(fields: LogBytes): ReadonlyMap<number, number> {
  const count = fields.u32();
  if (count === 0) throw refuseHeader("it has no algorithm");
  if (count > MAX_BANKS) throw refuseLog("logs.limit", `there are ${count} algorithms`);
  const sizes = new Map<number, number>();
  for (let i = 0; i < count; i++) {
    const [id, size] = [fields.u16(), fields.u16()];
    const name = algorithmName(id);
    if (sizes.has(id)) throw refuseHeader(`${name} is there twice`);
    if (!isDigestLength(name, size)) throw refuseHeader(`${name} has not ${size} bytes`);
    sizes.set(id, size);
  }
  return sizes;
}

/**
 * A refusal of the header.
 *
 * @param reason What is wrong with it.
 */
export function refuseHeader(reason: string): Error {
  return refuseLog("logs.header", reason);
}
