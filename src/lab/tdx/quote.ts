/**
 * Writes and signs quotes: version 3 (Intel "SGX ECDSA Quote Library
 * Reference" A.4), 4 and 5 ("TDX DCAP Quoting Library API" A.3).
 *
 * @module
 */

import { concat } from "../../core/bytes.ts";
import { exactly, littleEndian } from "../fields.ts";
import { type LabKey, signBytes } from "../lab_key.ts";
import {
  ENCLAVE_REPORT_BYTES,
  type EnclaveReportFields,
  TD_REPORT_10_BYTES,
  type TdReportFields,
  writeEnclaveReport,
  writeTdReport,
} from "./quote_body.ts";

/** Bytes of a quote's header. */
export const QUOTE_HEADER_BYTES = 48;

/** Bytes of type and size that precede the body in version 5. */
export const BODY_DESCRIPTOR_BYTES = 6;

/** Bytes of type and size that precede certification data. */
const CERTIFICATION_HEAD_BYTES = 6;

/** Bytes of R and S, or of X and Y, of P-256. */
const PAIR_BYTES = 64;

/** Numbers in the layout of quotes. */
export const QUOTE_NUMBERS = {
  /** TEE type of SGX. */
  sgx: 0,
  /** TEE type of TDX. */
  tdx: 0x81,
  /** Attestation key type: ECDSA with SHA-256 on P-256. */
  p256: 2,
  /** Body type in version 5: report of an enclave. */
  enclaveBody: 1,
  /** Body type in version 5: TD report of TDX 1.0. */
  tdBody10: 2,
  /** Body type in version 5: TD report of TDX 1.5. */
  tdBody15: 3,
  /** Certification data: PCK certificate chain, PEM. */
  pckChain: 5,
  /** Certification data: QE report and the data that certifies it. */
  qeReport: 6,
} as const;

/** Header of a quote. */
export interface QuoteHeader {
  /** Version. */
  readonly version: number;
  /** Algorithm of the attestation key. */
  readonly attestationKeyType: number;
  /** Kind of TEE; reserved in version 3. */
  readonly teeType: number;
  /** SVN of the quoting enclave in version 3; reserved later. */
  readonly qeSvn: number;
  /** SVN of the provisioning certification enclave in version 3; reserved later. */
  readonly pceSvn: number;
  /** Vendor of the quoting enclave, 16 bytes. */
  readonly qeVendor: Uint8Array;
  /** User data, 20 bytes. */
  readonly userData: Uint8Array;
}

/** Type and size that stand before something; the size is the true one where it is not given. */
export interface Announced {
  /** Type. */
  readonly type: number;
  /** Size that is written. */
  readonly size?: number;
}

/** Bytes behind their size, which is the true one where it is not given. */
export interface Sized {
  /** The bytes. */
  readonly bytes: Uint8Array;
  /** Size that is written. */
  readonly size?: number;
}

/** A signature: by the key that makes it, or as R and S, 32 bytes each, big-endian. */
export type QuoteSignature = LabKey | Uint8Array;

/** All that a quote says, and the keys that sign it. The writer checks lengths of fields, not sense. */
export interface QuoteDescription {
  /** Header. */
  readonly header: QuoteHeader;
  /** Type and size before the body, in version 5; null writes none. */
  readonly descriptor: Announced | null;
  /** What is reported; bytes are written as they are. */
  readonly body: TdReportFields | EnclaveReportFields | Uint8Array;
  /** Signature over all of the above. */
  readonly signature: QuoteSignature;
  /** Attestation key: X and Y, 64 bytes. */
  readonly attestationKey: Uint8Array;
  /** Type and size before the QE report and what follows, from version 4 on; null writes none. */
  readonly outer: Announced | null;
  /** Report of the quoting enclave; bytes are written as they are. */
  readonly qeReport: EnclaveReportFields | Uint8Array;
  /** Signature over the report of the quoting enclave. */
  readonly qeReportSignature: QuoteSignature;
  /** QE authentication data. */
  readonly authenticationData: Sized;
  /** Certification data: the PCK certificate chain. */
  readonly certification: Announced & Sized;
  /** Size of the signature data that is written; default the true one. */
  readonly signatureDataSize?: number;
  /** What follows the quote. */
  readonly trailing: Uint8Array;
}

/**
 * Writes and signs a quote.
 *
 * @param description What it says.
 * @throws {RangeError} if a byte string or number does not fit its field exactly.
 */
export async function writeQuote(description: QuoteDescription): Promise<Uint8Array<ArrayBuffer>> {
  const { descriptor } = description;
  const body = writeBody(description.body);
  const signedPart = concat(
    writeQuoteHeader(description.header),
    ...(descriptor === null ? [] : [announce(descriptor, body.length)]),
    body,
  );
  const data = concat(
    await signatureOf(description.signature, signedPart),
    exactly(PAIR_BYTES, description.attestationKey),
    await writeCertification(description),
  );
  const size = littleEndian(description.signatureDataSize ?? data.length, 4);
  return concat(signedPart, size, data, description.trailing);
}

