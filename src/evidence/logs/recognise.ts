/**
 * Whether a file is an event log, by its contents.
 *
 * @module
 */

import { toHex } from "../../core/bytes.ts";
import { EVENT, EVENT_TYPES } from "./event_types.ts";

/** How the data of a crypto-agile log's first event begin (PFP §10.4.5.1), behind its head of 32 bytes. */
const SPEC_ID = "Spec ID Event0";

/** Bytes of an event of TPM 1.2 before its data: register, type, digest, size. */
const HEAD_BYTES = 32;

/** Events of a SHA-1 log that must be in order before a file is taken for one; noise has fewer. */
const SURE_EVENTS = 3;

/** Begin of a CEL in TLV: record number 0 in 1 to 8 bytes, then the kind of register. */
const CEL_TLV = /^000000000[1-8](?:00){1,8}(?:01|02|6c)/;

/** Bytes of a file that are looked at for the members of a CEL record. */
const CEL_JSON_BYTES = 4096;

/**
 * Whether a file is meant as an event log; it may still be damaged.
 *
 * @param bytes The file.
 */
export function looksLikeLog(bytes: Uint8Array): boolean {
  return looksLikeAgile(bytes) || looksLikeCelTlv(bytes) || looksLikeCelJson(bytes) ||
    looksLikeSha1(bytes);
}

function looksLikeAgile(bytes: Uint8Array): boolean {
  const type = toHex(bytes.subarray(4, 8)) === "03000000";
  const signature = new TextDecoder().decode(bytes.subarray(HEAD_BYTES, HEAD_BYTES + 14));
  return type && signature === SPEC_ID;
}

function looksLikeCelTlv(bytes: Uint8Array): boolean {
  const length = bytes[4] ?? 0;
  return CEL_TLV.test(toHex(bytes.subarray(0, 5 + length + 1))) && length <= 8;
}

/** A record has its digests and a register, as no other JSON here. */
function looksLikeCelJson(bytes: Uint8Array): boolean {
  const start = new TextDecoder().decode(bytes.subarray(0, CEL_JSON_BYTES));
  // deno-lint-ignore no-control-regex -- the separator of records is one (RFC 7464)
  return /^[\s\x1e]*[[{]/.test(start) && /"digests"\s*:\s*\[/.test(start) &&
    /"(?:pcr|ccmr|nv_index)"\s*:/.test(start);
}

/** A log without a header: events of known types and registers, one after the other. */
function looksLikeSha1(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  for (let seen = 0; seen < SURE_EVENTS; seen++) {
    if (at + HEAD_BYTES > bytes.length) return false;
    const register = view.getUint32(at, true);
    const type = view.getUint32(at + 4, true);
    const digest = bytes.subarray(at + 8, at + 28);
    const extends_ = digest.some((byte) => byte !== 0);
    if (register > 23 || !EVENT_TYPES.has(type) || type === 0) return false;
    if (extends_ === (type === EVENT.noAction)) return false;
    at += HEAD_BYTES + view.getUint32(at + 28, true);
  }
  return at <= bytes.length;
}
