/**
 * The one way in which several fields enter a hash (protocol §1): each with its
 * length before it, after a label that says what for. No byte can move from one
 * field to the next without changing the hash.
 *
 * @module
 */

import { frame } from "./bytes.ts";
import { sha256, sha384, sha512 } from "./sha2.ts";

/** Hash functions of the protocol. */
export type LabelledHashName = "sha256" | "sha384" | "sha512";

const FUNCTIONS: Readonly<Record<LabelledHashName, (bytes: Uint8Array) => Uint8Array>> = {
  sha256,
  sha384,
  sha512,
};

/**
 * H(label, a, b, …): the hash over lp(label) ‖ lp(a) ‖ lp(b) …, where lp(x) is
 * the length of x as four bytes big-endian, then x.
 *
 * @param name The hash function.
 * @param label What the hash is for, as `casemate/binding/v1`.
 * @param fields The fields, in order.
 */
export function labelledHash(
  name: LabelledHashName,
  label: string,
  ...fields: readonly Uint8Array[]
): Uint8Array {
  return FUNCTIONS[name](frame([new TextEncoder().encode(label), ...fields]));
}

/**
 * A list as one field: lp(count as four bytes) ‖ lp of each.
 *
 * @param items The items.
 */
export function listField(items: readonly Uint8Array[]): Uint8Array {
  const count = new Uint8Array(4);
  new DataView(count.buffer).setUint32(0, items.length);
  return frame([count, ...items]);
}

/**
 * A plain hash over bytes.
 *
 * @param name The hash function.
 * @param bytes The bytes.
 */
export function plainHash(name: LabelledHashName, bytes: Uint8Array): Uint8Array {
  return FUNCTIONS[name](bytes);
}
