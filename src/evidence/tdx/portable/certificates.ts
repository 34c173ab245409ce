/**
 * Certificates of Intel's PKI: P-256 keys, ECDSA with SHA-256, and the names of
 * the SGX PCK Certificate and CRL Profile Specification, chapter 1.
 *
 * @module
 */

import { CURVE_P256, pointOf } from "../../../core/portable/algorithm.ts";
import { type Certificate, readCertificate } from "../../../core/portable/certificate.ts";
import { ECDSA_P256, EcdsaKey, isEcdsa } from "../../../core/portable/ecdsa.ts";
import { exactly, type Place } from "../../../core/portable/encoding.ts";
import { commonName } from "../../../core/portable/name.ts";
import { CasemateError } from "../../../core/errors.ts";
import { refusal } from "../../../core/refusal.ts";

/** Common names. */
export const INTEL_NAMES = {
  root: "Intel SGX Root CA",
  platform: "Intel SGX PCK Platform CA",
  processor: "Intel SGX PCK Processor CA",
  pck: "Intel SGX PCK Certificate",
  tcbSigning: "Intel SGX TCB Signing",
} as const;

/** The two CAs that issue PCK certificates: for platforms of several packages, and of one. */
export type Ca = "platform" | "processor";

const CAS: readonly Ca[] = ["platform", "processor"];

/** A certificate that signs others, and its key. */
export interface Authority {
  /** The certificate. */
  readonly certificate: Certificate;
  /** Its key. */
  readonly key: EcdsaKey;
}

/**
 * Reads the certificates of a file, which must hold one for each name.
 *
 * @param file The file.
 * @param place What it is for.
 * @param names What its certificates are called in refusals.
 * @throws {RejectedError} `x509.*`
 * @throws {InputError} `input.*`
 */
export function readCertificates(
  file: Uint8Array,
  place: Place,
  names: readonly string[],
): readonly Certificate[] {
  const all = exactly(file, place, names.length);
  return all.map((der, i) => readAt(der, names[i] ?? "", place));
}

function readAt(der: Uint8Array, name: string, place: Place): Certificate {
  try {
    return readCertificate(der, name);
  } catch (error) {
    if (!(error instanceof CasemateError)) throw error;
    throw refusal(error.code, { ...error.fields, input: place.name });
  }
}

/**
 * The CA that a common name is of.
 *
 * @param name The name.
 */
export function caOf(name: string | undefined): Ca | undefined {
  return CAS.find((ca) => INTEL_NAMES[ca] === name);
}

/**
 * Whether a certificate calls itself Intel's root.
 *
 * @param certificate The certificate.
 */
export function isRoot({ subject }: Certificate): boolean {
  return commonName(subject) === INTEL_NAMES.root;
}

/**
 * Whether a certificate says that it is signed as Intel signs.
 *
 * @param certificate The certificate.
 */
export function isSignedByEcdsa({ algorithm }: Certificate): boolean {
  return algorithm !== undefined && isEcdsa(algorithm, ECDSA_P256);
}

/**
 * Whether a key has signed a certificate.
 *
 * @param key The key.
 * @param certificate The certificate.
 */
export function hasSigned(key: EcdsaKey, certificate: Certificate): boolean {
  return isSignedByEcdsa(certificate) &&
    key.verifiesDer(certificate.signed, certificate.signature);
}

/**
 * The key of a certificate.
 *
 * @param certificate The certificate.
 * @throws {Malformed} where it is none of P-256.
 */
export function keyOf({ key }: Certificate): EcdsaKey {
  return EcdsaKey.read(pointOf(key, CURVE_P256), ECDSA_P256);
}
