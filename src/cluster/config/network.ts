/**
 * Ranges of IPv4 addresses.
 *
 * @module
 */

import { DecodeError, type Decoder, text } from "../../core/decode.ts";

/** A range: first address, and how many bits of it are fixed. */
export interface Range {
  /** First address, as a number of 32 bits. */
  readonly first: number;
  /** Length of the prefix, 0 to 32. */
  readonly prefix: number;
}

const OCTET = "(?:25[0-5]|2[0-4][0-9]|1?[0-9]{1,2})";
const FORM = text(
  `${OCTET}(?:\\.${OCTET}){3}/(?:3[0-2]|[12]?[0-9])`,
  "a range of addresses as 10.96.0.0/12",
);

/** Reads a range whose first address is its own: of two writings of one range one is a mistake. */
export const RANGE: Decoder<string> = {
  schema: FORM.schema,
  decode(value, path) {
    const given = FORM.decode(value, path);
    const { first, prefix } = rangeOf(given);
    const own = addressOf(network(first, prefix));
    if (addressOf(first) === own) return given;
    const message = `has bits behind its prefix; did you mean "${own}/${prefix}"?`;
    throw new DecodeError(path, "value", message);
  },
};

/**
 * A range as numbers.
 *
 * @param text As {@linkcode RANGE} reads it.
 */
export function rangeOf(text: string): Range {
  const [address = "", prefix = "0"] = text.split("/");
  const first = address.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);
  return { first, prefix: Number(prefix) };
}

/** How many addresses a range has. */
function sizeOf({ prefix }: Range): number {
  return 2 ** (32 - prefix);
}

function network(address: number, prefix: number): number {
  const size = 2 ** (32 - prefix);
  return Math.floor(address / size) * size;
}

function addressOf(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");
}

/**
 * Whether two ranges have an address in common.
 *
 * @param one A range.
 * @param other Another.
 */
export function overlap(one: Range, other: Range): boolean {
  return one.first < other.first + sizeOf(other) && other.first < one.first + sizeOf(one);
}

/**
 * Into how many ranges of a prefix a range can be cut.
 *
 * @param range The range.
 * @param prefix Prefix of the parts.
 */
export function partsOf(range: Range, prefix: number): number {
  return range.prefix > prefix ? 0 : 2 ** (prefix - range.prefix);
}

/** Ranges for networks of one's own (RFC 1918, RFC 6598). */
const PRIVATE: readonly Range[] = [
  "10.0.0.0/8",
  "172.16.0.0/12",
  "192.168.0.0/16",
  "100.64.0.0/10",
].map(rangeOf);

/**
 * Whether a range lies in those for networks of one's own.
 *
 * @param range The range.
 */
export function isPrivate(range: Range): boolean {
  return PRIVATE.some((whole) => range.prefix >= whole.prefix && overlap(whole, range));
}
