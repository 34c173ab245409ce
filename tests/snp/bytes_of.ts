/**
 * Bends bytes of evidence after it was written.
 *
 * @module
 */

import { overwritten } from "../bends/bytes.ts";
import { toHex } from "../../src/core/bytes.ts";
import { type LabKey, SIGNATURE_OFFSET, signBytes } from "../../src/lab/mod.ts";

/** Order of P-384's group (FIPS 186-5, SP 800-186 §3.2.1.4). */
export const ORDER: bigint = BigInt(
  "0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973",
);

/** Offsets of R and S, and the bytes that each takes up (56860 Table 139). */
const R = SIGNATURE_OFFSET;
const S = SIGNATURE_OFFSET + 72;
const SCALAR_BYTES = 72;

/** R and S of a report as numbers. */
export function scalarsOf(report: Uint8Array): { readonly r: bigint; readonly s: bigint } {
  const read = (at: number): bigint =>
    BigInt(`0x${toHex(report.slice(at, at + SCALAR_BYTES).reverse())}`);
  return { r: read(R), s: read(S) };
}

/** The report with R and S in place of its own; up to 72 bytes each. */
export function withScalars(
  report: Uint8Array,
  scalars: Partial<{ readonly r: bigint; readonly s: bigint }>,
): Uint8Array<ArrayBuffer> {
  const { r, s } = { ...scalarsOf(report), ...scalars };
  return overwritten(overwritten(report, R, littleEndian(r)), S, littleEndian(s));
}

function littleEndian(value: bigint): Uint8Array {
  return Uint8Array.from(
    { length: SCALAR_BYTES },
    (_, i) => Number(value >> BigInt(8 * i) & 0xffn),
  );
}

/** The report signed over another hash than its algorithm says. */
export async function signedWithHash(
  report: Uint8Array,
  key: LabKey,
  hash: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const raw = await signBytes(key, { name: "ECDSA", hash }, report.subarray(0, SIGNATURE_OFFSET));
  const number = (bytes: Uint8Array): bigint => BigInt(`0x${toHex(bytes)}`);
  const half = raw.length / 2;
  return withScalars(report, { r: number(raw.subarray(0, half)), s: number(raw.subarray(half)) });
}
