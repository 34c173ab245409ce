/**
 * Attributes of objects (TPMA_OBJECT, Part 2 §8.3).
 *
 * @module
 */

import type { ObjectAttributes } from "../report.ts";
import { refuseTpm } from "./refuse.ts";

/** Bits by name. Those that later revisions gave names (8, 9, 19) are not known here. */
const BITS: Readonly<Record<keyof ObjectAttributes, number>> = {
  fixedTPM: 1,
  stClear: 2,
  fixedParent: 4,
  sensitiveDataOrigin: 5,
  userWithAuth: 6,
  adminWithPolicy: 7,
  noDA: 10,
  encryptedDuplication: 11,
  restricted: 16,
  decrypt: 17,
  sign: 18,
};

const KNOWN: number = Object.values(BITS).reduce((mask, bit) => mask | 1 << bit, 0);

/** What an attestation key has; without any of these, others could have made the signature. */
const OF_ATTESTATION_KEYS = [
  "restricted",
  "sign",
  "fixedTPM",
  "fixedParent",
  "sensitiveDataOrigin",
] as const satisfies readonly (keyof ObjectAttributes)[];

/**
 * Reads attributes.
 *
 * @param word The field.
 * @returns Undefined where a bit is set that has no meaning here.
 */
export function attributesOf(word: number): ObjectAttributes | undefined {
  if ((word & ~KNOWN) !== 0) return undefined;
  const has = (bit: number): boolean => (word >>> bit & 1) === 1;
  return {
    fixedTPM: has(BITS.fixedTPM),
    fixedParent: has(BITS.fixedParent),
    sensitiveDataOrigin: has(BITS.sensitiveDataOrigin),
    userWithAuth: has(BITS.userWithAuth),
    adminWithPolicy: has(BITS.adminWithPolicy),
    noDA: has(BITS.noDA),
    encryptedDuplication: has(BITS.encryptedDuplication),
    restricted: has(BITS.restricted),
    decrypt: has(BITS.decrypt),
    sign: has(BITS.sign),
    stClear: has(BITS.stClear),
  };
}

/**
 * Refuses a key that is no attestation key: one that is not restricted signs
 * what looks like a quote, one that is not fixed may be elsewhere, one that was
 * brought into the TPM has copies, one that decrypts is another kind of key.
 *
 * @param attributes The key's.
 * @throws {RejectedError} `tpm.public_attributes`
 */
export function checkAttestationKey(attributes: ObjectAttributes): void {
  const missing = OF_ATTESTATION_KEYS.find((name) => !attributes[name]);
  if (missing !== undefined) {
    throw refuseTpm("tpm.public_attributes", { reason: `${missing} is not set` });
  }
  if (attributes.decrypt) {
    throw refuseTpm("tpm.public_attributes", { reason: "decrypt is set" });
  }
}
