/**
 * Parameters and unique field of a public area (Part 2 §12.2.3).
 *
 * @module
 */

import { concat } from "../../../core/bytes.ts";
import { type NamedCurve, writeEcKey, writeRsaKey } from "../../../core/portable/spki.ts";
import type { SignatureScheme, StrongHash } from "../report.ts";
import { ALGORITHM, algorithmText, schemeOf, strongHashOf } from "./algorithms.ts";
import { KEY_REFUSALS, keyOfSpki, type PublicKey, RSA_BITS } from "./key.ts";
import type { Marshalled } from "./marshalled.ts";

/** 65537, which zero stands for. */
const EXPONENT = 0x0001_0001;

/** TPM_ECC_CURVE (Part 2 §6.4). */
const CURVES: ReadonlyMap<number, { readonly name: NamedCurve; readonly bytes: number }> = new Map([
  [0x0003, { name: "P-256", bytes: 32 }],
  [0x0004, { name: "P-384", bytes: 48 }],
]);

/** Schemes of RSA keys. */
const RSA_SCHEMES: readonly number[] = [
  ALGORITHM.rsassa,
  ALGORITHM.rsapss,
  ALGORITHM.rsaes,
  ALGORITHM.oaep,
];
/** Schemes of ECC keys. */
const ECC_SCHEMES: readonly number[] = [ALGORITHM.ecdsa, ALGORITHM.ecdh];

const { malformed, unknown } = KEY_REFUSALS;

/** A key, and how it signs. */
export interface SchemedKey extends PublicKey {
  /** Null where it does not, or leaves it to the caller. */
  readonly scheme: SignatureScheme | null;
}

/**
 * Takes TPMS_RSA_PARMS and the modulus (§12.2.3.5).
 *
 * @param fields Stand before them.
 * @throws {RejectedError} `tpm.public_algorithm`, `tpm.public_malformed`
 */
export function takeRsaKey(fields: Marshalled): SchemedKey {
  takeSymmetric(fields);
  const scheme = takeScheme(fields, RSA_SCHEMES);
  const bits = fields.number(2, "the size of the key");
  if (!RSA_BITS.includes(bits)) throw unknown(`the RSA key has ${bits} bits`);
  const exponent = fields.number(4, "the exponent");
  if (exponent !== 0 && exponent !== EXPONENT) throw unknown("the RSA exponent is not 65537");
  const modulus = fields.sized("the modulus");
  if (8 * modulus.length !== bits || (modulus[0] ?? 0) < 0x80) {
    throw malformed(`the modulus does not have ${bits} bits`);
  }
  return { ...keyOfSpki(writeRsaKey(modulus)), scheme };
}

/**
 * Takes TPMS_ECC_PARMS and the point (§12.2.3.6).
 *
 * @param fields Stand before them.
 * @throws {RejectedError} `tpm.public_algorithm`, `tpm.public_malformed`
 */
export function takeEccKey(fields: Marshalled): SchemedKey {
  takeSymmetric(fields);
  const scheme = takeScheme(fields, ECC_SCHEMES);
  const id = fields.number(2, "the curve");
  const curve = CURVES.get(id);
  if (curve === undefined) throw unknown(`curve ${algorithmText(id)} is neither P-256 nor P-384`);
  // A key derivation, which no key here uses; with it stands a hash.
  if (fields.number(2, "the key derivation") !== ALGORITHM.null) {
    fields.take(2, "the hash of the key derivation");
  }
  const x = takeCoordinate(fields, curve.bytes);
  const y = takeCoordinate(fields, curve.bytes);
  return { ...keyOfSpki(writeEcKey(curve.name, x, y)), scheme };
}

/** TPMs may leave leading zeros out (Part 1 §11.4.1). */
function takeCoordinate(fields: Marshalled, length: number): Uint8Array {
  const coordinate = fields.sized("a coordinate");
  if (coordinate.length > length) throw malformed("a coordinate is longer than the curve's");
  return concat(new Uint8Array(length - coordinate.length), coordinate);
}

/** TPMT_SYM_DEF_OBJECT (§11.1.7): how a storage key wraps; keys that sign have none. */
function takeSymmetric(fields: Marshalled): void {
  const algorithm = fields.number(2, "the symmetric algorithm");
  if (algorithm === ALGORITHM.null) return;
  if (algorithm !== ALGORITHM.aes) {
    throw unknown(`symmetric algorithm ${algorithmText(algorithm)}`);
  }
  fields.take(4, "the size and mode of AES");
}

/** TPMT_RSA_SCHEME, TPMT_ECC_SCHEME (§11.2.4.2, §11.2.5.6). */
function takeScheme(fields: Marshalled, known: readonly number[]): SignatureScheme | null {
  const algorithm = fields.number(2, "the scheme");
  if (algorithm === ALGORITHM.null) return null;
  if (!known.includes(algorithm)) throw unknown(`scheme ${algorithmText(algorithm)}`);
  // The only one without details.
  if (algorithm === ALGORITHM.rsaes) return null;
  const hash = takeHash(fields);
  const scheme = schemeOf(algorithm);
  return scheme === undefined ? null : { scheme, hash };
}

function takeHash(fields: Marshalled): StrongHash {
  const algorithm = fields.number(2, "the hash of the scheme");
  const hash = strongHashOf(algorithm);
  if (hash === undefined) throw unknown(`hash ${algorithmText(algorithm)} of the scheme`);
  return hash;
}
