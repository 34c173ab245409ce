/**
 * COSE_Sign1 (RFC 9052 §4.2) as AWS uses it: ES384, nothing unprotected,
 * payload inside.
 *
 * @module
 */

import { concat } from "../../../core/bytes.ts";
import { type Cbor, readCbor } from "../../../core/portable/cbor.ts";
import { readIf, readOr } from "../../../core/malformed.ts";
import { refuseNitro } from "./refuse.ts";

/** Tag of a COSE_Sign1 message (§2); AWS leaves it out. */
const TAG = 18n;
/** Label of the algorithm among the headers (§3.1). */
const ALGORITHM = 1n;
/** ECDSA with SHA-384 (RFC 9053 §2.1). */
const ES384 = -35n;
/** R and S on P-384, in as many bytes as the order has (RFC 9053 §2.1). */
const SIGNATURE_BYTES = 96;

/** A message; its signature was not looked at. */
export interface CoseSign1 {
  /** Payload. */
  readonly payload: Uint8Array;
  /** What the signature is over (§4.4). */
  readonly signed: Uint8Array;
  /** R and S, big-endian, one after the other. */
  readonly signature: Uint8Array;
}

/**
 * Reads a message.
 *
 * @param bytes The message.
 * @throws {RejectedError} `nitro.cbor`, `nitro.cose`, `nitro.algorithm`
 */
export function readCoseSign1(bytes: Uint8Array): CoseSign1 {
  const message = readOr(
    () => readCbor(bytes, TAG),
    (reason) => refuseNitro("nitro.cbor", { reason }),
  );
  if (message.type !== "array" || message.items.length !== 4) {
    throw refuse("it is no array of four");
  }
  const [headers, others, content, proof] = message.items;
  const protectedHeader = bytesOf(headers, "the protected header");
  checkAlgorithm(protectedHeader);
  if (others?.type !== "map" || others.entries.length > 0) {
    throw refuse("the unprotected header is no empty map");
  }
  const payload = bytesOf(content, "the payload");
  const signature = bytesOf(proof, "the signature");
  if (signature.length !== SIGNATURE_BYTES) {
    throw refuse(`the signature has ${signature.length} bytes`);
  }
  return { payload, signed: writeSigned(protectedHeader, payload), signature };
}

function refuse(reason: string): Error {
  return refuseNitro("nitro.cose", { reason });
}

function bytesOf(value: Cbor | undefined, what: string): Uint8Array {
  if (value?.type === "bytes") return value.value;
  throw refuse(`${what} is no byte string`);
}

/** Nothing but the algorithm stands there: a header that is not understood could change what the message means. */
function checkAlgorithm(header: Uint8Array): void {
  const map = readIf(() => readCbor(header));
  const [entry, ...more] = map?.type === "map" ? map.entries : [];
  if (entry === undefined || more.length > 0 || !isInteger(entry.key, ALGORITHM)) {
    throw refuse("the protected header is no map with the algorithm alone");
  }
  if (!isInteger(entry.value, ES384)) throw refuseNitro("nitro.algorithm");
}

function isInteger(value: Cbor, wanted: bigint): boolean {
  return value.type === "integer" && value.value === wanted;
}

const CONTEXT = new TextEncoder().encode("Signature1");

/** Sig_structure (§4.4): an array of context, protected header, external data, of which there are none, and payload. */
function writeSigned(header: Uint8Array, payload: Uint8Array): Uint8Array {
  return concat(
    Uint8Array.of(0x84, 0x60 | CONTEXT.length),
    CONTEXT,
    headOf(header.length),
    header,
    headOf(0),
    headOf(payload.length),
    payload,
  );
}

/** Head of a byte string; no document has one of 65536 bytes. */
function headOf(length: number): Uint8Array {
  if (length < 24) return Uint8Array.of(0x40 | length);
  if (length < 0x100) return Uint8Array.of(0x58, length);
  return Uint8Array.of(0x59, length >> 8, length & 0xff);
}
