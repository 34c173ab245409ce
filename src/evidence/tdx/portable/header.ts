/**
 * Headers of quotes, 48 bytes (TDX DCAP Quoting Library API, appendix A.3.1; SGX
 * ECDSA Quote Library Reference, appendix A.4), and the descriptor that version
 * 5 has behind its header (A.3.2).
 *
 * @module
 */

import type { TdReport } from "../report.ts";
import { ENCLAVE_REPORT_BYTES } from "./enclave_report.ts";
import { QuoteFields } from "./quote_fields.ts";
import { refuseTdx } from "./refuse.ts";
import { TD_REPORT_BYTES } from "./td_report.ts";

const HEADER_BYTES = 48;
const DESCRIPTOR_BYTES = 6;

/** TEE types by the number in the header. */
const TEES: ReadonlyMap<number, Tee> = new Map([[0x00, "SGX"], [0x81, "TDX"]]);

/** `ECDSA-256-with-P-256 curve`. */
const ECDSA_P256_KEY = 2;

/** Intel's id as vendor of quoting enclaves. */
const INTEL = "939a7233f79c4ca9940a0db3957f0607";

/** Kind of TEE. */
export type Tee = "SGX" | "TDX";

/** Layout of a body. */
export type BodyKind = TdReport["kind"] | "sgx";

/** Bodies of version 5 by type: a body must be of the TEE that the header names. */
const BODY_TYPES: Readonly<Record<Tee, ReadonlyMap<number, BodyKind>>> = {
  SGX: new Map([[1, "sgx"]]),
  TDX: new Map([[2, "tdx-1.0"], [3, "tdx-1.5"]]),
};

/** The same for a person. */
const EXPECTED_BODIES: Readonly<Record<Tee, string>> = {
  SGX: "type 1 (SGX)",
  TDX: "type 2 (TDX 1.0) or 3 (TDX 1.5)",
};

/** Bytes of a body. */
export const BODY_BYTES: Readonly<Record<BodyKind, number>> = {
  "sgx": ENCLAVE_REPORT_BYTES,
  ...TD_REPORT_BYTES,
};

/** A header of which every number is known. */
export interface Header {
  /** 3, 4 or 5. */
  readonly version: number;
  /** Kind of TEE. */
  readonly teeType: Tee;
  /** Algorithm of the attestation key. */
  readonly attestationKeyType: number;
  /** Vendor of the quoting enclave, hex. */
  readonly qeVendor: string;
  /** User data, hex. */
  readonly userData: string;
}

/**
 * Takes a header.
 *
 * Bytes 8 to 11 hold the SVNs of quoting enclave and PCE in version 3 and are
 * reserved later; older quoting enclaves go on filling them, so they are left to
 * the signature.
 *
 * @param fields Stand before it.
 * @param wanted Kind of TEE that is asked for; null takes both.
 * @throws {RejectedError} `tdx.quote_length`, `tdx.quote_version`, `tdx.tee_type`,
 * `tdx.reserved_not_zero`, `tdx.attestation_key_type`, `tdx.qe_vendor`
 */
export function takeHeader(fields: QuoteFields, wanted: Tee | null): Header {
  const header = new QuoteFields(fields.take(HEADER_BYTES, "header"));
  const version = header.u16("version");
  if (version < 3 || version > 5) {
    throw refuseTdx("tdx.quote_version", { expected: "3 to 5", actual: `${version}` });
  }
  const attestationKeyType = header.u16("attestation key type");
  const teeType = readTee(header.u32("TEE type"), version, wanted);
  if (attestationKeyType !== ECDSA_P256_KEY) {
    throw refuseTdx("tdx.attestation_key_type", {
      expected: `${ECDSA_P256_KEY} (ECDSA P-256)`,
      actual: `${attestationKeyType}`,
    });
  }
  header.take(4, "SVNs");
  const qeVendor = header.hex(16, "QE vendor");
  if (qeVendor !== INTEL) {
    throw refuseTdx("tdx.qe_vendor", { expected: INTEL, actual: qeVendor });
  }
  const userData = header.hex(20, "user data");
  return { version, teeType, attestationKeyType, qeVendor, userData };
}

/** Version 3 is of enclaves alone: the field is reserved there. */
function readTee(number: number, version: number, wanted: Tee | null): Tee {
  const tee = version === 3 ? "SGX" : TEES.get(number);
  if (tee === undefined) {
    const actual = `type 0x${number.toString(16)}`;
    throw refuseTdx("tdx.tee_type", { expected: "TDX or SGX", actual });
  }
  if (wanted !== null && tee !== wanted) {
    throw refuseTdx("tdx.tee_type", { expected: wanted, actual: tee });
  }
  if (version === 3 && number !== 0) {
    const actual = `0x${number.toString(16)}`;
    throw refuseTdx("tdx.reserved_not_zero", { field: "bytes 4 to 7 of the header", actual });
  }
  return tee;
}

/**
 * Finds out the layout of the body; takes the descriptor where there is one.
 *
 * @param fields Stand behind the header.
 * @param header The header.
 * @throws {RejectedError} `tdx.quote_length`, `tdx.body_type`
 */
export function takeBodyKind(fields: QuoteFields, { version, teeType }: Header): BodyKind {
  if (version < 5) return teeType === "SGX" ? "sgx" : "tdx-1.0";
  const descriptor = new QuoteFields(fields.take(DESCRIPTOR_BYTES, "body descriptor"));
  const type = descriptor.u16("body type");
  const size = descriptor.u32("body size");
  const kind = BODY_TYPES[teeType].get(type);
  if (kind !== undefined && size === BODY_BYTES[kind]) return kind;
  throw refuseTdx("tdx.body_type", {
    expected: kind === undefined ? EXPECTED_BODIES[teeType] : `${BODY_BYTES[kind]} bytes`,
    actual: `type ${type} of ${size} bytes`,
  });
}
