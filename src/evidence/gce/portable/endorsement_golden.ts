/**
 * What a launch endorsement says (google/gce-tcb-verifier, `proto/endorsement.proto`).
 *
 * @module
 */

import { toHex } from "../../../core/bytes.ts";
import { Malformed } from "../../../core/malformed.ts";
import { momentText } from "../../../core/portable/moment.ts";
import { Message } from "../../../core/protobuf.ts";
import type { GceEndorsement, SnpEndorsement, TdxEndorsement } from "../report.ts";

const MAX_UINT32 = 0xffff_ffffn;
const MAX_UINT64 = (1n << 64n) - 1n;
/** 9999-12-31T23:59:59Z, the last moment of a Timestamp. */
const LAST_SECOND = 253_402_300_799n;
const LAST_NANO = 999_999_999n;
/** Bytes of a measurement and of the firmware's digest: SHA-384. */
const DIGEST_BYTES = 48;
/** Bytes of FAMILY_ID and IMAGE_ID. */
const ID_BYTES = 16;
/** Most measurements of each kind: one for each number of vCPUs, or shape of a VM. */
const MAX_MEASUREMENTS = 4096;

/** VMLaunchEndorsement. */
export interface Launch {
  /** What is signed. */
  readonly golden: Uint8Array;
  /** The signature. */
  readonly signature: Uint8Array;
}

/** VMGoldenMeasurement. */
export interface Golden {
  /** What it says. */
  readonly says: Omit<GceEndorsement, "certificates" | "lab">;
  /** DER of the certificate that signed. */
  readonly certificate: Uint8Array;
  /** Certificates above it, PEM; undefined where there are none. */
  readonly bundle: Uint8Array | undefined;
}

/**
 * Reads an endorsement's envelope.
 *
 * @param bytes The endorsement.
 * @throws {Malformed} saying what is wrong.
 */
export function readLaunch(bytes: Uint8Array): Launch {
  const launch = new Message(bytes, { 1: "bytes", 2: "bytes" });
  return {
    golden: required(launch.bytes(1), "what is signed"),
    signature: required(launch.bytes(2), "the signature"),
  };
}

/**
 * Reads what was signed.
 *
 * @param bytes The signed part.
 * @throws {Malformed} saying what is wrong.
 */
export function readGolden(bytes: Uint8Array): Golden {
  const golden = new Message(bytes, {
    1: "bytes",
    2: "number",
    3: "bytes",
    4: "bytes",
    5: "bytes",
    6: "bytes",
    7: "bytes",
    8: "bytes",
  });
  const [timestamp, sevSnp, tdx] = [golden.inner(1), golden.inner(7), golden.inner(8)];
  return {
    says: {
      timestamp: timestamp === undefined ? null : readTimestamp(timestamp),
      digest: toHex(digestOf(golden.bytes(5), "the digest")),
      commit: toHex(golden.bytes(3) ?? new Uint8Array()),
      sevSnp: sevSnp === undefined ? null : readSevSnp(sevSnp),
      tdx: tdx === undefined ? null : readTdx(tdx),
    },
    certificate: required(golden.bytes(4), "the certificate"),
    bundle: golden.bytes(6),
  };
}

/** google.protobuf.Timestamp; before 1970 numbers are negative, which as uint64 are beyond all others. */
function readTimestamp(bytes: Uint8Array): string {
  const timestamp = new Message(bytes, { 1: "number", 2: "number" });
  timestamp.number(2, LAST_NANO);
  return momentText(Number(timestamp.number(1, LAST_SECOND)));
}

function readSevSnp(bytes: Uint8Array): SnpEndorsement {
  const snp = new Message(bytes, {
    1: "number",
    2: "repeated",
    3: "bytes",
    4: "bytes",
    5: "number",
    6: "bytes",
    7: "bytes",
  });
  const svsm = snp.bytes(7);
  return {
    svn: Number(snp.number(1, MAX_UINT32)),
    policy: `0x${snp.number(5, MAX_UINT64).toString(16).padStart(16, "0")}`,
    familyId: readId(snp.bytes(3), "the family id"),
    imageId: readId(snp.bytes(4), "the image id"),
    measurements: readMeasurements(snp.all(2, MAX_MEASUREMENTS)),
    svsmMeasurement: svsm === undefined ? null : toHex(digestOf(svsm, "the SVSM's measurement")),
  };
}

/** A map: a message for each entry, with key and value. */
function readMeasurements(entries: readonly Uint8Array[]): SnpEndorsement["measurements"] {
  const measurements = entries.map((bytes) => {
    const entry = new Message(bytes, { 1: "number", 2: "bytes" });
    const measurement = toHex(digestOf(entry.bytes(2), "a measurement"));
    return { vmsas: Number(entry.number(1, MAX_UINT32)), measurement };
  });
  if (new Set(measurements.map(({ vmsas }) => vmsas)).size < measurements.length) {
    throw new Malformed("two measurements are of the same number of VMSAs");
  }
  return measurements.toSorted((one, other) => one.vmsas - other.vmsas);
}

function readTdx(bytes: Uint8Array): TdxEndorsement {
  const tdx = new Message(bytes, { 1: "number", 2: "repeated" });
  const measurements = tdx.all(2, MAX_MEASUREMENTS).map((inner) => {
    const one = new Message(inner, { 1: "number", 2: "number", 3: "bytes" });
    return {
      ramGib: Number(one.number(1, MAX_UINT32)),
      earlyAccept: one.number(2, 1n) === 1n,
      mrTd: toHex(digestOf(one.bytes(3), "an MRTD")),
    };
  });
  return { svn: Number(tdx.number(1, MAX_UINT32)), measurements };
}

function required(bytes: Uint8Array | undefined, what: string): Uint8Array {
  if (bytes === undefined) throw new Malformed(`${what} is missing`);
  return bytes;
}

function digestOf(bytes: Uint8Array | undefined, what: string): Uint8Array {
  const digest = required(bytes, what);
  if (digest.length !== DIGEST_BYTES) throw new Malformed(`${what} has ${digest.length} bytes`);
  return digest;
}

function readId(bytes: Uint8Array | undefined, what: string): string {
  if (bytes === undefined) return "";
  if (bytes.length !== ID_BYTES) throw new Malformed(`${what} has ${bytes.length} bytes`);
  return toHex(bytes);
}
