/**
 * Serial numbers of certificates.
 *
 * @module
 */

import type { Random } from "../core/ports.ts";
import { toHex } from "../core/bytes.ts";

/** Octets of a serial number: far from 20 (RFC 5280 §4.1.2.2), and more than 64 random bits. */
const OCTETS = 16;

/**
 * A random serial number from one up.
 *
 * @param random Randomness.
 */
export function serialNumber(random: Random): bigint {
  return BigInt(`0x${toHex(random.bytes(OCTETS))}`) | 1n;
}
