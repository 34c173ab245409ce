/**
 * Where the fields of a TD quote stand (Intel TDX DCAP Quoting Library API,
 * appendix A.3), and what comes of a bit that is flipped in each.
 *
 * @module
 */

import type { Vector } from "../vectors.ts";
import { fileOf } from "./change.ts";
import type { SignedField } from "./contract.ts";

/** Name, length, codes. */
type Row = readonly [name: string, length: number, ...codes: readonly string[]];

const SIGNATURE = "tdx.signature_mismatch";
const QE_SIGNATURE = "tdx.qe_report_signature";
const ENCODING = "tdx.signature_encoding";
const LENGTH = "tdx.quote_length";
const RESERVED = "tdx.reserved_not_zero";

const HEADER: readonly Row[] = [
  // Versions 4 and 5 differ by one bit, after which all behind the header is read otherwise.
  ["version", 2, "tdx.quote_version", "tdx.body_type", LENGTH],
  ["attestation key type", 2, "tdx.attestation_key_type"],
  ["TEE type", 4, "tdx.tee_type"],
  ["QE SVN and PCE SVN of old", 4, SIGNATURE],
  ["QE vendor", 16, "tdx.qe_vendor"],
  ["user data", 20, SIGNATURE],
];

const DESCRIPTOR: readonly Row[] = [
  ["body type", 2, "tdx.body_type"],
  ["body size", 4, "tdx.body_type"],
];

const TDX_10: readonly Row[] = [
  ["TEE_TCB_SVN", 16, SIGNATURE],
  ["MRSEAM", 48, SIGNATURE],
  ["MRSIGNERSEAM", 48, SIGNATURE],
  ["SEAMATTRIBUTES", 8, SIGNATURE],
  ["TDATTRIBUTES", 8, SIGNATURE],
  ["XFAM", 8, SIGNATURE],
  ["MRTD", 48, SIGNATURE],
  ["MRCONFIGID", 48, SIGNATURE],
  ["MROWNER", 48, SIGNATURE],
  ["MROWNERCONFIG", 48, SIGNATURE],
  ["RTMR 0", 48, SIGNATURE],
  ["RTMR 1", 48, SIGNATURE],
  ["RTMR 2", 48, SIGNATURE],
  ["RTMR 3", 48, SIGNATURE],
  ["REPORTDATA", 64, SIGNATURE],
];

const TDX_15: readonly Row[] = [
  ...TDX_10,
  ["TEE_TCB_SVN_2", 16, SIGNATURE],
  ["MRSERVICETD", 48, SIGNATURE],
];

const QE_REPORT: readonly Row[] = [
  ["CPUSVN of the QE", 16, QE_SIGNATURE],
  ["MISCSELECT of the QE", 4, QE_SIGNATURE],
  ["reserved after MISCSELECT", 12, RESERVED],
  ["ISVEXTPRODID of the QE", 16, QE_SIGNATURE],
  ["ATTRIBUTES of the QE", 16, QE_SIGNATURE],
  ["MRENCLAVE of the QE", 32, QE_SIGNATURE],
  ["reserved after MRENCLAVE", 32, RESERVED],
  ["MRSIGNER of the QE", 32, QE_SIGNATURE],
  ["reserved after MRSIGNER", 32, RESERVED],
  ["CONFIGID of the QE", 64, QE_SIGNATURE],
  ["ISVPRODID of the QE", 2, QE_SIGNATURE],
  ["ISVSVN of the QE", 2, QE_SIGNATURE],
  ["CONFIGSVN of the QE", 2, QE_SIGNATURE],
  ["reserved after CONFIGSVN", 42, RESERVED],
  ["ISVFAMILYID of the QE", 16, QE_SIGNATURE],
  ["REPORTDATA of the QE", 64, QE_SIGNATURE],
];

/** What follows the body, up to the chain; the QE authentication data have 32 bytes, as Intel's. */
const SIGNATURES: readonly Row[] = [
  ["size of the signature data", 4, LENGTH],
  ["R", 32, SIGNATURE, ENCODING],
  ["S", 32, SIGNATURE, ENCODING],
  ["X of the attestation key", 32, "tdx.attestation_key_invalid"],
  ["Y of the attestation key", 32, "tdx.attestation_key_invalid"],
  ["type of the certification data", 2, "tdx.certification_data"],
  ["size of the certification data", 4, LENGTH],
  ...QE_REPORT,
  ["R of the QE report", 32, QE_SIGNATURE, ENCODING],
  ["S of the QE report", 32, QE_SIGNATURE, ENCODING],
  // Where one byte more is taken for authentication data, the type behind them is another.
  ["size of the authentication data", 2, "tdx.certification_data", LENGTH],
  ["authentication data", 32, "tdx.attestation_key_binding"],
  ["type of the chain", 2, "tdx.certification_data"],
  ["size of the chain", 4, LENGTH],
];

/** Kinds of body by type in the descriptor of version 5. */
const BODIES: Readonly<Record<number, readonly Row[]>> = { 2: TDX_10, 3: TDX_15 };

/** Rows up to the chain, for the version and body of a quote. */
function rowsOf(quote: Uint8Array): readonly Row[] {
  const [version] = quote;
  if (version === 4) return [...HEADER, ...TDX_10, ...SIGNATURES];
  const body = BODIES[quote[48] ?? 0];
  if (version !== 5 || body === undefined) {
    throw new Error("The vector's quote is of no known form");
  }
  return [...HEADER, ...DESCRIPTOR, ...body, ...SIGNATURES];
}

/** Fields of a quote that signatures and hashes cover, up to the chain. */
export function quoteFields(vector: Vector): readonly SignedField[] {
  let at = 0;
  return rowsOf(fileOf(vector, "quote")).map(([field, length, ...codes]): SignedField => {
    const found = { role: "quote", field, at, length, codes };
    at += length;
    return found;
  });
}

/**
 * Where the chain in a vector's quote begins; it goes on to the end.
 *
 * @param vector The vector.
 */
export function chainPlace(vector: Vector): number {
  return quoteFields(vector).reduce((sum, { length }) => sum + length, 0);
}

/**
 * Where a field of a vector's quote stands.
 *
 * @param vector The vector.
 * @param name Name of the field.
 */
export function placeOf(vector: Vector, name: string): number {
  const found = quoteFields(vector).find(({ field }) => field === name);
  if (found === undefined) throw new Error(`A quote has no ${name}`);
  return found.at;
}
