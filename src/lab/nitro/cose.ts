/**
 * Writes COSE_Sign1 (RFC 9052 §4.2) as AWS writes it, and what is wrong on purpose.
 *
 * @module
 */

import { concat } from "../../core/bytes.ts";
import { type LabKey, signBytes } from "../lab_key.ts";
import { cborArray, cborBytes, cborInteger, cborMap, cborTagged, cborText } from "./cbor.ts";

/** ES384 (RFC 9053 §2.1). */
const ES384 = -35;

/** All that a message says, and the key that signs it. */
export interface CoseDescription {
  /** Tag in front; null writes none, as AWS does. */
  readonly tag: number | null;
  /** Contents of the protected header. */
  readonly protectedHeader: Uint8Array;
  /** CBOR of the unprotected header. */
  readonly unprotectedHeader: Uint8Array;
  /** Payload. */
  readonly payload: Uint8Array;
  /** What the signature says that it is for. */
  readonly context: string;
  /** The key that signs, with the hash of its size. */
  readonly signWith: LabKey;
  /** Change to the signature, R and S one after the other. */
  readonly signature: (bytes: Uint8Array) => Uint8Array;
  /** Bytes after the message. */
  readonly trailing: Uint8Array;
}

/**
 * Contents of a protected header that names an algorithm alone.
 *
 * @param algorithm Number of the algorithm.
 */
export function coseHeader(algorithm: number): Uint8Array {
  return cborMap([cborInteger(1), cborInteger(algorithm)]);
}

/**
 * A message as AWS writes it.
 *
 * @param payload Payload.
 * @param signWith Key on P-384.
 */
export function describeCose(payload: Uint8Array, signWith: LabKey): CoseDescription {
  return {
    tag: null,
    protectedHeader: coseHeader(ES384),
    unprotectedHeader: cborMap(),
    payload,
    context: "Signature1",
    signWith,
    signature: (bytes) => bytes,
    trailing: new Uint8Array(),
  };
}

/**
 * Writes and signs a message.
 *
 * @param description What it says.
 */
export async function writeCose(description: CoseDescription): Promise<Uint8Array> {
  const { tag, protectedHeader, unprotectedHeader, payload, context, signWith } = description;
  const header = cborBytes(protectedHeader);
  const content = cborBytes(payload);
  const signed = cborArray(cborText(context), header, cborBytes(new Uint8Array()), content);
  const hash = signWith.kind === "P-256" ? "SHA-256" : "SHA-384";
  const made = await signBytes(signWith, { name: "ECDSA", hash }, signed);
  const signature = cborBytes(description.signature(made));
  const message = cborArray(header, unprotectedHeader, content, signature);
  return concat(tag === null ? message : cborTagged(tag, message), description.trailing);
}
