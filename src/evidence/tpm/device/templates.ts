/**
 * Templates of keys: TPMT_PUBLIC (Part 2 §12.2.4) as CreatePrimary takes it.
 *
 * The endorsement keys are those of the TCG EK Credential Profile, Annex B: a
 * template that differs in one bit gives another key, for which there is no certificate.
 *
 * @module
 */

import { concat, fromHex } from "../../../core/bytes.ts";
import { sized, u16, u32 } from "./bytes_out.ts";
import { ALGORITHM, CURVE } from "./numbers.ts";

/** Endorsement keys by name. */
export type EndorsementKeyName = "rsa" | "ecc" | "ecc-p384";

/** Attestation keys by name. */
export type AttestationKeyName = "rsa" | "rsa-pss" | "ecc" | "ecc-p384";

/** How the use of an endorsement key is authorized. */
export type EndorsementUse = "policy" | "password";

/** An endorsement key. */
export interface EndorsementTemplate {
  /** TPMT_PUBLIC. */
  readonly template: Uint8Array;
  /** NV index of its certificate (EK Credential Profile §2.2.1.4). */
  readonly certificateIndex: number;
  /** How its use is authorized. */
  readonly use: EndorsementUse;
}

/** TPMA_OBJECT (Part 2 §8.3): bits by name. */
const ATTRIBUTE = {
  fixedTpm: 1 << 1,
  fixedParent: 1 << 4,
  sensitiveDataOrigin: 1 << 5,
  userWithAuth: 1 << 6,
  adminWithPolicy: 1 << 7,
  noDa: 1 << 10,
  restricted: 1 << 16,
  decrypt: 1 << 17,
  sign: 1 << 18,
} as const;

/** What all keys made here are: made in this TPM, and never outside of it. */
const INSIDE = ATTRIBUTE.fixedTpm | ATTRIBUTE.fixedParent | ATTRIBUTE.sensitiveDataOrigin;

const STORES = ATTRIBUTE.restricted | ATTRIBUTE.decrypt;

/** PolicyA: PolicySecret of the endorsement hierarchy (B.6.2). */
const POLICY_A = fromHex("837197674484b3f81a90cc8d46a5d724fd52d76e06520b64f2a1da1b331469aa");

/** PolicyB over SHA-384: PolicyA or one that an NV index holds (B.6.4). */
const POLICY_B_SHA384 = fromHex(
  "b26e7d28d11a50bc53d882bcf5fd3a1a074148bb35d3b4e4cb1c0ad9bde419cacb47ba09699646150f9fc000f3f80e12",
);

const NO_SYMMETRIC = u16(ALGORITHM.null);
const NO_SCHEME = u16(ALGORITHM.null);
const NO_KDF = u16(ALGORITHM.null);

/** 2048 bits and the exponent 65537, which stands as zero. */
const RSA_2048 = concat(u16(2048), u32(0));

/** Endorsement keys: L-1, L-2 and H-3 (B.3.3, B.3.4, B.4.6). */
export const ENDORSEMENT_KEYS: Readonly<Record<EndorsementKeyName, EndorsementTemplate>> = {
  "rsa": {
    template: concat(
      head(ALGORITHM.rsa, ALGORITHM.sha256, INSIDE | ATTRIBUTE.adminWithPolicy | STORES, POLICY_A),
      ...[aes(128), NO_SCHEME, RSA_2048, sized(new Uint8Array(256))],
    ),
    certificateIndex: 0x01c00002,
    use: "policy",
  },
  "ecc": {
    template: concat(
      head(ALGORITHM.ecc, ALGORITHM.sha256, INSIDE | ATTRIBUTE.adminWithPolicy | STORES, POLICY_A),
      ...[aes(128), NO_SCHEME, u16(CURVE.p256), NO_KDF],
      ...[sized(new Uint8Array(32)), sized(new Uint8Array(32))],
    ),
    certificateIndex: 0x01c0000a,
    use: "policy",
  },
  "ecc-p384": {
    template: concat(
      head(
        ALGORITHM.ecc,
        ALGORITHM.sha384,
        INSIDE | ATTRIBUTE.userWithAuth | ATTRIBUTE.adminWithPolicy | STORES,
        POLICY_B_SHA384,
      ),
      ...[aes(256), NO_SCHEME, u16(CURVE.p384), NO_KDF, sized(), sized()],
    ),
    certificateIndex: 0x01c00016,
    use: "password",
  },
};

/** Attestation keys: restricted, so that they sign only what the TPM itself made. */
export const ATTESTATION_KEYS: Readonly<Record<AttestationKeyName, Uint8Array>> = {
  "rsa": rsaAttestation(ALGORITHM.rsassa),
  "rsa-pss": rsaAttestation(ALGORITHM.rsapss),
  "ecc": eccAttestation(CURVE.p256, ALGORITHM.sha256),
  "ecc-p384": eccAttestation(CURVE.p384, ALGORITHM.sha384),
};

/** Storage key over P-256, under which secrets are sealed (TCG TPM v2.0 Provisioning Guidance §7.5.1). */
export const STORAGE_KEY: Uint8Array = concat(
  head(
    ALGORITHM.ecc,
    ALGORITHM.sha256,
    INSIDE | ATTRIBUTE.userWithAuth | ATTRIBUTE.noDa | STORES,
    new Uint8Array(),
  ),
  ...[aes(128), NO_SCHEME, u16(CURVE.p256), NO_KDF],
  ...[sized(new Uint8Array(32)), sized(new Uint8Array(32))],
);

/**
 * Sealed data: neither key nor readable without its policy.
 *
 * @param policy Digest of the policy, SHA-256.
 */
export function sealedTemplate(policy: Uint8Array): Uint8Array {
  const attributes = ATTRIBUTE.fixedTpm | ATTRIBUTE.fixedParent | ATTRIBUTE.noDa;
  const unique = sized();
  return concat(
    head(ALGORITHM.keyedHash, ALGORITHM.sha256, attributes, policy),
    ...[NO_SCHEME, unique],
  );
}

function rsaAttestation(scheme: number): Uint8Array {
  return concat(
    attestationHead(ALGORITHM.rsa, ALGORITHM.sha256),
    ...[NO_SYMMETRIC, u16(scheme), u16(ALGORITHM.sha256), RSA_2048, sized()],
  );
}

function eccAttestation(curve: number, hash: number): Uint8Array {
  return concat(
    attestationHead(ALGORITHM.ecc, hash),
    ...[NO_SYMMETRIC, u16(ALGORITHM.ecdsa), u16(hash), u16(curve), NO_KDF, sized(), sized()],
  );
}

function attestationHead(type: number, nameAlgorithm: number): Uint8Array {
  const attributes = INSIDE | ATTRIBUTE.userWithAuth | ATTRIBUTE.restricted | ATTRIBUTE.sign;
  return head(type, nameAlgorithm, attributes, new Uint8Array());
}

function head(
  type: number,
  nameAlgorithm: number,
  attributes: number,
  policy: Uint8Array,
): Uint8Array {
  return concat(u16(type), u16(nameAlgorithm), u32(attributes), sized(policy));
}

function aes(bits: number): Uint8Array {
  return concat(u16(ALGORITHM.aes), u16(bits), u16(ALGORITHM.cfb));
}
