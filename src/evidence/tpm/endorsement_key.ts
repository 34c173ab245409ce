/**
 * The public area of an endorsement key, as far as a credential is encrypted to it.
 *
 * @module
 */

import { p256, p384 } from "@noble/curves/nist.js";
import { concat, toBase64 } from "../../core/bytes.ts";
import { RejectedError } from "../../core/errors.ts";
import type { TpmCode } from "./codes.ts";
import { FieldReader } from "./device/bytes_in.ts";
import { ALGORITHM, CURVE, strongHashOf } from "./device/numbers.ts";
import { WEB_CRYPTO_NAME } from "./hash.ts";
import type { StrongHash } from "./report.ts";

/** An RSA key. */
export interface RsaEndorsementKey {
  /** Tells the kinds apart. */
  readonly kind: "rsa";
  /** Exponent, big-endian. */
  readonly exponent: Uint8Array;
  /** Modulus, big-endian. */
  readonly modulus: Uint8Array;
}

/** A key over an elliptic curve. */
export interface EccEndorsementKey {
  /** Tells the kinds apart. */
  readonly kind: "ecc";
  /** Curve as WebCrypto names it. */
  readonly curve: "P-256" | "P-384";
  /** x, as long as the curve's field. */
  readonly x: Uint8Array;
  /** y, as long as the curve's field. */
  readonly y: Uint8Array;
}

/** An endorsement key. */
export interface EndorsementKey {
  /** Hash of its Name, which is also that of its encryption. */
  readonly hash: StrongHash;
  /** Length of the AES key with which it protects, bytes. */
  readonly symmetricBytes: number;
  /** The key. */
  readonly key: RsaEndorsementKey | EccEndorsementKey;
}

/** TPMA_OBJECT: fixedTPM, fixedParent, sensitiveDataOrigin, restricted, decrypt (Part 2 §8.3). */
const REQUIRED = 0x00030032;

/** TPMA_OBJECT: sign. */
const FORBIDDEN = 0x00040000;

/** Bytes of the fields of the curves. */
const CURVES: Readonly<Record<number, readonly ["P-256" | "P-384", number]>> = {
  [CURVE.p256]: ["P-256", 32],
  [CURVE.p384]: ["P-384", 48],
};

const RSA_BITS: readonly number[] = [2048, 3072, 4096];

/**
 * Reads the public area of an endorsement key. That the key is one of a genuine TPM is
 * shown by its certificate alone.
 *
 * @param publicArea TPMT_PUBLIC.
 * @throws {RejectedError} `tpm.public_malformed`, `tpm.public_algorithm`, `tpm.ek_attributes`
 */
export function readEndorsementKey(publicArea: Uint8Array): EndorsementKey {
  const reader = new FieldReader(publicArea, (reason) => refuseKey("tpm.public_malformed", reason));
  const type = reader.u16();
  const hash = strongHashOf(reader.u16());
  if (hash === undefined) throw refuseKey("tpm.public_algorithm", "the hash of the Name");
  checkAttributes(reader.u32());
  // The policy, which the TPM itself enforces.
  reader.sized();
  const symmetricBytes = readSymmetric(reader);
  if (reader.u16() !== ALGORITHM.null) throw refuseKey("tpm.public_algorithm", "the scheme");
  const key = type === ALGORITHM.rsa ? readRsa(reader) : readEcc(type, reader);
  reader.end();
  return { hash, symmetricBytes, key };
}

function checkAttributes(attributes: number): void {
  if ((attributes & REQUIRED) === REQUIRED && (attributes & FORBIDDEN) === 0) return;
  throw refuseKey("tpm.ek_attributes", `attributes 0x${attributes.toString(16).padStart(8, "0")}`);
}

/** TPMT_SYM_DEF_OBJECT (Part 2 §11.1.7): AES in CFB mode. */
function readSymmetric(reader: FieldReader): number {
  const algorithm = reader.u16();
  const [bits, mode] = algorithm === ALGORITHM.aes ? [reader.u16(), reader.u16()] : [0, 0];
  if ((bits !== 128 && bits !== 256) || mode !== ALGORITHM.cfb) {
    throw refuseKey("tpm.public_algorithm", "the symmetric algorithm");
  }
  return bits / 8;
}

