/**
 * AlgorithmIdentifier and SubjectPublicKeyInfo (RFC 5280 §4.1.1.2, §4.1.2.7).
 *
 * @module
 */

import { equal } from "../bytes.ts";
import { DerReader, type Element, TAG } from "./der.ts";
import { Malformed, readIf } from "../malformed.ts";
import { shortOidOf } from "./oid.ts";
import { wholeOctetsOf } from "./values.ts";

/** Names a curve instead of describing it (RFC 5480 §2.1.1). */
const EC_KEY = "1.2.840.10045.2.1";

/** An algorithm with its parameters. */
export interface Algorithm {
  /** Identifier, dotted. */
  readonly oid: string;
  /** Parameters, of any type; undefined where absent. */
  readonly parameters: Element | undefined;
  /** The whole encoding. */
  readonly der: Uint8Array;
}

/** A public key. */
export interface PublicKeyInfo {
  /** What kind of key it is. */
  readonly algorithm: Algorithm;
  /** The key; empty where it does not end with an octet. */
  readonly key: Uint8Array;
  /** The whole encoding. */
  readonly der: Uint8Array;
}

/** A curve whose points are read. */
export interface Curve {
  /** Identifier, dotted. */
  readonly oid: string;
  /** Name for a person. */
  readonly name: string;
  /** Bytes of an uncompressed point (SEC 1 §2.3.3): 04, X, Y. */
  readonly pointBytes: number;
}

/** The curve P-256 of SP 800-186. */
export const CURVE_P256: Curve = { oid: "1.2.840.10045.3.1.7", name: "P-256", pointBytes: 65 };
/** The curve P-384 of SP 800-186. */
export const CURVE_P384: Curve = { oid: "1.3.132.0.34", name: "P-384", pointBytes: 97 };

/**
 * Takes an algorithm.
 *
 * @param reader Stands before it.
 * @throws {Malformed} where there is none.
 */
export function takeAlgorithm(reader: DerReader): Algorithm {
  if (reader.peek() !== TAG.sequence) throw new Malformed("an algorithm is missing");
  const { content, der } = reader.element();
  const parts = new DerReader(content);
  const oid = shortOidOf(parts.take(TAG.oid, "the identifier of an algorithm"));
  const parameters = parts.isAtEnd ? undefined : parts.element();
  parts.finish("an algorithm");
  return { oid, parameters, der };
}

/**
 * Reads bytes that are exactly one algorithm.
 *
 * @param der The bytes.
 * @throws {Malformed} where they are anything else.
 */
export function readAlgorithm(der: Uint8Array): Algorithm {
  const reader = new DerReader(der);
  const algorithm = takeAlgorithm(reader);
  reader.finish("an algorithm");
  return algorithm;
}

/**
 * Takes a public key.
 *
 * @param reader Stands before it.
 * @throws {Malformed} where there is none.
 */
export function takePublicKey(reader: DerReader): PublicKeyInfo {
  if (reader.peek() !== TAG.sequence) throw new Malformed("a public key is missing");
  const { content, der } = reader.element();
  const parts = new DerReader(content);
  const algorithm = takeAlgorithm(parts);
  const key = wholeOctetsOf(parts.take(TAG.bitString, "the bits of a key"));
  parts.finish("a public key");
  return { algorithm, key, der };
}

/**
 * Whether two algorithms are the same, parameters included.
 *
 * @param one One.
 * @param other The other.
 */
export function isSameAlgorithm(one: Algorithm, other: Algorithm): boolean {
  return equal(one.der, other.der);
}

/**
 * Whether parameters are NULL.
 *
 * @param parameters The parameters.
 */
export function isNull(parameters: Element): boolean {
  return parameters.tag === TAG.null && parameters.content.length === 0;
}

/**
 * Whether an algorithm is that of keys of elliptic curves, whatever its parameters.
 *
 * @param algorithm The algorithm.
 */
export function isEcKey({ oid }: Algorithm): boolean {
  return oid === EC_KEY;
}

/**
 * The curve that a key of an elliptic curve names, dotted.
 *
 * @param info The key.
 * @returns Undefined where it is another kind of key, or names none.
 */
export function curveOf({ algorithm }: PublicKeyInfo): string | undefined {
  const { parameters } = algorithm;
  if (!isEcKey(algorithm) || parameters?.tag !== TAG.oid) return undefined;
  return readIf(() => shortOidOf(parameters.content));
}

/**
 * The uncompressed point of a key, as it stands there.
 *
 * @param info The key.
 * @param curve Its curve.
 * @throws {Malformed} where it is of another curve or form.
 */
export function pointOf(info: PublicKeyInfo, curve: Curve): Uint8Array {
  if (curveOf(info) !== curve.oid) {
    throw new Malformed(`the key is not of curve ${curve.name}`);
  }
  if (info.key.length !== curve.pointBytes || info.key[0] !== 4) {
    throw new Malformed("the key is not an uncompressed point");
  }
  return info.key;
}
