/**
 * Hashes of a TPM, by the names of its banks.
 *
 * @module
 */

import { concat } from "../../core/bytes.ts";

/** Banks of registers that the lab has. */
export type LabBank = "sha1" | "sha256" | "sha384" | "sha512";

/** What a hash is called where, and how long it is. */
export interface LabHash {
  /** TPM_ALG_ID (TCG Algorithm Registry). */
  readonly id: number;
  /** Bytes of a digest. */
  readonly bytes: number;
  /** Name in WebCrypto. */
  readonly name: "SHA-1" | "SHA-256" | "SHA-384" | "SHA-512";
}

/** The hashes. */
export const LAB_HASHES: Readonly<Record<LabBank, LabHash>> = {
  sha1: { id: 0x0004, bytes: 20, name: "SHA-1" },
  sha256: { id: 0x000b, bytes: 32, name: "SHA-256" },
  sha384: { id: 0x000c, bytes: 48, name: "SHA-384" },
  sha512: { id: 0x000d, bytes: 64, name: "SHA-512" },
};

/** Further TPM_ALG_IDs. */
export const TPM_ALGORITHMS = {
  rsa: 0x0001,
  aes: 0x0006,
  null: 0x0010,
  rsassa: 0x0014,
  rsapss: 0x0016,
  ecdsa: 0x0018,
  ecc: 0x0023,
  cfb: 0x0043,
} as const;

/** Schemes with which an attestation key signs. */
export type QuoteScheme = "rsassa" | "rsapss" | "ecdsa";

/**
 * Hash of bytes.
 *
 * @param bank Which hash.
 * @param parts What is hashed, joined.
 */
export async function hashOf(
  bank: LabBank,
  ...parts: readonly Uint8Array[]
): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.digest(LAB_HASHES[bank].name, concat(...parts)));
}
