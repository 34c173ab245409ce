/**
 * A double of verified TPM evidence, for tests of appraisal alone: every field
 * is what a well-kept machine would give. Only tests may make a `Verified`
 * without verifying.
 *
 * @module
 */

import type { Verified } from "../../src/evidence/evidence.ts";
import type { LogClaims, SecureBootClaim } from "../../src/evidence/logs/mod.ts";
import type {
  CertifiedKey,
  ClockInfo,
  PublicArea,
  Quote,
  RegisterValue,
  TpmEvidence,
  TpmKey,
  TpmLog,
} from "../../src/evidence/tpm/report.ts";

const certificate = {
  subject: "CN=double",
  issuer: "CN=double",
  serial: "01",
  notBefore: "2026-01-01T00:00:00Z",
  notAfter: "2033-01-01T00:00:00Z",
  sha256: "00".repeat(32),
  spkiSha256: "00".repeat(32),
};

const key: TpmKey = { kind: "ECC P-256", spkiSha256: "11".repeat(32), spki: "30" };

const publicArea: PublicArea = {
  key,
  name: `000b${"22".repeat(32)}`,
  nameAlgorithm: "sha256",
  attributes: {
    fixedTPM: true,
    fixedParent: true,
    sensitiveDataOrigin: true,
    userWithAuth: true,
    adminWithPolicy: false,
    noDA: false,
    encryptedDuplication: false,
    restricted: true,
    decrypt: false,
    sign: true,
    stClear: false,
  },
  authPolicy: "",
  scheme: { scheme: "ecdsa", hash: "sha256" },
};

const certified: CertifiedKey = {
  key,
  identity: { manufacturer: "id:00000000", model: "double", version: "id:00000001" },
  certificates: [certificate, certificate],
  lab: false,
  revocationChecked: true,
  revocationLists: [{
    issuer: "CN=double",
    thisUpdate: "2026-11-01T00:00:00Z",
    nextUpdate: "2026-12-01T00:00:00Z",
    entries: 0,
  }],
};

const registers: readonly RegisterValue[] = [4, 7, 11].map((register) => ({
  bank: "sha256",
  register,
  value: register.toString(16).padStart(2, "0").repeat(32),
}));

const clock: ClockInfo = { clock: "86400000", resetCount: 7, restartCount: 0, safe: true };

const quote: Quote = {
  qualifiedSigner: `000b${"33".repeat(32)}`,
  qualifyingData: "ab".repeat(32),
  clock,
  firmwareVersion: "2026010100000001",
  selections: [{ bank: "sha256", registers: [4, 7, 11] }],
  pcrDigest: "44".repeat(32),
};

const secureBoot: SecureBootClaim = {
  enabled: true,
  register: 7,
  events: [0],
  by: "firmware",
  handedOver: false,
  complete: true,
};

const claims: LogClaims = {
  secureBoot,
  signatureDatabases: [],
  authorities: [],
  drivers: [],
  applications: [],
  unifiedKernel: null,
  commandLine: null,
  bootLoader: null,
  bootServicesExit: null,
  ownerKeys: [],
};

/** A log that leads to the double's registers. */
export const FAKE_LOG: TpmLog = {
  format: "tcg-2",
  banks: ["sha1", "sha256"],
  startupLocality: null,
  events: [{
    number: 0,
    register: 7,
    type: 0x80000001,
    typeName: "EV_EFI_VARIABLE_DRIVER_CONFIG",
    digests: { sha1: "55".repeat(20), sha256: "55".repeat(32) },
    covered: "whole",
  }],
  registers: registers.map((one) => ({
    ...one,
    state: "explained",
    replayed: one.value,
    counts: true,
  })),
  claims,
  remarks: [],
};

const evidence: TpmEvidence = {
  furtherQuotes: [],
  quote,
  signature: { scheme: "ecdsa", hash: "sha256" },
  key,
  publicArea,
  certificate: certified,
  registers,
  notQuoted: [],
  hierarchy: "endorsement",
  log: FAKE_LOG,
};

/** What a double differs in. */
export interface TpmDouble {
  /** Fields of the quote. */
  readonly quote?: Partial<Quote>;
  /** Clock and counters. */
  readonly clock?: Partial<ClockInfo>;
  /** What the certificate says. */
  readonly certificate?: Partial<CertifiedKey>;
  /** What the log says. */
  readonly log?: Partial<TpmLog>;
  /** State of Secure Boot, as the log says. */
  readonly secureBoot?: Partial<SecureBootClaim>;
  /** Further members. */
  readonly evidence?: Partial<TpmEvidence>;
}

/** A double that differs in some fields. */
export function fakeTpmEvidence(differs: TpmDouble = {}): Verified<TpmEvidence> {
  const changed: TpmEvidence = {
    ...evidence,
    quote: { ...quote, clock: { ...clock, ...differs.clock }, ...differs.quote },
    certificate: { ...certified, ...differs.certificate },
    log: {
      ...FAKE_LOG,
      claims: { ...claims, secureBoot: { ...secureBoot, ...differs.secureBoot } },
      ...differs.log,
    },
    ...differs.evidence,
  };
  // A test may say what was verified; nothing else may.
  return changed as Verified<TpmEvidence>;
}
