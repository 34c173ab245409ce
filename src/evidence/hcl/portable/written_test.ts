/**
 * Test support: writes HCL reports and runtime data, right or wrong. Holds no
 * tests of its own.
 *
 * @module
 */

import { concat, toBase64 } from "../../../core/bytes.ts";

/** A number of 32 bits, little-endian. */
export function u32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return bytes;
}

/** A modulus: odd, its first bit set, no product of anything in particular. */
export function modulus(bytes: number): Uint8Array {
  const number = Uint8Array.from({ length: bytes }, (_, i) => (7 * i + 3) & 0xff);
  number[0] = 0xc1;
  number[bytes - 1] = 0x0b;
  return number;
}

/** Base64url without padding. */
export function base64Url(bytes: Uint8Array): string {
  return toBase64(bytes).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** A key as the paravisor writes it, but for what is given. */
export function writeKey(bent: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  const n = base64Url(modulus(256));
  return { kid: "HCLAkPub", key_ops: ["sign"], kty: "RSA", e: "AQAB", n, ...bent };
}

/** User data as Azure writes them where nobody wrote any. */
export const USER_DATA = "00".repeat(64);

/** Runtime data as the paravisor writes them, but for what is given. */
export function writeRuntime(bent: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({
    "keys": [writeKey(), writeKey({ kid: "HCLEkPub", key_ops: ["encrypt"] })],
    "vm-configuration": { "secure-boot": true, "vmUniqueId": "one" },
    "user-data": USER_DATA,
    ...bent,
  });
}

/** Fields of a report; each can be bent. */
export interface ReportParts {
  readonly magic: string;
  readonly version: number;
  readonly reportSize: number;
  readonly requestType: number;
  readonly status: Uint8Array;
  readonly hardware: Uint8Array;
  readonly dataSize: number;
  readonly headVersion: number;
  readonly reportType: number;
  readonly hashType: number;
  readonly variableSize: number;
  readonly runtime: string;
  readonly rest: Uint8Array;
}

/** Room for the hardware report. */
const HARDWARE_BYTES = 1184;

/** Each byte says where it stands, so that no field can be mistaken for another. */
export function snpBytes(): Uint8Array {
  return Uint8Array.from({ length: HARDWARE_BYTES }, (_, i) => (i * 31 + (i >> 8)) & 0xff);
}

/** The same of a TD, whose report is shorter. */
export function tdBytes(): Uint8Array {
  const bytes = snpBytes();
  bytes.fill(0, 1024);
  bytes[0] = 0x81;
  return bytes;
}

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A report of SEV-SNP, but for what is given. */
export function writeReport(bent: Partial<ReportParts> = {}): Uint8Array<ArrayBuffer> {
  const runtime = utf8(bent.runtime ?? writeRuntime());
  const parts: ReportParts = {
    magic: "HCLA",
    version: 2,
    reportSize: 1236 + runtime.length,
    requestType: 2,
    status: new Uint8Array(16),
    hardware: snpBytes(),
    dataSize: 20 + runtime.length,
    headVersion: 1,
    reportType: 2,
    hashType: 1,
    variableSize: runtime.length,
    runtime: "",
    rest: new Uint8Array(10),
    ...bent,
  };
  return concat(
    ...[utf8(parts.magic), u32(parts.version), u32(parts.reportSize), u32(parts.requestType)],
    ...[parts.status, parts.hardware],
    ...[u32(parts.dataSize), u32(parts.headVersion), u32(parts.reportType), u32(parts.hashType)],
    ...[u32(parts.variableSize), runtime, parts.rest],
  );
}
