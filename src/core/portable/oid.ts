/**
 * Object identifiers as text (X.690 §8.19), which is how they are compared here:
 * one identifier has one text.
 *
 * @module
 */

import { toHex } from "../bytes.ts";
import { Malformed } from "../malformed.ts";

/** Parts beyond 64 bits are not written as numbers. */
const MAX_PART = 0xffff_ffff_ffff_ffffn;
/** Longest identifier of an algorithm or of a part of a name, octets. The longest in use have 11. */
const MAX_OCTETS = 39;
/** Largest part of such an identifier. */
const MAX_SHORT_PART = 0xffff_ffffn;
/** The second part of such an identifier is below 40, also under the arc 2. */
const MAX_FIRST_OCTET = 3 * 40;

/**
 * Any identifier, as extensions have: dotted, or `#` and hex where a part is beyond 64 bits.
 *
 * @param content Contents octets.
 * @throws {Malformed} where it is empty, cut short, or a part is not minimal (§8.19.2).
 */
export function oidOf(content: Uint8Array): string {
  const parts = partsOf(content);
  if (parts.some((part) => part === undefined)) return `#${toHex(content)}`;
  const [first = 0n, ...rest] = parts;
  // §8.19.4: the first two arcs share a number; the first arc is 0, 1 or 2.
  const root = first < 80n ? first / 40n : 2n;
  return [root, first - 40n * root, ...rest].join(".");
}

/**
 * An identifier of an algorithm, a curve or a part of a name: short, and of
 * arcs that fit into 32 bits, as all of those are.
 *
 * @param content Contents octets.
 * @throws {Malformed} where it is longer or not well formed.
 */
export function shortOidOf(content: Uint8Array): string {
  const [first = 0] = content;
  const parts = content.length > MAX_OCTETS ? [undefined] : partsOf(content);
  if (
    first >= MAX_FIRST_OCTET || parts.some((part) => part === undefined || part > MAX_SHORT_PART)
  ) {
    throw new Malformed("an object identifier is too large");
  }
  return oidOf(content);
}

/** Numbers of an identifier, undefined for those beyond 64 bits, whose digits would take ever longer to compute. */
function partsOf(content: Uint8Array): readonly (bigint | undefined)[] {
  const parts: (bigint | undefined)[] = [];
  let part: bigint | undefined = 0n;
  let isStart = true;
  for (const octet of content) {
    if (isStart && octet === 0x80) throw new Malformed("an object identifier is not minimal");
    if (part !== undefined) part = part * 128n + BigInt(octet & 0x7f);
    if (part !== undefined && part > MAX_PART) part = undefined;
    isStart = octet < 0x80;
    if (!isStart) continue;
    parts.push(part);
    part = 0n;
  }
  if (!isStart || parts.length === 0) throw new Malformed("an object identifier is cut short");
  return parts;
}
