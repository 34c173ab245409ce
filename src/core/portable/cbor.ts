/**
 * CBOR (RFC 8949), read so strictly that a value has one encoding: lengths are
 * definite and heads as short as they can be (§4.2.1), keys of a map unique;
 * no floats, and no tags but one that the caller expects in front.
 *
 * Our own, since npm `cborg` even at its strictest takes text that is no UTF-8,
 * equal keys that are byte strings, floats, and any nesting.
 *
 * @module
 */

import { toHex } from "../bytes.ts";
import { Malformed } from "../malformed.ts";
import { utf8Of } from "./values.ts";

/** Most arrays and maps inside one another; what is read here has three. */
const MAX_NESTING = 8;
/** Most values in all: one takes far more memory than the byte that it can be; what is read here has fewer than 100. */
const MAX_VALUES = 1024;

/** A value. */
export type Cbor =
  /** Whole numbers, from -2^64 to 2^64 - 1. */
  | { readonly type: "integer"; readonly value: bigint }
  | { readonly type: "bytes"; readonly value: Uint8Array }
  | { readonly type: "text"; readonly value: string }
  | { readonly type: "array"; readonly items: readonly Cbor[] }
  | { readonly type: "map"; readonly entries: readonly CborEntry[] }
  | { readonly type: "simple"; readonly value: boolean | null };

/** An entry of a map. */
export interface CborEntry {
  /** Key, of any type. */
  readonly key: Cbor;
  /** Value. */
  readonly value: Cbor;
}

/** Major types (§3.1). */
const MAJOR = { unsigned: 0, negative: 1, bytes: 2, text: 3, array: 4, map: 5, tag: 6 } as const;

/** Simple values (§3.3, table 4). */
const SIMPLE: ReadonlyMap<bigint, boolean | null> = new Map([
  [20n, false],
  [21n, true],
  [22n, null],
]);

/**
 * Reads bytes that are exactly one value.
 *
 * @param bytes The bytes.
 * @param tag Tag that may stand in front, once, and is left out of the answer.
 * @throws {Malformed} where they are anything else.
 */
export function readCbor(bytes: Uint8Array, tag?: bigint): Cbor {
  const reader = new CborReader(bytes);
  if (tag !== undefined) reader.skipTag(tag);
  const value = reader.value(0);
  if (!reader.isAtEnd) throw new Malformed("bytes follow the value");
  return value;
}

/** First byte of a value, and the number that it says. */
interface Head {
  readonly major: number;
  /** Low five bits: the number itself, or how many bytes it has. */
  readonly info: number;
  readonly argument: bigint;
}

/** Reads the values that stand one after the other in some bytes. */
class CborReader {
  readonly #bytes: Uint8Array;
  #at = 0;
  #left = MAX_VALUES;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  skipTag(tag: bigint): void {
    const start = this.#at;
    if ((this.#bytes[start] ?? 0) >> 5 !== MAJOR.tag) return;
    if (this.#head().argument !== tag) throw new Malformed("another tag stands in front");
  }

  /** `depth` is how many arrays and maps are around the value. */
  value(depth: number): Cbor {
    if (this.#left-- === 0) throw new Malformed("there are too many values");
    const { major, info, argument } = this.#head();
    switch (major) {
      case MAJOR.unsigned:
        return { type: "integer", value: argument };
      case MAJOR.negative:
        return { type: "integer", value: -1n - argument };
      case MAJOR.bytes:
        return { type: "bytes", value: this.#take(argument) };
      case MAJOR.text:
        return { type: "text", value: readText(this.#take(argument)) };
      case MAJOR.array:
        return { type: "array", items: this.#items(argument, depth + 1) };
      case MAJOR.map:
        return { type: "map", entries: this.#entries(argument, depth + 1) };
      case MAJOR.tag:
        throw new Malformed("a tag stands where none belongs");
      default:
        return { type: "simple", value: readSimple(info, argument) };
    }
  }

  /** §3: the argument stands in the first byte, or in 1, 2, 4 or 8 behind it. */
  #head(): Head {
    const [first] = this.#take(1n);
    if (first === undefined) throw new Malformed("a value is cut short");
    const [major, info] = [first >> 5, first & 0x1f];
    if (info < 24) return { major, info, argument: BigInt(info) };
    if (info > 27) throw new Malformed("a length is indefinite, or of a reserved form");
    const bytes = this.#take(1n << BigInt(info - 24));
    const argument = bytes.reduce((value, byte) => value << 8n | BigInt(byte), 0n);
    const least = info === 24 ? 24n : 1n << BigInt(8 * bytes.length / 2);
    if (argument < least) throw new Malformed("a number has more bytes than it needs");
    return { major, info, argument };
  }

  #take(length: bigint): Uint8Array {
    const start = this.#at;
    if (length > BigInt(this.#bytes.length - start)) throw new Malformed("a value is cut short");
    this.#at += Number(length);
    return this.#bytes.subarray(start, this.#at);
  }

  #items(count: bigint, depth: number): readonly Cbor[] {
    checkDepth(depth);
    const items: Cbor[] = [];
    for (let i = 0n; i < count; i++) items.push(this.value(depth));
    return items;
  }

  #entries(count: bigint, depth: number): readonly CborEntry[] {
    checkDepth(depth);
    const entries: CborEntry[] = [];
    const known = new Set<string>();
    for (let i = 0n; i < count; i++) {
      const start = this.#at;
      const key = this.value(depth);
      // A value has one encoding here, so that equal keys are equal bytes.
      known.add(toHex(this.#bytes.subarray(start, this.#at)));
      entries.push({ key, value: this.value(depth) });
      if (known.size !== entries.length) throw new Malformed("a map has a key twice");
    }
    return entries;
  }
}

function checkDepth(depth: number): void {
  if (depth > MAX_NESTING) throw new Malformed("values are nested too deeply");
}

function readText(bytes: Uint8Array): string {
  const text = utf8Of(bytes);
  if (text === undefined) throw new Malformed("a text is not UTF-8");
  return text;
}

function readSimple(info: number, argument: bigint): boolean | null {
  const value = info < 24 ? SIMPLE.get(argument) : undefined;
  if (value === undefined) throw new Malformed("a value is a float, or of no kind that is known");
  return value;
}
