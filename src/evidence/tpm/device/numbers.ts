/**
 * Numbers of the TPM 2.0 Library, Part 2, as far as they are used here.
 *
 * @module
 */

import type { PcrBank, StrongHash } from "../report.ts";

/** TPM_ALG_ID (§6.3). */
export const ALGORITHM = {
  rsa: 0x0001,
  sha1: 0x0004,
  aes: 0x0006,
  keyedHash: 0x0008,
  sha256: 0x000b,
  sha384: 0x000c,
  sha512: 0x000d,
  null: 0x0010,
  rsassa: 0x0014,
  rsapss: 0x0016,
  ecdsa: 0x0018,
  ecc: 0x0023,
  cfb: 0x0043,
} as const;

/** TPM_ECC_CURVE (§6.4). */
export const CURVE = { p256: 0x0003, p384: 0x0004 } as const;

/** TPM_CC (§6.5.2). */
export const COMMAND = {
  EvictControl: 0x0120,
  NV_UndefineSpace: 0x0122,
  NV_DefineSpace: 0x012a,
  CreatePrimary: 0x0131,
  NV_Write: 0x0137,
  ActivateCredential: 0x0147,
  PolicySecret: 0x0151,
  Create: 0x0153,
  Load: 0x0157,
  Quote: 0x0158,
  Unseal: 0x015e,
  FlushContext: 0x0165,
  NV_Read: 0x014e,
  NV_ReadPublic: 0x0169,
  ReadPublic: 0x0173,
  StartAuthSession: 0x0176,
  GetCapability: 0x017a,
  GetRandom: 0x017b,
  PCR_Read: 0x017e,
  PolicyPCR: 0x017f,
  ReadClock: 0x0181,
  PCR_Extend: 0x0182,
  PolicyGetDigest: 0x0189,
  Startup: 0x0144,
  Shutdown: 0x0145,
  // AWS's own, of NitroTPM (AWS, NitroTPM-Tools): vendors' commands have bit 29 set.
  VendorNsmRequest: 0x20000001,
} as const;

/** Name of a command, without `TPM2_`. */
export type CommandName = keyof typeof COMMAND;

/** TPM_RH (§7.4). */
export const HANDLE = {
  owner: 0x40000001,
  null: 0x40000007,
  password: 0x40000009,
  endorsement: 0x4000000b,
} as const;

/** A hierarchy in which keys are made (§9.13). */
export type Hierarchy = "owner" | "endorsement" | "null";

/** TPM_ST of commands and answers (§6.9). */
export const TAG = { noSessions: 0x8001, sessions: 0x8002, tpm12Answer: 0x00c4 } as const;

/** Banks and the algorithms of their digests. */
export const BANKS: readonly (readonly [PcrBank, number])[] = [
  ["sha1", ALGORITHM.sha1],
  ["sha256", ALGORITHM.sha256],
  ["sha384", ALGORITHM.sha384],
  ["sha512", ALGORITHM.sha512],
];

/** Lengths of digests, bytes. */
export const DIGEST_BYTES: Readonly<Record<PcrBank, number>> = {
  sha1: 20,
  sha256: 32,
  sha384: 48,
  sha512: 64,
};

/**
 * The algorithm of a bank.
 *
 * @param bank The bank.
 */
export function algorithmOf(bank: PcrBank): number {
  return ALGORITHM[bank];
}

/**
 * The bank of an algorithm; undefined for one that is not known here.
 *
 * @param algorithm TPM_ALG_ID.
 */
export function bankOf(algorithm: number): PcrBank | undefined {
  return BANKS.find(([, number]) => number === algorithm)?.[0];
}

/**
 * A hash that Names and signatures may be made with; undefined for another.
 *
 * @param algorithm TPM_ALG_ID.
 */
export function strongHashOf(algorithm: number): StrongHash | undefined {
  const bank = bankOf(algorithm);
  return bank === "sha1" ? undefined : bank;
}
