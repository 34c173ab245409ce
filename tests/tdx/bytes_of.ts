/**
 * Bends bytes of quotes after they were written, and knows where their parts stand.
 *
 * @module
 */

import { overwritten } from "../bends/bytes.ts";
import { toHex } from "../../src/core/bytes.ts";

/** Order of P-256's group (FIPS 186-5, SP 800-186 §3.2.1.3). */
export const ORDER: bigint = BigInt(
  "0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551",
);

/** Bytes of R, S, X and Y. */
const NUMBER_BYTES = 32;

/** A number of 32 bytes in a quote, big-endian. */
export function numberAt(bytes: Uint8Array, at: number): bigint {
  return BigInt(`0x${toHex(bytes.subarray(at, at + NUMBER_BYTES))}`);
}

/** A copy with a number of 32 bytes, big-endian, written over it. */
export function withNumber(bytes: Uint8Array, at: number, value: bigint): Uint8Array<ArrayBuffer> {
  const number = Uint8Array.from(
    { length: NUMBER_BYTES },
    (_, i) => Number(value >> BigInt(8 * (NUMBER_BYTES - 1 - i)) & 0xffn),
  );
  return overwritten(bytes, at, number);
}

/** A copy with a number of some bytes, little-endian, written over it. */
export function withSize(
  bytes: Uint8Array,
  at: number,
  size: number,
  value: number,
): Uint8Array<ArrayBuffer> {
  return overwritten(
    bytes,
    at,
    Array.from({ length: size }, (_, i) => value / 2 ** (8 * i) & 0xff),
  );
}

/** Where the parts of a quote stand. */
export interface Places {
  /** Where the signed part ends, and the size of the signature data stands. */
  readonly signedEnd: number;
  /** R and S of the quote. */
  readonly signature: number;
  /** X and Y of the attestation key. */
  readonly attestationKey: number;
  /** Type and size of the outer certification data; none in version 3. */
  readonly outer: number | null;
  /** Report of the quoting enclave. */
  readonly qeReport: number;
  /** R and S of that report. */
  readonly qeSignature: number;
  /** Size of the authentication data. */
  readonly authenticationSize: number;
  /** Type and size of the PCK chain. */
  readonly certification: number;
  /** The PCK chain. */
  readonly chain: number;
  /** Where the quote ends. */
  readonly end: number;
}

/**
 * Finds the parts of a right quote (Intel TDX DCAP Quoting Library API, A.3).
 *
 * @param quote The quote.
 */
export function placesOf(quote: Uint8Array): Places {
  const view = new DataView(quote.buffer, quote.byteOffset, quote.byteLength);
  const version = view.getUint16(0, true);
  const signedEnd = version === 5
    ? 54 + view.getUint32(50, true)
    : view.getUint32(4, true) === 0x81
    ? 48 + 584
    : 48 + 384;
  const signature = signedEnd + 4;
  const attestationKey = signature + 64;
  const outer = version === 3 ? null : attestationKey + 64;
  const qeReport = attestationKey + 64 + (outer === null ? 0 : 6);
  const qeSignature = qeReport + 384;
  const authenticationSize = qeSignature + 64;
  const certification = authenticationSize + 2 + view.getUint16(authenticationSize, true);
  const chain = certification + 6;
  return {
    signedEnd,
    signature,
    attestationKey,
    outer,
    qeReport,
    qeSignature,
    authenticationSize,
    certification,
    chain,
    end: chain + view.getUint32(certification + 2, true),
  };
}
