/**
 * Shapes of what the engine answers about TDX and SGX.
 *
 * @module
 */

import type {
  Collateral,
  EnclaveReport,
  Pck,
  PlatformConfiguration,
  Quote,
  QuoteEvidence,
  ReachedLevel,
  SignedDocument,
  TcbEvaluation,
  TdAttributes,
  TdReport,
  TdxRevocationList,
} from "../../src/evidence/tdx/report.ts";
import type { ShownDocument } from "../../src/evidence/tdx/show_document.ts";
import {
  CERTIFICATE,
  either,
  HEX,
  hex,
  list,
  MOMENT,
  type Shape,
  type ShapeOf,
  WORD,
} from "../shape.ts";

const ATTRIBUTES: ShapeOf<TdAttributes> = {
  raw: WORD,
  debug: "boolean",
  hgsPlusProfiling: "boolean",
  perfProfiling: "boolean",
  pmtProfiling: "boolean",
  icssd: "boolean",
  lass: "boolean",
  septVeDisable: "boolean",
  migratable: "boolean",
  pks: "boolean",
  keyLocker: "boolean",
  tpa: "boolean",
  perfmon: "boolean",
  reservedBits: WORD,
};

const TD_10: ShapeOf<TdReport> = {
  kind: /^tdx-1\.0$/,
  teeTcbSvn: hex(16),
  mrSeam: hex(48),
  mrSignerSeam: hex(48),
  seamAttributes: WORD,
  tdAttributes: ATTRIBUTES,
  xfam: WORD,
  mrTd: hex(48),
  mrConfigId: hex(48),
  mrOwner: hex(48),
  mrOwnerConfig: hex(48),
  rtmrs: ["each", hex(48), hex(48), hex(48), hex(48)],
  reportData: hex(64),
  teeTcbSvn2: null,
  mrServiceTd: null,
};

const TD_15: ShapeOf<TdReport> = {
  ...TD_10,
  kind: /^tdx-1\.5$/,
  teeTcbSvn2: hex(16),
  mrServiceTd: hex(48),
};

const ENCLAVE: ShapeOf<EnclaveReport> = {
  kind: /^sgx$/,
  cpuSvn: hex(16),
  miscSelect: hex(4),
  isvExtProdId: hex(16),
  attributes: hex(16),
  debug: "boolean",
  mrEnclave: hex(32),
  mrSigner: hex(32),
  configId: hex(64),
  isvProdId: "number",
  isvSvn: "number",
  configSvn: "number",
  isvFamilyId: hex(16),
  reportData: hex(64),
};

const quoteOf = (body: Shape, teeType: RegExp): ShapeOf<Quote<unknown>> => ({
  version: "number",
  teeType,
  attestationKeyType: "number",
  qeVendor: hex(16),
  userData: hex(20),
  body,
  signature: { r: hex(32), s: hex(32) } satisfies ShapeOf<Quote<unknown>["signature"]>,
  attestationKey: hex(64),
  qeReport: ENCLAVE,
  qeAuthenticationData: HEX,
  trailing: { bytes: "number", zero: "boolean" } satisfies ShapeOf<Quote<unknown>["trailing"]>,
});

/** `TdxQuote`. */
const TDX_QUOTE = quoteOf(either(TD_10, TD_15), /^TDX$/);

/** `SgxQuote`. */
const SGX_QUOTE = quoteOf(ENCLAVE, /^SGX$/);

const CONFIGURATION: ShapeOf<PlatformConfiguration> = {
  dynamicPlatform: either("boolean", null),
  cachedKeys: either("boolean", null),
  smtEnabled: either("boolean", null),
};

const PCK_OF_PROCESSOR_CA: ShapeOf<Pck> = {
  ppid: hex(16),
  components: ["each", ...Array.from({ length: 16 }, () => "number" as const)],
  pceSvn: "number",
  cpuSvn: hex(16),
  pceId: hex(2),
  fmspc: hex(6),
  sgxType: /^(Standard|Scalable|ScalableWithIntegrity)$/,
  platformInstanceId: null,
  configuration: null,
  certificate: CERTIFICATE,
};

const PCK_OF_PLATFORM_CA: ShapeOf<Pck> = {
  ...PCK_OF_PROCESSOR_CA,
  platformInstanceId: hex(16),
  configuration: CONFIGURATION,
};

/** `Pck`, the answer of `tdx_pck`. */
export const PCK: Shape = either(PCK_OF_PROCESSOR_CA, PCK_OF_PLATFORM_CA);

const shownQuote = (quote: Shape): Shape => ({ quote, pck: either(PCK, null) });

/** Answer of `tdx_quote` to a quote of a trust domain. */
export const SHOWN_TDX_QUOTE: Shape = shownQuote(TDX_QUOTE);

/** Answer of `tdx_quote` to a quote of an enclave. */
export const SHOWN_SGX_QUOTE: Shape = shownQuote(SGX_QUOTE);

