/**
 * What a TPM 2.0 says of itself, as the engine reads it.
 *
 * Sources: TCG "TPM 2.0 Library" Part 1 (names), Part 2 (structures), "TPM v2.0
 * EK Credential Profile", "PC Client Platform TPM Profile".
 *
 * @module
 */

import type { CertificateSummary } from "../../core/x509.ts";
import type { ComparedEvent, ComparedLog } from "../logs/mod.ts";

/** Hash algorithms of banks. SHA-1 is read, and satisfies no check. */
export type PcrBank = "sha1" | "sha256" | "sha384" | "sha512";

/** Hash algorithms of signatures and names. */
export type StrongHash = "sha256" | "sha384" | "sha512";

/** Registers of one bank, as a quote selects them. */
export interface Selection {
  /** Bank. */
  readonly bank: PcrBank;
  /** Registers, rising, 0 to 23. */
  readonly registers: readonly number[];
}

/** Clock and counters of a TPM (Part 2 §10.11.1). */
export interface ClockInfo {
  /** Milliseconds that the TPM was powered, decimal. */
  readonly clock: string;
  /** Starts of the TPM, so of the machine. */
  readonly resetCount: number;
  /** Resumes and hibernations since. */
  readonly restartCount: number;
  /** Whether no higher value of `clock` was ever reported. */
  readonly safe: boolean;
}

/** A quote: TPMS_ATTEST of type TPM_ST_ATTEST_QUOTE (Part 2 §10.12.8). */
export interface Quote {
  /** Qualified Name of the key that signed: hash algorithm and hash, hex. */
  readonly qualifiedSigner: string;
  /** Data of the caller (extraData), hex. */
  readonly qualifyingData: string;
  /** Clock and counters. */
  readonly clock: ClockInfo;
  /** Version of the TPM's firmware, 16 digits of hex, as its vendor writes it. */
  readonly firmwareVersion: string;
  /** Registers that were quoted. */
  readonly selections: readonly Selection[];
  /** Hash over their values, hex. */
  readonly pcrDigest: string;
}

/** How a signature was made. */
export interface SignatureScheme {
  /** Algorithm. */
  readonly scheme: "rsassa" | "rsapss" | "ecdsa";
  /** Hash. */
  readonly hash: StrongHash;
}

/** A public key. */
export interface TpmKey {
  /** Kind, as `RSA 2048` or `ECC P-256`. */
  readonly kind: string;
  /** SHA-256 of its SubjectPublicKeyInfo, hex. */
  readonly spkiSha256: string;
  /** SubjectPublicKeyInfo, DER, hex. */
  readonly spki: string;
}

/** Attributes of an object (TPMA_OBJECT, Part 2 §8.3.2). */
export interface ObjectAttributes {
  /** Cannot be duplicated. */
  readonly fixedTPM: boolean;
  /** Cannot be loaded under another parent. */
  readonly fixedParent: boolean;
  /** Was made inside the TPM. */
  readonly sensitiveDataOrigin: boolean;
  /** Its use takes a password or an HMAC. */
  readonly userWithAuth: boolean;
  /** Administration takes a policy. */
  readonly adminWithPolicy: boolean;
  /** Is free of the dictionary attack protection. */
  readonly noDA: boolean;
  /** Duplication takes encryption. */
  readonly encryptedDuplication: boolean;
  /** Works only on what the TPM itself made. */
  readonly restricted: boolean;
  /** Decrypts. */
  readonly decrypt: boolean;
  /** Signs (or encrypts, of symmetric keys). */
  readonly sign: boolean;
  /** Loses its context at a start (stClear). */
  readonly stClear: boolean;
}

/** Public area of an object (TPMT_PUBLIC, Part 2 §12.2.4). */
export interface PublicArea {
  /** The key. */
  readonly key: TpmKey;
  /** Name: hash algorithm and hash of the public area, hex (Part 1 §16). */
  readonly name: string;
  /** Hash of the Name. */
  readonly nameAlgorithm: StrongHash;
  /** Attributes. */
  readonly attributes: ObjectAttributes;
  /** Digest of the policy, hex; empty where there is none. */
  readonly authPolicy: string;
  /** How it signs; null where it does not, or leaves it to the caller. */
  readonly scheme: SignatureScheme | null;
}

/** What a certificate says of the TPM (EK Credential Profile §3.2.9). */
export interface TpmIdentity {
  /** Manufacturer, as `id:474F4F47`. */
  readonly manufacturer: string;
  /** Model. */
  readonly model: string;
  /** Version of the firmware. */
  readonly version: string;
}

/** A revocation list that was used. */
export interface RevocationList {
  /** Issuer as RFC 4514 text. */
  readonly issuer: string;
  /** ISO 8601. */
  readonly thisUpdate: string;
  /** ISO 8601. */
  readonly nextUpdate: string;
  /** Revoked certificates. */
  readonly entries: number;
}

/** A certificate of a TPM's key, with the chain that vouches for it. */
export interface CertifiedKey {
  /** The key. */
  readonly key: TpmKey;
  /** What the certificate says of the TPM; null where it says nothing. */
  readonly identity: TpmIdentity | null;
  /** From the key's certificate to the root. */
  readonly certificates: readonly CertificateSummary[];
  /** Whether the root is a lab's. */
  readonly lab: boolean;
  /** Whether every certificate but the root that names a distribution point is covered by a list, and none is revoked. */
  readonly revocationChecked: boolean;
  /** Lists that were used. */
  readonly revocationLists: readonly RevocationList[];
}

/** A register and its value. */
export interface RegisterValue {
  /** Bank. */
  readonly bank: PcrBank;
  /** Number, 0 to 23. */
  readonly register: number;
  /** Value, hex. */
  readonly value: string;
}

/** What holds after the operation `tpm_verify`. */
export interface VerifiedQuote {
  /** The quote. */
  readonly quote: Quote;
  /** How it was signed. */
  readonly signature: SignatureScheme;
  /** Key that signed it. */
  readonly key: TpmKey;
  /** Its public area; null where the bare key was given. */
  readonly publicArea: PublicArea | null;
  /** Its certificate; null where none was given. */
  readonly certificate: CertifiedKey | null;
  /** Values of the quoted registers, in the order of the selection; nothing else of what was given. */
  readonly registers: readonly RegisterValue[];
  /** Registers whose values were given, but not quoted: nothing is known about them. */
  readonly notQuoted: readonly Omit<RegisterValue, "value">[];
}

/** Hierarchy of a primary key: who may create it (Part 1 §13). */
export type Hierarchy = "owner" | "endorsement" | "platform" | "null";

/** An event of the log, without its data. */
export type TpmLogEvent = ComparedEvent;

/** The event log, and what the quote confirms of it. */
export type TpmLog = ComparedLog;

/** What holds after verification. */
export interface TpmEvidence extends VerifiedQuote {
  /** Further quotes over other banks; what they quote stands among the registers. */
  readonly furtherQuotes: readonly Quote[];
  /** Hierarchy of which the key is a primary key; null where it is none, or its Name is not known. */
  readonly hierarchy: Hierarchy | null;
  /** The event log; null where none was given. */
  readonly log: TpmLog | null;
}
