/**
 * Public keys that TPMs have: RSA of 2048, 3072 and 4096 bits, P-256, P-384.
 *
 * @module
 */

import { toHex } from "../../../core/bytes.ts";
import {
  curveOf,
  isEcKey,
  pointOf,
  type PublicKeyInfo,
  takePublicKey,
} from "../../../core/portable/algorithm.ts";
import { DerReader, TAG } from "../../../core/portable/der.ts";
import { fingerprintOf } from "../../../core/portable/digest.ts";
import { EcdsaKey, type EcdsaScheme } from "../../../core/portable/ecdsa.ts";
import { Malformed, readOr } from "../../../core/malformed.ts";
import { splitPem } from "../../../core/portable/pem.ts";
import {
  bitsOf,
  isOdd,
  isRsaEncryption,
  isUsualExponent,
  readRsaNumbers,
} from "../../../core/portable/rsa.ts";
import { ecdsaSchemeOf } from "../../../core/portable/verifying_key.ts";
import type { TpmKey } from "../report.ts";
import { refuseTpm } from "./refuse.ts";

/** Sizes of moduli. */
export const RSA_BITS: readonly number[] = [2048, 3072, 4096];

const PEM_LABEL = "PUBLIC KEY";
/** How such a file begins. */
const PEM_BEGIN: Uint8Array = new TextEncoder().encode("-----BEGIN");

/** What verifies. */
export type KeyNumbers =
  | { readonly kind: "rsa"; readonly modulus: Uint8Array }
  | { readonly kind: "ecc"; readonly scheme: EcdsaScheme; readonly key: EcdsaKey };

/** A key, for people and for signatures. */
export interface PublicKey {
  /** What leaves the engine. */
  readonly key: TpmKey;
  /** What verifies. */
  readonly numbers: KeyNumbers;
}

/** How a place refuses a key. */
export interface KeyRefusals {
  /** It is of a kind that is not accepted. */
  readonly unknown: (reason: string) => Error;
  /** It is not well formed. */
  readonly malformed: (reason: string) => Error;
}

/** Those of a file with a key. */
export const KEY_REFUSALS: KeyRefusals = {
  unknown: (reason) => refuseTpm("tpm.public_algorithm", { reason }),
  malformed: (reason) => refuseTpm("tpm.public_malformed", { reason }),
};

/**
 * Whether a file holds a bare key, and no structure of a TPM: those begin with 00 to 08.
 *
 * @param file The file.
 */
export function isBareKey(file: Uint8Array): boolean {
  return file[0] === TAG.sequence || PEM_BEGIN.every((byte, i) => byte === file[i]);
}

/**
 * Reads a bare key, PEM or DER of SubjectPublicKeyInfo.
 *
 * @param file The file.
 * @throws {RejectedError} `tpm.public_algorithm`, `tpm.public_malformed`
 */
export function readBareKey(file: Uint8Array): PublicKey {
  const info = readOr(
    () => readInfo(file[0] === TAG.sequence ? file : fromPem(file)),
    KEY_REFUSALS.malformed,
  );
  return keyOf(info, KEY_REFUSALS);
}

function fromPem(file: Uint8Array): Uint8Array {
  const [block, ...others] = splitPem(file, [PEM_LABEL]);
  if (block === undefined || others.length > 0) throw new Malformed("it holds more than one key");
  return block.der;
}

function readInfo(der: Uint8Array): PublicKeyInfo {
  const reader = new DerReader(der);
  const info = takePublicKey(reader);
  reader.finish("the file");
  return info;
}

/**
 * A key that was written here.
 *
 * @param spki DER of SubjectPublicKeyInfo.
 * @throws {RejectedError} `tpm.public_malformed` where its numbers are no key.
 */
export function keyOfSpki(spki: Uint8Array): PublicKey {
  return keyOf(readInfo(spki), KEY_REFUSALS);
}

/**
 * Reads a key.
 *
 * @param info The key.
 * @param refuse How it is refused.
 */
export function keyOf(info: PublicKeyInfo, refuse: KeyRefusals): PublicKey {
  const isRsa = isRsaEncryption(info.algorithm);
  const numbers = isRsa ? rsaNumbers(info, refuse) : eccNumbers(info, refuse);
  const kind = numbers.kind === "rsa"
    ? `RSA ${8 * numbers.modulus.length}`
    : `ECC ${numbers.scheme.curve.name}`;
  return { key: { kind, spkiSha256: fingerprintOf(info.der), spki: toHex(info.der) }, numbers };
}

function rsaNumbers(info: PublicKeyInfo, { unknown, malformed }: KeyRefusals): KeyNumbers {
  const numbers = readOr(() => readRsaNumbers(info), malformed);
  const bits = bitsOf(numbers);
  if (!RSA_BITS.includes(bits)) throw unknown(`the RSA key has ${bits} bits`);
  if (!isUsualExponent(numbers)) throw unknown("the RSA exponent is not 65537");
  if (!isOdd(numbers)) throw malformed("the modulus is even");
  return { kind: "rsa", modulus: numbers.modulus };
}

function eccNumbers(info: PublicKeyInfo, { unknown, malformed }: KeyRefusals): KeyNumbers {
  if (!isEcKey(info.algorithm)) throw unknown("the key is neither RSA nor of an elliptic curve");
  if (curveOf(info) === undefined) throw malformed("the key names no curve");
  const scheme = ecdsaSchemeOf(info);
  if (scheme === undefined) throw unknown("the curve is neither P-256 nor P-384");
  const key = readOr(() => EcdsaKey.read(pointOf(info, scheme.curve), scheme), malformed);
  return { kind: "ecc", scheme, key };
}
