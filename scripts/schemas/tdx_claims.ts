/**
 * Schema of the claims of a verified TDX quote: `TdxEvidence` of `src/evidence/tdx/report.ts`.
 *
 * @module
 */
import type { JsonSchema } from "../../src/core/decode.ts";
import { ACCEPTABLE_STATUSES } from "../../src/evidence/tdx/policy.ts";
import {
  ANY_HEX,
  bits,
  CERTIFICATE,
  exactly,
  hexOf,
  listOf,
  MOMENT,
  orNull,
  TEXT,
  upTo,
  WORD,
  words,
  YES_OR_NO,
} from "./shapes.ts";

const BYTE = upTo(255);
const UINT16 = upTo(0xffff);
const UINT32 = upTo(0xffff_ffff);
const DIGEST = hexOf(48);
const STATUS = words(...ACCEPTABLE_STATUSES, "Revoked");

const ATTRIBUTES = exactly({
  raw: [WORD, "TD_ATTRIBUTES"],
  ...bits({
    debug: "Bit 0, DEBUG",
    hgsPlusProfiling: "Bit 4, HGS_PLUS_PROF",
    perfProfiling: "Bit 5, PERF_PROF",
    pmtProfiling: "Bit 6, PMT_PROF",
    icssd: "Bit 16, ICSSD",
    lass: "Bit 27, LASS",
    septVeDisable: "Bit 28, SEPT_VE_DISABLE",
    migratable: "Bit 29, MIGRATABLE",
    pks: "Bit 30, PKS",
    keyLocker: "Bit 31, KL",
    tpa: "Bit 62, TPA",
    perfmon: "Bit 63, PERFMON",
  }),
  reservedBits: [WORD, "Reserved bits that are set"],
});

const BODY = exactly({
  kind: [words("tdx-1.0", "tdx-1.5"), "Layout of the report"],
  teeTcbSvn: [hexOf(16), "TEE_TCB_SVN"],
  mrSeam: [DIGEST, "MRSEAM"],
  mrSignerSeam: [DIGEST, "MRSIGNERSEAM"],
  seamAttributes: [WORD, "SEAMATTRIBUTES"],
  tdAttributes: [ATTRIBUTES, "TD_ATTRIBUTES"],
  xfam: [WORD, "XFAM"],
  mrTd: [DIGEST, "MRTD"],
  mrConfigId: [DIGEST, "MRCONFIGID"],
  mrOwner: [DIGEST, "MROWNER"],
  mrOwnerConfig: [DIGEST, "MROWNERCONFIG"],
  rtmrs: [{ ...listOf(DIGEST), minItems: 4, maxItems: 4 }, "RTMR 0 to 3"],
  reportData: [hexOf(64), "REPORTDATA"],
  teeTcbSvn2: [orNull(hexOf(16)), "TEE_TCB_SVN_2; null in TDX 1.0"],
  mrServiceTd: [orNull(DIGEST), "MRSERVICETD; null in TDX 1.0"],
});

const ENCLAVE_REPORT = exactly({
  kind: [words("sgx"), "Layout of the report"],
  cpuSvn: [hexOf(16), "CPUSVN"],
  miscSelect: [hexOf(4), "MISCSELECT, as in memory"],
  isvExtProdId: [hexOf(16), "ISVEXTPRODID"],
  attributes: [hexOf(16), "ATTRIBUTES, as in memory"],
  debug: [YES_OR_NO, "ATTRIBUTES.DEBUG"],
  mrEnclave: [hexOf(32), "MRENCLAVE"],
  mrSigner: [hexOf(32), "MRSIGNER"],
  configId: [hexOf(64), "CONFIGID"],
  isvProdId: [UINT16, "ISVPRODID"],
  isvSvn: [UINT16, "ISVSVN"],
  configSvn: [UINT16, "CONFIGSVN"],
  isvFamilyId: [hexOf(16), "ISVFAMILYID"],
  reportData: [hexOf(64), "REPORTDATA"],
});

const QUOTE = exactly({
  version: [{ enum: [4, 5] }, "Version of the quote"],
  teeType: [words("TDX"), "Kind of TEE"],
  attestationKeyType: [{ const: 2 }, "2: ECDSA P-256"],
  qeVendor: [hexOf(16), "Vendor of the quoting enclave"],
  userData: [hexOf(20), "User data of the header"],
  body: [BODY, "TD report"],
  signature: [
    exactly({ r: [hexOf(32), "R, big-endian"], s: [hexOf(32), "S, big-endian"] }),
    "Signature over header and body",
  ],
  attestationKey: [hexOf(64), "X and Y"],
  qeReport: [ENCLAVE_REPORT, "Report of the quoting enclave"],
  qeAuthenticationData: [ANY_HEX, "QE authentication data"],
  trailing: [
    exactly({
      bytes: [UINT32, "How many"],
      zero: [YES_OR_NO, "Whether all are zero"],
    }),
    "Bytes after the quote",
  ],
});