const STATUS =
  /^((SWHardening|Configuration|ConfigurationAndSWHardening)Needed|UpToDate|OutOfDate(ConfigurationNeeded)?|TDRelaunchAdvised(ConfigurationNeeded)?|Revoked)$/;
const ADVISORIES = list(/^INTEL-SA-\d{5}$/);

const documentOf = (id: RegExp): ShapeOf<SignedDocument> => ({
  id,
  version: "number",
  issueDate: MOMENT,
  nextUpdate: MOMENT,
  tcbEvaluationDataNumber: "number",
  sha256: hex(32),
});

const tcbInfoOf = (id: RegExp): ShapeOf<Collateral["tcbInfo"]> => ({
  ...documentOf(id),
  fmspc: hex(6),
  pceId: hex(2),
});

const LIST: ShapeOf<TdxRevocationList> = {
  issuer: "string",
  number: either(HEX, null),
  thisUpdate: MOMENT,
  nextUpdate: MOMENT,
  revoked: "number",
  sha256: hex(32),
};

const LEVEL: ShapeOf<ReachedLevel> = { status: STATUS, tcbDate: MOMENT, advisoryIds: ADVISORIES };
const INDEXED: ShapeOf<TcbEvaluation["sgx"]> = { ...LEVEL, level: "number" };
const MODULE: ShapeOf<NonNullable<TcbEvaluation["module"]>> = {
  ...LEVEL,
  id: /^TDX_[0-9A-F]{2}$/,
  isvSvn: "number",
};

const tcbOf = (module: Shape): ShapeOf<TcbEvaluation> => ({
  ...LEVEL,
  sgx: INDEXED,
  platform: INDEXED,
  module,
  qe: { ...LEVEL, isvSvn: "number" } satisfies ShapeOf<TcbEvaluation["qe"]>,
});

const CHAIN: ShapeOf<QuoteEvidence<unknown>["chain"]> = {
  ca: /^(platform|processor)$/,
  lab: "boolean",
  intermediate: CERTIFICATE,
  root: CERTIFICATE,
};

const collateralOf = (
  tcbInfo: Shape,
  qeIdentity: Shape,
  tcb: Shape,
): ShapeOf<Collateral> => ({
  tcbInfo,
  qeIdentity,
  tcbSigning: CERTIFICATE,
  pckCrl: LIST,
  rootCrl: LIST,
  tcb,
});

/** `TdxEvidence`, the answer of `tdx_verify` to a quote of a trust domain. */
export const TDX_EVIDENCE: ShapeOf<QuoteEvidence<TdReport>> = {
  quote: TDX_QUOTE,
  pck: PCK,
  chain: CHAIN,
  collateral: either(
    collateralOf(tcbInfoOf(/^TDX$/), documentOf(/^TD_QE$/), tcbOf(either(MODULE, null))),
    null,
  ),
};

/** `SgxEvidence`, the answer of `tdx_verify` to a quote of an enclave. */
export const SGX_EVIDENCE: ShapeOf<QuoteEvidence<EnclaveReport>> = {
  quote: SGX_QUOTE,
  pck: PCK,
  chain: CHAIN,
  collateral: either(
    collateralOf(tcbInfoOf(/^SGX$/), documentOf(/^QE$/), tcbOf(null)),
    null,
  ),
};

type Level = ShownDocument["levels"][number];

const shownLevel = (says: RegExp): ShapeOf<Level> => ({ ...LEVEL, says });

const ENCLAVE_LEVEL = shownLevel(/^SVN \d+$/);
const TDX_LEVEL = shownLevel(/^SGX \d+(\.\d+)*, PCE \d+, TDX \d+(\.\d+)*$/);
const SGX_LEVEL = shownLevel(/^SGX \d+(\.\d+)*, PCE \d+$/);
const SHOWN_MODULE: ShapeOf<NonNullable<ShownDocument["modules"]>[number]> = {
  id: /^TDX_[0-9A-F]{2}$/,
  levels: list(ENCLAVE_LEVEL),
};

const shownTcbInfo = (id: RegExp, level: Shape, modules: Shape): ShapeOf<ShownDocument> => ({
  ...tcbInfoOf(id),
  kind: /^tcb-info$/,
  tcbType: "number",
  levels: list(level),
  modules,
});

const QE_IDENTITY: ShapeOf<
  Omit<ShownDocument, "fmspc" | "pceId" | "tcbType" | "modules">
> = {
  ...documentOf(/^(TD_)?QE$/),
  kind: /^qe-identity$/,
  levels: list(ENCLAVE_LEVEL),
};

/** Answer of `tdx_collateral`. */
export const DOCUMENT: Shape = either(
  shownTcbInfo(/^TDX$/, TDX_LEVEL, list(SHOWN_MODULE)),
  shownTcbInfo(/^SGX$/, SGX_LEVEL, ["each"]),
  QE_IDENTITY,
);
