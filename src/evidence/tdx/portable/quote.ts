/**
 * Quotes: version 3 of enclaves (SGX ECDSA Quote Library Reference, appendix
 * A.4), 4 and 5 of trust domains and enclaves (TDX DCAP Quoting Library API,
 * appendix A.3).
 *
 * @module
 */

import { concat, toHex } from "../../../core/bytes.ts";
import { ECDSA_P256, isInRange } from "../../../core/portable/ecdsa.ts";
import type { EnclaveReport, Quote, TdReport } from "../report.ts";
import { ENCLAVE_REPORT_BYTES, readEnclaveReport } from "./enclave_report.ts";
import { BODY_BYTES, type Header, takeBodyKind, takeHeader, type Tee } from "./header.ts";
import { QuoteFields } from "./quote_fields.ts";
import { refuseTdx } from "./refuse.ts";
import { type ParsedTdReport, readTdReport } from "./td_report.ts";

/** Largest file with a quote, bytes. Google's, padded, has 8000. */
const MAX_QUOTE_BYTES = 32 * 1024;

/** Certification data: PCK certificate chain, PEM. */
const PCK_CHAIN = 5;
/** Certification data: report of the quoting enclave, its signature, authentication data, certification data. */
const QE_REPORT = 6;

/** A quote and the parts of its bytes that signatures are about. */
export interface ParsedQuote {
  /** What it says. */
  readonly quote: Quote<TdReport | EnclaveReport>;
  /** The report where it is a trust domain's; null where it is an enclave's. */
  readonly td: ParsedTdReport | null;
  /** All that the attestation key signed: from the first byte to the end of the body. */
  readonly signed: Uint8Array;
  /** What the signature data hold. */
  readonly parts: SignatureData;
}

/** Signature data. */
export interface SignatureData {
  /** R and S over header and body. */
  readonly signature: Uint8Array;
  /** X and Y of the attestation key. */
  readonly attestationKey: Uint8Array;
  /** Report of the quoting enclave, which the PCK signed. */
  readonly qeReport: Uint8Array;
  /** R and S over that report. */
  readonly qeSignature: Uint8Array;
  /** QE authentication data. */
  readonly authenticationData: Uint8Array;
  /** PCK chain, PEM. */
  readonly chain: Uint8Array;
}

/**
 * Takes a quote apart. Each size that it declares must be filled exactly; only
 * behind the whole may bytes remain, which are counted.
 *
 * @param bytes The file.
 * @param wanted Kind of TEE that is asked for; null takes both.
 * @throws {RejectedError} `tdx.quote_length`, `tdx.quote_version`, `tdx.tee_type`,
 * `tdx.attestation_key_type`, `tdx.qe_vendor`, `tdx.body_type`,
 * `tdx.certification_data`, `tdx.reserved_not_zero`, `tdx.signature_encoding`
 */
export function parseQuote(bytes: Uint8Array, wanted: Tee | null): ParsedQuote {
  if (bytes.length > MAX_QUOTE_BYTES) {
    throw refuseTdx("tdx.quote_length", {
      expected: `at most ${MAX_QUOTE_BYTES} bytes`,
      actual: `${bytes.length} bytes`,
    });
  }
  const fields = new QuoteFields(bytes);
  const header = takeHeader(fields, wanted);
  const kind = takeBodyKind(fields, header);
  const body = fields.take(BODY_BYTES[kind], "body");
  const signed = bytes.subarray(0, fields.taken);
  const parts = readSignatureData(fields.sized("signature data"), header);
  const td = kind === "sgx" ? null : readTdReport(body, kind);
  const quote = describe(header, { body, td, parts, trailing: fields.rest });
  return { quote, td, signed, parts };
}

/** What a description is made of, beside the header. */
interface Described {
  readonly body: Uint8Array;
  readonly td: ParsedTdReport | null;
  readonly parts: SignatureData;
  readonly trailing: Uint8Array;
}

function describe(
  header: Header,
  { body, td, parts, trailing }: Described,
): Quote<TdReport | EnclaveReport> {
  const { signature, attestationKey, authenticationData, qeReport } = parts;
  return {
    ...header,
    body: td?.report ?? readEnclaveReport(body, "enclave's report"),
    signature: { r: toHex(signature.subarray(0, 32)), s: toHex(signature.subarray(32)) },
    attestationKey: toHex(attestationKey),
    qeReport: readEnclaveReport(qeReport, "QE report"),
    qeAuthenticationData: toHex(authenticationData),
    trailing: { bytes: trailing.length, zero: trailing.every((byte) => byte === 0) },
  };
}

/** Version 3 has the parts of certification data of type 6 without their head. */
function readSignatureData(data: Uint8Array, { version }: Header): SignatureData {
  const fields = new QuoteFields(data);
  const signature = takeSignature(fields, "signature of the quote");
  const attestationKey = fields.take(64, "attestation key");
  const inner = version === 3
    ? new QuoteFields(fields.rest)
    : new QuoteFields(takeCertificationData(fields, QE_REPORT, "signature data"));
  const qeReport = inner.take(ENCLAVE_REPORT_BYTES, "QE report");
  const qeSignature = takeSignature(inner, "signature of the QE report");
  const size = inner.u16("QE authentication data");
  const authenticationData = inner.take(size, "QE authentication data");
  const chain = takeCertificationData(inner, PCK_CHAIN, "certification data");
  return { signature, attestationKey, qeReport, qeSignature, authenticationData, chain };
}

/**
 * Takes certification data that must be the last of a whole.
 *
 * @param fields Stand before their type.
 * @param expected The type.
 * @param whole Name of the whole.
 */
function takeCertificationData(fields: QuoteFields, expected: number, whole: string): Uint8Array {
  const type = fields.u16("certification data type");
  if (type !== expected) {
    const numbers = { expected: `type ${expected}`, actual: `type ${type}` };
    throw refuseTdx("tdx.certification_data", numbers);
  }
  const data = fields.sized("certification data");
  fields.finish(whole);
  return data;
}

/**
 * Takes R and S. Numbers that are zero or not below the order of the group are
 * refused here: reduced, they would make several signatures out of one.
 */
function takeSignature(fields: QuoteFields, signature: string): Uint8Array {
  const [r, s] = [fields.take(32, signature), fields.take(32, signature)];
  const numbers = concat(r, s);
  if (isInRange(numbers, ECDSA_P256)) return numbers;
  throw refuseTdx("tdx.signature_encoding", {
    signature,
    expected: "R and S at least 1 and below the order of the group",
    actual: `R ${toHex(r)}, S ${toHex(s)}`,
  });
}