function readRsa(reader: FieldReader): RsaEndorsementKey {
  const [bits, exponent, modulus] = [reader.u16(), reader.u32(), reader.sized()];
  if (!RSA_BITS.includes(bits) || (exponent !== 0 && exponent !== 65537)) {
    throw refuseKey("tpm.public_algorithm", `RSA with ${bits} bits and exponent ${exponent}`);
  }
  const [top = 0] = modulus;
  if (8 * modulus.length !== bits || top < 0x80) {
    reader.refuse(`a modulus that has not ${bits} bits`);
  }
  return { kind: "rsa", exponent: Uint8Array.of(1, 0, 1), modulus };
}

function readEcc(type: number, reader: FieldReader): EccEndorsementKey {
  if (type !== ALGORITHM.ecc) throw refuseKey("tpm.public_algorithm", "the kind of the key");
  const number = reader.u16();
  const found = CURVES[number];
  if (found === undefined) throw refuseKey("tpm.public_algorithm", `curve ${number}`);
  const [curve, bytes] = found;
  if (reader.u16() !== ALGORITHM.null) {
    throw refuseKey("tpm.public_algorithm", "the key derivation");
  }
  const [x, y] = [padded(reader, bytes), padded(reader, bytes)];
  return { kind: "ecc", curve, x, y };
}

/** A coordinate may stand without its leading zeros (Part 2 §11.2.5.1). */
function padded(reader: FieldReader, length: number): Uint8Array {
  const bytes = reader.sized();
  if (bytes.length > length) reader.refuse(`a coordinate of ${bytes.length} bytes`);
  const whole = new Uint8Array(length);
  whole.set(bytes, length - bytes.length);
  return whole;
}

/**
 * An endorsement key as WebCrypto encrypts to it, or agrees with it.
 *
 * @param endorsementKey The key.
 * @throws {RejectedError} `tpm.public_malformed` where its numbers are no key.
 */
export async function importEndorsementKey({ hash, key }: EndorsementKey): Promise<CryptoKey> {
  try {
    if (key.kind === "ecc") {
      const point = pointOf(key);
      const algorithm = { name: "ECDH", namedCurve: key.curve };
      return await crypto.subtle.importKey("raw", point, algorithm, true, []);
    }
    const jwk = { kty: "RSA", n: base64url(key.modulus), e: base64url(key.exponent) };
    const algorithm = { name: "RSA-OAEP", hash: WEB_CRYPTO_NAME[hash] };
    return await crypto.subtle.importKey("jwk", jwk, algorithm, true, ["encrypt"]);
  } catch (cause) {
    // What WebCrypto says of numbers that it does not take.
    if (!(cause instanceof DOMException) || cause.name !== "DataError") throw cause;
    throw refuseKey("tpm.public_malformed", "numbers that are no key", cause);
  }
}

/**
 * SubjectPublicKeyInfo of an endorsement key, as its certificate has it.
 *
 * @param publicArea TPMT_PUBLIC.
 * @returns DER.
 * @throws {RejectedError} `tpm.public_malformed`, `tpm.public_algorithm`, `tpm.ek_attributes`
 */
export async function endorsementSpki(publicArea: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  const key = await importEndorsementKey(readEndorsementKey(publicArea));
  return new Uint8Array(await crypto.subtle.exportKey("spki", key));
}

/**
 * The uncompressed point, if it is one of the curve: WebCrypto of some runtimes does not look.
 * With a point of another curve, what is agreed on would be known to many.
 */
function pointOf({ curve, x, y }: EccEndorsementKey): Uint8Array<ArrayBuffer> {
  const point = concat(Uint8Array.of(4), x, y);
  try {
    (curve === "P-256" ? p256 : p384).Point.fromBytes(point).assertValidity();
  } catch (cause) {
    throw refuseKey("tpm.public_malformed", `a point that is not on ${curve}`, cause);
  }
  return point;
}

function base64url(bytes: Uint8Array): string {
  return toBase64(bytes).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

function refuseKey(code: TpmCode, actual: string, cause?: unknown): RejectedError {
  const message = `Cannot use the public area as an endorsement key: ${actual}`;
  return new RejectedError(message, { code, fields: { actual }, cause });
}
