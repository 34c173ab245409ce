/**
 * ECDSA over the curves P-256 and P-384, as a rule with the hash of the same
 * size (FIPS 186-5, RFC 5480, RFC 5758). The mathematics is that of `@noble/curves`.
 *
 * @module
 */

import { p256, p384 } from "@noble/curves/nist.js";
import { concat } from "../bytes.ts";
import { type Algorithm, type Curve, CURVE_P256, CURVE_P384 } from "./algorithm.ts";
import { digestOf, type HashName } from "./digest.ts";
import { DerReader, readOnly, TAG } from "./der.ts";
import { Malformed, readIf } from "../malformed.ts";
import { unsignedOf } from "./values.ts";

/** A curve with the hash that is used with it where nothing else is said. */
export interface EcdsaScheme {
  /** The curve. */
  readonly curve: Curve;
  /** Identifier of the signature algorithm, dotted. */
  readonly oid: string;
  /** The hash. */
  readonly hash: HashName;
  /** Bytes of R, S, X or Y. */
  readonly numberBytes: number;
  /** The mathematics. */
  readonly mathematics: typeof p256;
}

/** P-256 with SHA-256, as Intel uses it. */
export const ECDSA_P256: EcdsaScheme = {
  curve: CURVE_P256,
  oid: "1.2.840.10045.4.3.2",
  hash: "sha256",
  numberBytes: 32,
  mathematics: p256,
};

/** P-384 with SHA-384, as AMD uses it. */
export const ECDSA_P384: EcdsaScheme = {
  curve: CURVE_P384,
  oid: "1.2.840.10045.4.3.3",
  hash: "sha384",
  numberBytes: 48,
  mathematics: p384,
};

/**
 * Whether an algorithm is that of a scheme. Its parameters must be absent (RFC 5758 §3.2).
 *
 * @param algorithm The algorithm.
 * @param scheme The scheme.
 */
export function isEcdsa({ oid, parameters }: Algorithm, scheme: EcdsaScheme): boolean {
  return oid === scheme.oid && parameters === undefined;
}

/**
 * Whether both numbers of a signature are at least 1 and below the order of
 * the group. `n - s` is a signature too and is accepted, since neither AMD nor
 * Intel demands the lower one.
 *
 * @param signature R and S, big-endian, one after the other.
 * @param scheme The scheme.
 */
export function isInRange(signature: Uint8Array, scheme: EcdsaScheme): boolean {
  const { numberBytes, mathematics } = scheme;
  if (signature.length !== 2 * numberBytes) return false;
  const order = mathematics.Point.Fn.ORDER;
  const numbers = [signature.subarray(0, numberBytes), signature.subarray(numberBytes)];
  return numbers.map(numberOf).every((number) => number >= 1n && number < order);
}

function numberOf(bytes: Uint8Array): bigint {
  return bytes.reduce((value, byte) => value << 8n | BigInt(byte), 0n);
}

/** A key that verifies. */
export class EcdsaKey {
  readonly #scheme: EcdsaScheme;
  readonly #point: Uint8Array;

  private constructor(scheme: EcdsaScheme, point: Uint8Array) {
    this.#scheme = scheme;
    this.#point = point;
  }

  /**
   * Reads a key.
   *
   * @param point Uncompressed point (SEC 1 §2.3.3): 04, X, Y.
   * @param scheme The scheme.
   * @throws {Malformed} where it is no point of the curve.
   */
  static read(point: Uint8Array, scheme: EcdsaScheme): EcdsaKey {
    const { curve, mathematics } = scheme;
    if (point.length !== curve.pointBytes || point[0] !== 4) {
      throw new Malformed("the key is not an uncompressed point");
    }
    try {
      mathematics.Point.fromBytes(point).assertValidity();
    } catch {
      throw new Malformed("the key is not a point of the curve");
    }
    return new EcdsaKey(scheme, point);
  }

  /**
   * Whether a signature over a message is by this key.
   *
   * @param message The message.
   * @param signature R and S, big-endian, one after the other.
   * @param hash Hash of the message; by default that of the scheme.
   */
  verifies(message: Uint8Array, signature: Uint8Array, hash?: HashName): boolean {
    if (!isInRange(signature, this.#scheme)) return false;
    const digest = digestOf(hash ?? this.#scheme.hash, message);
    // Of a digest that is longer than the order, its first bits count (FIPS 186-5 §6.4.2, step 3).
    const how = { lowS: false, prehash: false };
    return this.#scheme.mathematics.verify(signature, digest, this.#point, how);
  }

  /**
   * The same with a signature in DER, as certificates and lists have it.
   *
   * @param message The message.
   * @param der ECDSA-Sig-Value of RFC 5480, appendix A.
   * @param hash Hash of the message; by default that of the scheme.
   */
  verifiesDer(message: Uint8Array, der: Uint8Array, hash?: HashName): boolean {
    const signature = readIf(() => readSignature(der, this.#scheme));
    return signature !== undefined && this.verifies(message, signature, hash);
  }
}

/**
 * R and S of a signature in DER, one after the other, each in as many bytes as the order has.
 *
 * @param der ECDSA-Sig-Value of RFC 5480, appendix A.
 * @param scheme The scheme.
 * @throws {Malformed} where it is no DER, or a number is negative or longer.
 */
export function readSignature(der: Uint8Array, { numberBytes }: EcdsaScheme): Uint8Array {
  const numbers = new DerReader(readOnly(der, TAG.sequence, "the signature"));
  const r = unsignedOf(numbers.take(TAG.integer, "R"));
  const s = unsignedOf(numbers.take(TAG.integer, "S"));
  numbers.finish("the signature");
  return concat(padded(r, numberBytes), padded(s, numberBytes));
}

function padded(number: Uint8Array, length: number): Uint8Array {
  if (number.length > length) throw new Malformed("a number of the signature is too large");
  return concat(new Uint8Array(length - number.length), number);
}
