/**
 * The one CBOR structure (RFC 8949) that a CMW record is: an array of a text or
 * a number, bytes, and perhaps a number. Definite lengths in their shortest
 * form only, so that a record has one encoding.
 *
 * @module
 */

import { concat } from "../../core/bytes.ts";
import { refuse } from "./refusal.ts";

/** A record, of which nothing is judged yet. */
export interface CmwRecord {
  /** What it says that it holds: a media type, or the number of a content format of CoAP. */
  readonly type: string | number;
  /** What it holds. */
  readonly value: Uint8Array;
  /** What kind of message that is; undefined where it does not say. */
  readonly indicator: unknown;
}

/** Major types (§3.1). */
const MAJOR = { number: 0, bytes: 2, text: 3, list: 4, map: 5, tag: 6 } as const;

/** Bytes of an argument by the additional information that announces them; below 24 it is the argument. */
const ARGUMENT_BYTES: Readonly<Record<number, number>> = { 24: 1, 25: 2, 26: 4, 27: 8 };

/** The head of a data item. */
interface Head {
  readonly major: number;
  /** The number, the length, or how many items. */
  readonly argument: number;
}

/**
 * Reads a record.
 *
 * @param bytes The record.
 * @throws {InputError} `envelope.cmw`
 */
export function readCborRecord(bytes: Uint8Array): CmwRecord {
  const reader = new Reader(bytes);
  const { major, argument } = reader.head();
  if (major === MAJOR.tag) throw malformed("it is a tag; only the record as an array is read");
  if (major === MAJOR.map) throw malformed("it is a collection");
  if (major !== MAJOR.list) throw malformed("it is no array");
  if (argument !== 2 && argument !== 3) throw malformed(`it has ${argument} items, not 2 or 3`);
  const type = reader.textOrNumber();
  const value = reader.bytes();
  const indicator = argument === 2 ? undefined : reader.number();
  reader.finish();
  return { type, value, indicator };
}

/**
 * Writes a record.
 *
 * @param type Its media type.
 * @param value Its value.
 * @param indicator Its indicator.
 */
export function writeCborRecord(
  type: string,
  value: Uint8Array,
  indicator: number,
): Uint8Array {
  const text = new TextEncoder().encode(type);
  return concat(
    headOf(MAJOR.list, 3),
    ...[headOf(MAJOR.text, text.length), text],
    ...[headOf(MAJOR.bytes, value.length), value],
    headOf(MAJOR.number, indicator),
  );
}

function headOf(major: number, argument: number): Uint8Array {
  if (argument < 24) return Uint8Array.of(major << 5 | argument);
  const [info, size] = argument < 0x100 ? [24, 1] : argument < 0x1_0000 ? [25, 2] : [26, 4];
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setUint32(4, argument);
  return concat(Uint8Array.of(major << 5 | info), bytes.subarray(8 - size));
}

/** Bytes, read from their start on. */
class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  head(): Head {
    const [first = 0] = this.#take(1);
    const [major, info] = [first >> 5, first & 0x1f];
    if (info < 24) return { major, argument: info };
    const size = ARGUMENT_BYTES[info];
    if (size === undefined) throw malformed("a length is indefinite");
    const argument = this.#take(size).reduce((sum, byte) => sum * 256 + byte, 0);
    // §4.2.1: what fits into fewer bytes must be in them.
    const least = size === 1 ? 24 : 2 ** (4 * size);
    if (argument < least) throw malformed("a head is longer than it needs to be");
    return { major, argument };
  }

  textOrNumber(): string | number {
    const { major, argument } = this.head();
    if (major === MAJOR.number) return argument;
    if (major !== MAJOR.text) throw malformed("its type is neither text nor number");
    try {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(
        this.#take(argument),
      );
    } catch (cause) {
      if (!(cause instanceof TypeError)) throw cause;
      throw malformed("its type is not UTF-8");
    }
  }

  bytes(): Uint8Array {
    const { major, argument } = this.head();
    if (major !== MAJOR.bytes) throw malformed("its value is no bytes");
    return this.#take(argument);
  }

  number(): number {
    const { major, argument } = this.head();
    if (major !== MAJOR.number) throw malformed("its indicator is no number");
    return argument;
  }

  finish(): void {
    if (this.#at !== this.#bytes.length) throw malformed("something follows it");
  }

  #take(count: number): Uint8Array {
    if (count > this.#bytes.length - this.#at) throw malformed("it is cut short");
    this.#at += count;
    return this.#bytes.slice(this.#at - count, this.#at);
  }
}

function malformed(reason: string): Error {
  return refuse("envelope.cmw", { reason });
}
