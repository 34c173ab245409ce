/**
 * A double of verified SEV-SNP evidence, for tests of appraisal alone: every
 * field is what a well-kept Genoa host would report. Only tests may make a
 * `Verified` without verifying.
 *
 * @module
 */

import type { Verified } from "../../src/evidence/evidence.ts";
import type { SnpEvidence, SnpReport, Tcb } from "../../src/evidence/snp/report.ts";

const certificate = {
  subject: "CN=double",
  issuer: "CN=double",
  serial: "01",
  notBefore: "2026-01-01T00:00:00Z",
  notAfter: "2033-01-01T00:00:00Z",
  sha256: "00".repeat(32),
  spkiSha256: "00".repeat(32),
};

/** A TCB of Genoa's layout. */
export function tcb(bootloader: number, tee: number, snp: number, microcode: number): Tcb {
  const raw = [bootloader, tee, 0, 0, 0, 0, snp, microcode].map((n) =>
    n.toString(16).padStart(2, "0")
  ).join("");
  return { fmc: null, bootloader, tee, snp, microcode, raw };
}

const report: SnpReport = {
  version: 3,
  guestSvn: 4,
  policy: {
    raw: "0x0000000000030000",
    abiMajor: 1,
    abiMinor: 51,
    smt: true,
    migrateMa: false,
    debug: false,
    singleSocket: false,
    cxlAllowed: false,
    memAes256Xts: false,
    raplDisabled: false,
    ciphertextHidingDram: false,
    pageSwapDisabled: false,
  },
  familyId: "00".repeat(16),
  imageId: "00".repeat(16),
  vmpl: 0,
  signatureAlgorithm: 1,
  currentTcb: tcb(10, 0, 23, 84),
  platformInfo: {
    raw: "0x0000000000000025",
    smtEnabled: true,
    tsmeEnabled: false,
    eccEnabled: true,
    raplDisabled: false,
    ciphertextHidingDramEnabled: false,
    aliasCheckComplete: true,
    tioEnabled: false,
    unknownBits: "0x0000000000000000",
  },
  authorKeyEnabled: true,
  maskChipKey: false,
  signingKey: "VCEK",
  reportData: "ab".repeat(32) + "00".repeat(32),
  measurement: "11".repeat(48),
  hostData: "22".repeat(32),
  idKeyDigest: "33".repeat(48),
  authorKeyDigest: "44".repeat(48),
  reportId: "55".repeat(32),
  reportIdMa: "ff".repeat(32),
  reportedTcb: tcb(10, 0, 23, 84),
  cpuid: { family: 25, model: 17, stepping: 1 },
  chipId: "66".repeat(64),
  committedTcb: tcb(10, 0, 23, 84),
  currentVersion: { major: 1, minor: 55, build: 40 },
  committedVersion: { major: 1, minor: 55, build: 40 },
  launchTcb: tcb(10, 0, 23, 84),
  launchMitigationVector: null,
  currentMitigationVector: null,
  signature: { r: "01".repeat(48), s: "01".repeat(48) },
};

const evidence: SnpEvidence = {
  report,
  leaf: {
    form: "VCEK",
    structVersion: 0,
    productName: "Genoa",
    tcb: tcb(10, 0, 23, 84),
    hwid: "66".repeat(64),
    cspId: null,
    certificate,
  },
  chain: { line: "Genoa", lab: false, ask: certificate, ark: certificate },
  crls: [{
    number: "04",
    thisUpdate: "2026-01-01T00:00:00Z",
    nextUpdate: "2027-01-01T00:00:00Z",
    scope: null,
    revoked: 0,
    sha256: "00".repeat(32),
  }],
  chipBinding: "matches",
};

/**
 * The double, with parts replaced.
 *
 * @param reportChanges Fields of the report.
 * @param changes Other fields.
 */
export function fakeSnpEvidence(
  reportChanges: Partial<SnpReport> = {},
  changes: Partial<Omit<SnpEvidence, "report">> = {},
): Verified<SnpEvidence> {
  return { ...evidence, ...changes, report: { ...report, ...reportChanges } } as Verified<
    SnpEvidence
  >;
}
