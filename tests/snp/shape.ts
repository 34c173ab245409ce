/**
 * Shapes of what the engine answers about SEV-SNP.
 *
 * @module
 */

import type {
  FirmwareVersion,
  GuestPolicy,
  PlatformInfo,
  RevocationList,
  SnpEvidence,
  SnpLeaf,
  SnpReport,
  Tcb,
} from "../../src/evidence/snp/report.ts";
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

const TCB: ShapeOf<Tcb> = {
  fmc: either("number", null),
  bootloader: "number",
  tee: "number",
  snp: "number",
  microcode: "number",
  raw: hex(8),
};

const POLICY: ShapeOf<GuestPolicy> = {
  raw: WORD,
  abiMajor: "number",
  abiMinor: "number",
  smt: "boolean",
  migrateMa: "boolean",
  debug: "boolean",
  singleSocket: "boolean",
  cxlAllowed: "boolean",
  memAes256Xts: "boolean",
  raplDisabled: "boolean",
  ciphertextHidingDram: "boolean",
  pageSwapDisabled: "boolean",
};

const PLATFORM: ShapeOf<PlatformInfo> = {
  raw: WORD,
  smtEnabled: "boolean",
  tsmeEnabled: "boolean",
  eccEnabled: "boolean",
  raplDisabled: "boolean",
  ciphertextHidingDramEnabled: "boolean",
  aliasCheckComplete: "boolean",
  tioEnabled: "boolean",
  unknownBits: WORD,
};

const FIRMWARE: ShapeOf<FirmwareVersion> = { major: "number", minor: "number", build: "number" };

/** `SnpReport`. */
export const REPORT: ShapeOf<SnpReport> = {
  version: "number",
  guestSvn: "number",
  policy: POLICY,
  familyId: hex(16),
  imageId: hex(16),
  vmpl: "number",
  signatureAlgorithm: "number",
  currentTcb: TCB,
  platformInfo: PLATFORM,
  authorKeyEnabled: "boolean",
  maskChipKey: "boolean",
  signingKey: /^(VCEK|VLEK|NONE)$/,
  reportData: hex(64),
  measurement: hex(48),
  hostData: hex(32),
  idKeyDigest: hex(48),
  authorKeyDigest: hex(48),
  reportId: hex(32),
  reportIdMa: hex(32),
  reportedTcb: TCB,
  cpuid: either({ family: "number", model: "number", stepping: "number" }, null),
  chipId: hex(64),
  committedTcb: TCB,
  currentVersion: FIRMWARE,
  committedVersion: FIRMWARE,
  launchTcb: TCB,
  launchMitigationVector: either(WORD, null),
  currentMitigationVector: either(WORD, null),
  signature: { r: hex(48), s: hex(48) },
};

/** `SnpLeaf`. */
export const LEAF: ShapeOf<SnpLeaf> = {
  form: /^(VCEK|VLEK)$/,
  structVersion: "number",
  productName: "string",
  tcb: TCB,
  hwid: either(hex(64), hex(8), null),
  cspId: either("string", null),
  certificate: CERTIFICATE,
};

const LIST: ShapeOf<RevocationList> = {
  number: either(HEX, null),
  thisUpdate: MOMENT,
  nextUpdate: MOMENT,
  scope: either("string", null),
  revoked: "number",
  sha256: hex(32),
};

/** `SnpEvidence`. */
export const EVIDENCE: ShapeOf<SnpEvidence> = {
  report: REPORT,
  leaf: LEAF,
  chain: {
    line: /^(Milan|Genoa|Turin)$/,
    lab: "boolean",
    ask: CERTIFICATE,
    ark: CERTIFICATE,
  } satisfies ShapeOf<SnpEvidence["chain"]>,
  crls: list(LIST),
  chipBinding: /^(matches|masked|not-in-certificate)$/,
};

/** Answer of `snp_certificate_table`. */
export const TABLE: Shape = {
  entries: list({
    guid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
    name: /^(ARK|ASK|VCEK|VLEK|CRL|unknown)$/,
    offset: "number",
    length: "number",
  }),
};
