/**
 * Envelopes as CMW records (RFC 9999): the form in certificates and tokens.
 *
 * A record says with a media type what it holds. Collections and tags, which
 * can say the same in other ways, are refused.
 *
 * @module
 */

import { fromBase64url, toBase64url } from "../../core/base64url.ts";
import { canonicalJson } from "../../core/canonical_json.ts";
import { type CmwRecord, readCborRecord, writeCborRecord } from "./cmw_cbor.ts";
import { type Envelope, readEnvelope } from "./envelope.ts";
import { MAX_ENVELOPE_BYTES } from "./form.ts";
import { parseOr, refuse, refuseLarge } from "./refusal.ts";

/** What the records hold. */
export const ENVELOPE_MEDIA_TYPE = "application/vnd.casemate.evidence+json";

/** Bit of the indicator that stands for evidence (RFC 9999, `cm-type`). */
const EVIDENCE = 4;

/** Largest indicator: it has 32 bits. */
const MAX_INDICATOR = 0xffff_ffff;

/** Largest record: base64url makes four bytes of three, and the rest is short. */
const MAX_RECORD_BYTES = Math.ceil(MAX_ENVELOPE_BYTES * 4 / 3) + 1024;

/**
 * Reads a CMW record.
 *
 * @param bytes The record as JSON array or as CBOR array.
 * @returns The bytes of the envelope in it, unread.
 * @throws {InputError} `envelope.cmw`, `envelope.media_type`, `input.too_large`
 *
 * @example
 * ```ts
 * import { readCmw, readEnvelope, writeCmwCbor, writeEnvelope } from "@casemate/casemate";
 *
 * const envelope = writeEnvelope("sev-snp", new Uint8Array(1), { report: new Uint8Array(1184) });
 * console.log(readEnvelope(readCmw(writeCmwCbor(envelope))).variant); // sev-snp
 * ```
 */
export function readCmw(bytes: Uint8Array): Uint8Array {
  refuseLarge(bytes, MAX_RECORD_BYTES);
  const record = isJsonRecord(bytes) ? readJsonRecord(bytes) : readCborRecord(bytes);
  const { type, value, indicator } = record;
  if (type !== ENVELOPE_MEDIA_TYPE) {
    const actual = typeof type === "number" ? `content format ${type}` : String(type).slice(0, 80);
    throw refuse("envelope.media_type", { expected: ENVELOPE_MEDIA_TYPE, actual });
  }
  if (indicator !== undefined) refuseIndicator(indicator);
  refuseLarge(value, MAX_ENVELOPE_BYTES);
  return value;
}

/**
 * Writes a CMW record as JSON.
 *
 * @param envelope Bytes of the envelope.
 */
export function writeCmwJson(envelope: Uint8Array): Uint8Array {
  return canonicalJson([ENVELOPE_MEDIA_TYPE, toBase64url(envelope), EVIDENCE]);
}

/**
 * Writes a CMW record as CBOR.
 *
 * @param envelope Bytes of the envelope.
 */
export function writeCmwCbor(envelope: Uint8Array): Uint8Array {
  return writeCborRecord(ENVELOPE_MEDIA_TYPE, envelope, EVIDENCE);
}

/**
 * Reads an envelope, bare or in a CMW record of either form.
 *
 * @param bytes The envelope or the record; the first byte tells them apart.
 * @throws {InputError} those of {@linkcode readEnvelope} and {@linkcode readCmw}
 */
export function openEnvelope(bytes: Uint8Array): Envelope {
  return readEnvelope(firstSign(bytes) === OPENING_BRACE ? bytes : readCmw(bytes));
}

const [OPENING_BRACE, OPENING_BRACKET] = [0x7b, 0x5b];

/** First byte that is no blank space of JSON; in CBOR, those bytes are small numbers, which are no record. */
function firstSign(bytes: Uint8Array): number | undefined {
  return bytes.find((byte) => ![0x20, 0x09, 0x0a, 0x0d].includes(byte));
}

/**
 * Whether a record is JSON rather than CBOR, in which an opening bracket and a
 * brace would start texts and bytes of absurd lengths.
 *
 * @param bytes The record.
 */
export function isJsonRecord(bytes: Uint8Array): boolean {
  const first = firstSign(bytes);
  return first === OPENING_BRACKET || first === OPENING_BRACE;
}

function readJsonRecord(bytes: Uint8Array): CmwRecord {
  const record = parseOr(bytes, "envelope.cmw");
  if (!Array.isArray(record)) throw refuse("envelope.cmw", { reason: "it is a collection" });
  const [type, value, indicator]: readonly unknown[] = record;
  if (record.length < 2 || record.length > 3) {
    throw refuse("envelope.cmw", { reason: `it has ${record.length} items, not 2 or 3` });
  }
  if (typeof type !== "string" && typeof type !== "number") {
    throw refuse("envelope.cmw", { reason: "its type is no text" });
  }
  return { type, value: valueOf(value), indicator };
}

function valueOf(value: unknown): Uint8Array {
  try {
    if (typeof value === "string") return fromBase64url(value);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
  }
  throw refuse("envelope.cmw", { reason: "its value is not base64url without padding" });
}

function refuseIndicator(indicator: unknown): void {
  const isOne = Number.isInteger(indicator) && Number(indicator) >= 0 &&
    Number(indicator) <= MAX_INDICATOR;
  if (!isOne) throw refuse("envelope.cmw", { reason: "its indicator is no number of 32 bits" });
  if ((Number(indicator) & EVIDENCE) === 0) {
    throw refuse("envelope.cmw", { reason: "its indicator does not say evidence" });
  }
}
