/**
 * A double of verified TDX evidence, for tests of appraisal alone: every field
 * is what a well-kept host would report. Only tests may make a `Verified`
 * without verifying.
 *
 * @module
 */

import type { Verified } from "../../src/evidence/evidence.ts";
import type {
  Collateral,
  EnclaveReport,
  SignedDocument,
  TcbEvaluation,
  TdAttributes,
  TdReport,
  TdxEvidence,
  TdxQuote,
  TdxRevocationList,
} from "../../src/evidence/tdx/report.ts";

const certificate = {
  subject: "CN=double",
  issuer: "CN=double",
  serial: "01",
  notBefore: "2026-01-01T00:00:00Z",
  notAfter: "2033-01-01T00:00:00Z",
  sha256: "00".repeat(32),
  spkiSha256: "00".repeat(32),
};

const attributes: TdAttributes = {
  raw: "0x0000000010000000",
  debug: false,
  hgsPlusProfiling: false,
  perfProfiling: false,
  pmtProfiling: false,
  icssd: false,
  lass: false,
  septVeDisable: true,
  migratable: false,
  pks: false,
  keyLocker: false,
  tpa: false,
  perfmon: false,
  reservedBits: "0x0000000000000000",
};

const body: TdReport = {
  kind: "tdx-1.5",
  teeTcbSvn: "0501020000000000".padEnd(32, "0"),
  mrSeam: "11".repeat(48),
  mrSignerSeam: "00".repeat(48),
  seamAttributes: "0x0000000000000000",
  tdAttributes: attributes,
  xfam: "0x00000000000602e7",
  mrTd: "22".repeat(48),
  mrConfigId: "33".repeat(48),
  mrOwner: "44".repeat(48),
  mrOwnerConfig: "55".repeat(48),
  rtmrs: ["a0".repeat(48), "a1".repeat(48), "a2".repeat(48), "a3".repeat(48)],
  reportData: "ab".repeat(32) + "00".repeat(32),
  teeTcbSvn2: "0501020000000000".padEnd(32, "0"),
  mrServiceTd: "00".repeat(48),
};

const qeReport: EnclaveReport = {
  kind: "sgx",
  cpuSvn: "00".repeat(16),
  miscSelect: "00000000",
  isvExtProdId: "00".repeat(16),
  attributes: "1500000000000000e700000000000000",
  debug: false,
  mrEnclave: "66".repeat(32),
  mrSigner: "77".repeat(32),
  configId: "00".repeat(64),
  isvProdId: 2,
  isvSvn: 6,
  configSvn: 0,
  isvFamilyId: "00".repeat(16),
  reportData: "00".repeat(64),
};

const quote: TdxQuote = {
  version: 5,
  teeType: "TDX",
  attestationKeyType: 2,
  qeVendor: "939a7233f79c4ca9940a0db3957f0607",
  userData: "00".repeat(20),
  body,
  signature: { r: "01".repeat(32), s: "02".repeat(32) },
  attestationKey: "03".repeat(64),
  qeReport,
  qeAuthenticationData: "04".repeat(32),
  trailing: { bytes: 0, zero: true },
};

const tcb: TcbEvaluation = {
  status: "UpToDate",
  tcbDate: "2026-05-13T00:00:00Z",
  advisoryIds: [],
  sgx: { status: "UpToDate", tcbDate: "2026-05-13T00:00:00Z", advisoryIds: [], level: 0 },
  platform: { status: "UpToDate", tcbDate: "2026-05-13T00:00:00Z", advisoryIds: [], level: 0 },
  module: {
    id: "TDX_01",
    isvSvn: 5,
    status: "UpToDate",
    tcbDate: "2026-05-13T00:00:00Z",
    advisoryIds: [],
  },
  qe: { isvSvn: 6, status: "UpToDate", tcbDate: "2026-05-13T00:00:00Z", advisoryIds: [] },
};

const document: SignedDocument = {
  id: "TDX",
  version: 3,
  issueDate: "2026-11-01T00:00:00Z",
  nextUpdate: "2026-12-01T00:00:00Z",
  tcbEvaluationDataNumber: 20,
  sha256: "00".repeat(32),
};

const crl: TdxRevocationList = {
  issuer: "CN=double",
  number: "01",
  thisUpdate: "2026-11-01T00:00:00Z",
  nextUpdate: "2026-12-01T00:00:00Z",
  revoked: 0,
  sha256: "00".repeat(32),
};

const collateral: Collateral = {
  tcbInfo: { ...document, fmspc: "00806f050000", pceId: "0000" },
  qeIdentity: { ...document, id: "TD_QE", version: 2 },
  tcbSigning: certificate,
  pckCrl: crl,
  rootCrl: crl,
  tcb,
};

const evidence: TdxEvidence = {
  quote,
  pck: {
    ppid: "99".repeat(16),
    components: Array.from({ length: 16 }, () => 5),
    pceSvn: 11,
    cpuSvn: "05".repeat(16),
    pceId: "0000",
    fmspc: "00806f050000",
    sgxType: "Scalable",
    platformInstanceId: "88".repeat(16),
    configuration: { dynamicPlatform: false, cachedKeys: true, smtEnabled: true },
    certificate,
  },
  chain: { ca: "platform", lab: false, intermediate: certificate, root: certificate },
  collateral,
};

/** What a double differs in. */
export interface TdxDouble {
  /** Fields of the report. */
  readonly body?: Partial<TdReport>;
  /** TD attributes. */
  readonly attributes?: Partial<TdAttributes>;
  /** Fields of the quote. */
  readonly quote?: Partial<TdxQuote>;
  /** What collateral says of the platform. */
  readonly tcb?: Partial<TcbEvaluation>;
  /** Further members. */
  readonly evidence?: Partial<TdxEvidence>;
}

/** A double that differs in some fields. */
export function fakeTdxEvidence(differs: TdxDouble = {}): Verified<TdxEvidence> {
  const changed: TdxEvidence = {
    ...evidence,
    quote: {
      ...quote,
      body: { ...body, tdAttributes: { ...attributes, ...differs.attributes }, ...differs.body },
      ...differs.quote,
    },
    collateral: { ...collateral, tcb: { ...tcb, ...differs.tcb } },
    ...differs.evidence,
  };
  // A test may say what was verified; nothing else may.
  return changed as Verified<TdxEvidence>;
}
