/**
 * Writes protocol buffers (protobuf.dev, "Encoding"), and what is wrong on purpose.
 *
 * @module
 */

import { concat } from "../../core/bytes.ts";

/** Wire types. */
export const PROTO_WIRE = { varint: 0, eight: 1, bytes: 2, group: 3, four: 5 } as const;

/**
 * A number in groups of seven bits, least significant first.
 *
 * @param value The number, from zero up.
 * @param length Bytes at least; more than it takes bend it.
 */
export function protoVarint(value: number | bigint, length = 1): Uint8Array {
  const groups: number[] = [];
  for (let rest = BigInt(value); rest > 0n || groups.length < length; rest >>= 7n) {
    groups.push(Number(rest & 0x7fn));
  }
  return Uint8Array.from(groups, (group, i) => i < groups.length - 1 ? group | 0x80 : group);
}

/**
 * A field's tag.
 *
 * @param field Number of the field.
 * @param wire Its wire type.
 */
export function protoTag(field: number, wire: number): Uint8Array {
  return protoVarint(BigInt(field) << 3n | BigInt(wire));
}

/**
 * A number; zero is the default, which is not written.
 *
 * @param field Number of the field.
 * @param value The number.
 */
export function protoNumber(field: number, value: number | bigint): Uint8Array {
  if (BigInt(value) === 0n) return new Uint8Array();
  return concat(protoTag(field, PROTO_WIRE.varint), protoVarint(value));
}

/**
 * Bytes or a message, written also where they are empty.
 *
 * @param field Number of the field.
 * @param parts Contents, joined in order.
 */
export function protoBytes(field: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const content = concat(...parts);
  return concat(protoTag(field, PROTO_WIRE.bytes), protoVarint(content.length), content);
}
