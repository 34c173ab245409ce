/**
 * Shapes of the engine's answers as data, tied to the TypeScript types: each
 * table must have exactly the keys of its type, and each answer exactly the
 * keys of its table.
 *
 * @module
 */

import type {
  CertificateSummary,
  DescribedCertificate,
  DescribedCrl,
} from "../../src/core/x509.ts";
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

/** What a value must be: a primitive, a text of a pattern, a list, one of several, an object of exact keys. */
export type Shape =
  | "number"
  | "boolean"
  | "string"
  | null
  | RegExp
  | readonly ["list", Shape]
  | readonly ["either", ...Shape[]]
  | { readonly [key: string]: Shape };

/** A table of exactly the keys of a type. */
type ShapeOf<T> = { readonly [K in keyof T]: Shape };

const hex = (bytes: number): RegExp => new RegExp(`^[0-9a-f]{${2 * bytes}}$`);
const HEX = /^([0-9a-f]{2})+$/;
const WORD = /^0x[0-9a-f]{16}$/;
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;
const either = (...shapes: Shape[]): Shape => ["either", ...shapes];
const list = (shape: Shape): Shape => ["list", shape];

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

const CERTIFICATE: ShapeOf<CertificateSummary> = {
  subject: "string",
  issuer: "string",
  serial: HEX,
  notBefore: MOMENT,
  notAfter: MOMENT,
  sha256: hex(32),
  spkiSha256: hex(32),
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

const DESCRIBED_CERTIFICATE: ShapeOf<DescribedCertificate> = {
  kind: /^certificate$/,
  summary: CERTIFICATE,
  version: "number",
  signatureAlgorithm: "string",
  keyAlgorithm: "string",
  isCa: "boolean",
  pathLen: either("number", null),
  keyUsage: list("string"),
  crlDistributionPoint: either("string", null),
  extensions: list({ oid: /^[0-2](\.\d+)+$/, critical: "boolean", bytes: "number" }),
  lab: "boolean",
};

const DESCRIBED_CRL: ShapeOf<DescribedCrl> = {
  kind: /^crl$/,
  issuer: "string",
  thisUpdate: MOMENT,
  nextUpdate: either(MOMENT, null),
  number: either(HEX, null),
  scope: either("string", null),
  revoked: list(HEX),
  revokedCount: "number",
  sha256: hex(32),
  signatureAlgorithm: "string",
};

/** Answer of `x509_describe`. */
export const DESCRIPTION: Shape = { items: list(either(DESCRIBED_CERTIFICATE, DESCRIBED_CRL)) };

/**
 * Where a value is not of a shape: paths with what is wrong there.
 *
 * @param value The value.
 * @param shape The shape.
 * @param at Path of the value.
 */
export function misfits(value: unknown, shape: Shape, at = "answer"): readonly string[] {
  if (shape === null) return value === null ? [] : [`${at} is not null`];
  if (typeof shape === "string") return ofPrimitive(value, shape) ? [] : [`${at} is no ${shape}`];
  if (shape instanceof RegExp) {
    return typeof value === "string" && shape.test(value) ? [] : [`${at} is not ${shape}`];
  }
  if (isList(shape)) return misfitsOfList(value, shape, at);
  if (!isObject(value)) return [`${at} is no object`];
  const keys = new Set([...Object.keys(value), ...Object.keys(shape)]);
  return [...keys].flatMap((key) => {
    const wanted = shape[key];
    if (wanted === undefined) return [`${at}.${key} is too much`];
    return Object.hasOwn(value, key)
      ? misfits(value[key], wanted, `${at}.${key}`)
      : [`${at}.${key} is missing`];
  });
}

function ofPrimitive(value: unknown, kind: "number" | "boolean" | "string"): boolean {
  return typeof value === kind && (kind !== "number" || Number.isSafeInteger(value));
}

function isList(shape: Shape): shape is readonly ["list", Shape] | readonly ["either", ...Shape[]] {
  return Array.isArray(shape);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function misfitsOfList(
  value: unknown,
  shape: readonly ["list", Shape] | readonly ["either", ...Shape[]],
  at: string,
): readonly string[] {
  if (shape[0] === "list") {
    const item = shape[1];
    if (!Array.isArray(value)) return [`${at} is no list`];
    return value.flatMap((one: unknown, i) => misfits(one, item, `${at}[${i}]`));
  }
  const [, ...choices] = shape;
  const results = choices.map((choice) => misfits(value, choice, at));
  return results.some((found) => found.length === 0)
    ? []
    : results.toSorted((a, b) => a.length - b.length)[0] ?? [];
}
