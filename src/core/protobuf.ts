/**
 * Protocol buffers (protobuf.dev, "Encoding"), read so strictly that a known
 * field has one reading: usual readers take the last of several, and merge
 * messages. Unknown fields are passed over, since new ones may be added.
 *
 * @module
 */

import { Malformed } from "./malformed.ts";

/** How a known field is encoded, and how often it may stand there. */
export type FieldKind = "number" | "bytes" | "repeated";

/** Wire types; groups, 3 and 4, are of old. */
const WIRE = { varint: 0, eight: 1, bytes: 2, four: 5 } as const;

/** Most bytes of a varint: 64 bits, seven in each. */
const MAX_VARINT = 10;
const MAX_UINT64 = (1n << 64n) - 1n;
/** Beyond 32 bits there is no tag: numbers of fields go up to 2^29 - 1. */
const MAX_TAG = 0xffff_ffffn;

/** A message, by the numbers of its fields. */
export class Message {
  readonly #numbers = new Map<number, bigint>();
  readonly #bytes = new Map<number, Uint8Array[]>();

  /**
   * Reads a message.
   *
   * @param bytes The message.
   * @param known Kinds of its fields by number.
   * @throws {Malformed} where it is none, or a known field has another wire type or stands there twice.
   */
  constructor(bytes: Uint8Array, known: Readonly<Record<number, FieldKind>>) {
    const reader = new WireReader(bytes);
    while (!reader.isAtEnd) {
      const field = reader.field();
      const kind = known[field.number];
      if (kind !== undefined) this.#keep(field, kind);
    }
  }

  #keep({ number, value }: WireField, kind: FieldKind): void {
    if (kind === "number") {
      if (typeof value !== "bigint") throw new Malformed(`field ${number} is no number`);
      if (this.#numbers.has(number)) throw new Malformed(`field ${number} is there twice`);
      this.#numbers.set(number, value);
      return;
    }
    if (!(value instanceof Uint8Array)) throw new Malformed(`field ${number} has no bytes`);
    const values = this.#bytes.get(number) ?? [];
    if (kind === "bytes" && values.length > 0) {
      throw new Malformed(`field ${number} is there twice`);
    }
    values.push(value);
    this.#bytes.set(number, values);
  }

  /**
   * A number; zero where it is absent.
   *
   * @param field Number of the field.
   * @param most Largest value.
   * @throws {Malformed} where it is larger.
   */
  number(field: number, most: bigint): bigint {
    const value = this.#numbers.get(field) ?? 0n;
    if (value > most) throw new Malformed(`field ${field} is larger than ${most}`);
    return value;
  }

  /**
   * Bytes; undefined where they are absent, or empty, which means the same.
   *
   * @param field Number of the field.
   */
  bytes(field: number): Uint8Array | undefined {
    const [value] = this.#bytes.get(field) ?? [];
    return value?.length === 0 ? undefined : value;
  }

  /**
   * A message inside; undefined where it is absent. An empty one is there.
   *
   * @param field Number of the field.
   */
  inner(field: number): Uint8Array | undefined {
    return this.#bytes.get(field)?.[0];
  }

  /**
   * All values of a repeated field, in order.
   *
   * @param field Number of the field.
   * @param most Most of them.
   * @throws {Malformed} where there are more.
   */
  all(field: number, most: number): readonly Uint8Array[] {
    const values = this.#bytes.get(field) ?? [];
    if (values.length > most) throw new Malformed(`field ${field} has more than ${most} values`);
    return values;
  }
}

/** A field as it stands; those of fixed size have no value that is read here. */
interface WireField {
  readonly number: number;
  readonly value: bigint | Uint8Array | undefined;
}

class WireReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  field(): WireField {
    const tag = this.#varint();
    if (tag > MAX_TAG || tag < 8n) throw new Malformed("a field has an impossible number");
    const [number, wire] = [Number(tag >> 3n), Number(tag & 7n)];
    switch (wire) {
      case WIRE.varint:
        return { number, value: this.#varint() };
      case WIRE.bytes:
        return { number, value: this.#take(this.#varint()) };
      case WIRE.eight:
      case WIRE.four:
        this.#take(wire === WIRE.eight ? 8n : 4n);
        return { number, value: undefined };
      default:
        throw new Malformed(`field ${number} has the wire type ${wire}`);
    }
  }

  #varint(): bigint {
    let value = 0n;
    for (let i = 0; i < MAX_VARINT; i++) {
      const [byte = 0] = this.#take(1n);
      value |= BigInt(byte & 0x7f) << BigInt(7 * i);
      if (byte >= 0x80) continue;
      if (i > 0 && byte === 0) throw new Malformed("a number has more bytes than it needs");
      if (value > MAX_UINT64) throw new Malformed("a number has more than 64 bits");
      return value;
    }
    throw new Malformed("a number has more than ten bytes");
  }

  #take(length: bigint): Uint8Array {
    const start = this.#at;
    if (length > BigInt(this.#bytes.length - start)) throw new Malformed("a field is cut short");
    this.#at += Number(length);
    return this.#bytes.subarray(start, this.#at);
  }
}
