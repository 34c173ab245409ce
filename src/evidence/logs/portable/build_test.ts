/**
 * Test support: event logs byte by byte, with hashes of Node's own. Holds no
 * tests of its own.
 *
 * @module
 */

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { concat, toHex } from "../../../core/bytes.ts";
import { CasemateError } from "../../../core/errors.ts";
import type { EventLog } from "../event_log.ts";
import { eventLog } from "./event_log.ts";

/** TPM_ALG_ID by name. */
export const IDS = { sha1: 0x04, sha256: 0x0b, sha384: 0x0c, sha512: 0x0d } as const;

/** A bank that has a name. */
export type NamedBank = keyof typeof IDS;

/** Text in UTF-8. */
export function utf8(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

/** Text in UTF-16, little-endian. */
export function utf16(text: string): Uint8Array<ArrayBuffer> {
  return concat(...[...text].map((letter) => u16(letter.charCodeAt(0))));
}

/** A digest. */
export function hashOf(bank: NamedBank, data: Uint8Array): Uint8Array {
  return new Uint8Array(createHash(bank).update(data).digest());
}

/** A number of 16 bits, little-endian. */
export function u16(value: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.of(value, value >>> 8);
}

/** A number of 32 bits, little-endian. */
export function u32(value: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.of(value, value >>> 8, value >>> 16, value >>> 24);
}

/** A number of 32 bits, big-endian. */
export function big32(value: number): Uint8Array<ArrayBuffer> {
  return u32(value).reverse();
}

/** Bytes after their length in 32 bits. */
export function sized(data: Uint8Array): Uint8Array<ArrayBuffer> {
  return concat(u32(data.length), data);
}

/** An event in the form of TPM 1.2. */
export function oldEvent(
  index: number,
  type: number,
  data: Uint8Array,
  digest: Uint8Array = hashOf("sha1", data),
): Uint8Array<ArrayBuffer> {
  return concat(u32(index), u32(type), digest, sized(data));
}

/** An algorithm of a header with the length of its digests. */
export type Declared = readonly [id: number, size: number];

/** Data of a header. */
export function headerData(
  algorithms: readonly Declared[],
  { count = algorithms.length, words = 2, vendor = new Uint8Array() } = {},
): Uint8Array<ArrayBuffer> {
  return concat(
    utf8("Spec ID Event03\0"),
    u32(1),
    Uint8Array.of(6, 2, 7, words),
    u32(count),
    ...algorithms.flat().map(u16),
    Uint8Array.of(vendor.length),
    vendor,
  );
}

/** What an honest log begins with. */
export function header(banks: readonly NamedBank[], index = 0): Uint8Array<ArrayBuffer> {
  const declared = banks.map((bank): Declared => [IDS[bank], hashOf(bank, u16(0)).length]);
  return oldEvent(index, 3, headerData(declared), new Uint8Array(20));
}

/** An event of a crypto-agile log, with digests of its data, or of other bytes. */
export function event(
  banks: readonly NamedBank[],
  index: number,
  type: number,
  data: Uint8Array,
  measured: Uint8Array = data,
): Uint8Array<ArrayBuffer> {
  const digests = banks.flatMap((bank) => [u16(IDS[bank]), hashOf(bank, measured)]);
  return concat(u32(index), u32(type), u32(banks.length), ...digests, sized(data));
}

/** A field of the TLV encoding. */
export function tlv(type: number, ...value: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = concat(...value);
  return concat(Uint8Array.of(type), big32(all.length), all);
}

/** Data of the event that states a locality. */
export function locality(value: number): Uint8Array<ArrayBuffer> {
  return concat(utf8("StartupLocality\0"), Uint8Array.of(value));
}

/** Registers that can be asked for. */
export type Asked = "PCR" | "RTMR" | "ANY";

/** Reads a log. */
export function read(file: Uint8Array, asked: Asked = "PCR"): EventLog {
  return eventLog([utf8(asked), file]);
}

/** The value that digests of some bytes lead to, hex. */
export function extended(bank: NamedBank, start: number, ...data: readonly Uint8Array[]): string {
  const zeros = new Uint8Array(hashOf(bank, u16(0)).length);
  zeros[zeros.length - 1] = start;
  return toHex(
    data.reduce((value, next) => hashOf(bank, concat(value, hashOf(bank, next))), zeros),
  );
}

/** Asserts that a log is refused with a code, and as what it is. */
export function assertRefused(
  file: Uint8Array,
  code: string,
  { asked = "PCR", event: at }: { readonly asked?: Asked; readonly event?: number } = {},
): void {
  assert.throws(() => read(file, asked), (error) => {
    assert.ok(error instanceof CasemateError, String(error));
    assert.equal(error.code, code);
    assert.equal(error.fields["event"], at === undefined ? undefined : `${at}`);
    return true;
  });
}