const PCK = exactly({
  ppid: [hexOf(16), "PPID"],
  components: [{ ...listOf(BYTE), minItems: 16, maxItems: 16 }, "SVNs of the SGX TCB components"],
  pceSvn: [UINT16, "PCESVN"],
  cpuSvn: [hexOf(16), "CPUSVN"],
  pceId: [hexOf(2), "PCE-ID"],
  fmspc: [hexOf(6), "FMSPC"],
  sgxType: [words("Standard", "Scalable", "ScalableWithIntegrity"), "SGX type"],
  platformInstanceId: [orNull(hexOf(16)), "Platform instance id; null under the Processor CA"],
  configuration: [
    orNull(exactly({
      dynamicPlatform: [orNull(YES_OR_NO), "Packages may be added"],
      cachedKeys: [orNull(YES_OR_NO), "Intel keeps the root keys"],
      smtEnabled: [orNull(YES_OR_NO), "Multithreading is on"],
    })),
    "Configuration; null under the Processor CA",
  ],
  certificate: [CERTIFICATE, "PCK certificate"],
});

const DOCUMENT = {
  id: [TEXT, "Id"],
  version: [UINT32, "Version of the form"],
  issueDate: [MOMENT, "Time of issue"],
  nextUpdate: [MOMENT, "Time by which the next is due"],
  tcbEvaluationDataNumber: [UINT32, "TCB recovery"],
  sha256: [hexOf(32), "SHA-256 of the signed text"],
} as const;

const LEVEL = {
  status: [STATUS, "Status"],
  tcbDate: [MOMENT, "Date of the level"],
  advisoryIds: [listOf(TEXT), "Advisories"],
} as const;

const CRL = exactly({
  issuer: [TEXT, "Issuer, RFC 4514"],
  number: [orNull(ANY_HEX), "CRL number"],
  thisUpdate: [MOMENT, "Time of issue"],
  nextUpdate: [MOMENT, "Time by which the next is due"],
  revoked: [upTo(Number.MAX_SAFE_INTEGER), "How many certificates it revokes"],
  sha256: [hexOf(32), "SHA-256 of the DER"],
});

const TCB = exactly({
  status: [STATUS, "Status of platform, module and quoting enclave together"],
  tcbDate: [MOMENT, "Oldest date of the levels"],
  advisoryIds: [listOf(TEXT), "Advisories of all levels"],
  sgx: [exactly({ ...LEVEL, level: [UINT16, "Index from the newest"] }), "SGX half alone"],
  platform: [exactly({ ...LEVEL, level: [UINT16, "Index from the newest"] }), "Both halves"],
  module: [
    orNull(
      exactly({ ...LEVEL, id: [TEXT, "Id, as TDX_01"], isvSvn: [UINT16, "Its security version"] }),
    ),
    "TDX module; null where it has no levels",
  ],
  qe: [exactly({ ...LEVEL, isvSvn: [UINT16, "Its security version"] }), "Quoting enclave"],
});

const COLLATERAL = exactly({
  tcbInfo: [
    exactly({ ...DOCUMENT, fmspc: [hexOf(6), "FMSPC"], pceId: [hexOf(2), "PCE-ID"] }),
    "TCB info",
  ],
  qeIdentity: [exactly(DOCUMENT), "QE identity"],
  tcbSigning: [CERTIFICATE, "Certificate that signed both"],
  pckCrl: [CRL, "List of the PCK CA"],
  rootCrl: [CRL, "List of the root"],
  tcb: [TCB, "What they say of the platform"],
});

/** The claims. */
export const TDX_CLAIMS: JsonSchema = exactly({
  quote: [QUOTE, "Quote"],
  pck: [PCK, "What Intel certifies of the platform"],
  chain: [
    exactly({
      ca: [words("platform", "processor"), "CA of the PCK certificate"],
      lab: [YES_OR_NO, "Whether a lab issued it"],
      intermediate: [CERTIFICATE, "That CA"],
      root: [CERTIFICATE, "Root"],
    }),
    "Intermediate and root",
  ],
  collateral: [orNull(COLLATERAL), "Null where none was given"],
});