/**
 * Writes the header of a quote.
 *
 * @param header What it says.
 * @returns 48 bytes.
 * @throws {RangeError} if a byte string or number does not fit its field exactly.
 */
export function writeQuoteHeader(header: QuoteHeader): Uint8Array<ArrayBuffer> {
  return concat(
    littleEndian(header.version, 2),
    littleEndian(header.attestationKeyType, 2),
    littleEndian(header.teeType, 4),
    littleEndian(header.qeSvn, 2),
    littleEndian(header.pceSvn, 2),
    exactly(16, header.qeVendor),
    exactly(20, header.userData),
  );
}

/** The body, whatever it is. */
function writeBody(body: QuoteDescription["body"]): Uint8Array {
  if (body instanceof Uint8Array) return body;
  return "mrTd" in body ? writeTdReport(body) : writeEnclaveReport(body);
}

/** QE report and what certifies it: of version 3 as it is, later inside of certification data. */
async function writeCertification(description: QuoteDescription): Promise<Uint8Array> {
  const { outer, qeReport, qeReportSignature, authenticationData, certification } = description;
  const report = qeReport instanceof Uint8Array ? qeReport : writeEnclaveReport(qeReport);
  const inner = concat(
    report,
    await signatureOf(qeReportSignature, report),
    littleEndian(authenticationData.size ?? authenticationData.bytes.length, 2),
    authenticationData.bytes,
    announce(certification, certification.bytes.length),
    certification.bytes,
  );
  return outer === null ? inner : concat(announce(outer, inner.length), inner);
}

/** Two bytes of type, four of size. */
function announce({ type, size }: Announced, actual: number): Uint8Array {
  return concat(littleEndian(type, 2), littleEndian(size ?? actual, 4));
}

/** The signature as quotes have it: R and S. */
async function signatureOf(signature: QuoteSignature, message: Uint8Array): Promise<Uint8Array> {
  if (signature instanceof Uint8Array) return exactly(PAIR_BYTES, signature);
  return await signBytes(signature, { name: "ECDSA", hash: "SHA-256" }, message);
}

/**
 * A public key as quotes have it.
 *
 * @param key P-256 key pair.
 * @returns X and Y, 64 bytes: the end of its SubjectPublicKeyInfo.
 */
export function rawPublicKey(key: LabKey): Uint8Array<ArrayBuffer> {
  return concat(key.spki.subarray(-PAIR_BYTES));
}

/** Keys that sign a quote. */
export interface QuoteKeys {
  /** The platform's key, which signs the QE report. */
  readonly pck: LabKey;
  /** The quoting enclave's key, which signs the quote. */
  readonly attestation: LabKey;
}

/**
 * Signs a quote of regular layout anew, whatever stands in its signatures.
 *
 * Use it on bytes that were bent after writing, so that only the bend is wrong.
 *
 * @param quote The quote.
 * @param keys The keys that sign; a key that is not given leaves its signature.
 * @returns A copy with valid signatures.
 * @throws {RangeError} if the quote ends before its signatures.
 */
export async function signQuote(
  quote: Uint8Array,
  keys: Partial<QuoteKeys>,
): Promise<Uint8Array<ArrayBuffer>> {
  const signed = concat(quote);
  const { bodyEnd, qeReport } = offsetsOf(signed);
  const report = signed.subarray(qeReport, qeReport + ENCLAVE_REPORT_BYTES);
  if (keys.pck !== undefined) {
    signed.set(await signatureOf(keys.pck, report), qeReport + ENCLAVE_REPORT_BYTES);
  }
  if (keys.attestation !== undefined) {
    signed.set(await signatureOf(keys.attestation, signed.subarray(0, bodyEnd)), bodyEnd + 4);
  }
  return signed;
}

/** Where the body ends, and where the QE report begins. */
function offsetsOf(quote: Uint8Array): { readonly bodyEnd: number; readonly qeReport: number } {
  const view = new DataView(quote.buffer, quote.byteOffset, quote.byteLength);
  const version = view.getUint16(0, true);
  const bodyEnd = version === 5
    ? QUOTE_HEADER_BYTES + BODY_DESCRIPTOR_BYTES + view.getUint32(QUOTE_HEADER_BYTES + 2, true)
    : QUOTE_HEADER_BYTES +
      (view.getUint32(4, true) === QUOTE_NUMBERS.tdx ? TD_REPORT_10_BYTES : ENCLAVE_REPORT_BYTES);
  const head = version === 3 ? 0 : CERTIFICATION_HEAD_BYTES;
  return { bodyEnd, qeReport: bodyEnd + 4 + 2 * PAIR_BYTES + head };
}
