/**
 * Reports of trust domains as quotes carry them (TDX DCAP Quoting Library API,
 * appendix A.3.2, "TD Quote Body" for TDX 1.0 and 1.5).
 *
 * @module
 */

import type { TdAttributes, TdReport } from "../report.ts";
import { QuoteFields, wordText } from "./quote_fields.ts";

/** Bytes of a report; that of TDX 1.5 has two fields more. */
export const TD_REPORT_BYTES = { "tdx-1.0": 584, "tdx-1.5": 648 } as const satisfies Record<
  TdReport["kind"],
  number
>;

/** Bits of TD_ATTRIBUTES by name (TDX Module ABI Specification, "ATTRIBUTES"). */
const ATTRIBUTE_BITS = {
  debug: 0n,
  hgsPlusProfiling: 4n,
  perfProfiling: 5n,
  pmtProfiling: 6n,
  icssd: 16n,
  lass: 27n,
  septVeDisable: 28n,
  migratable: 29n,
  pks: 30n,
  keyLocker: 31n,
  tpa: 62n,
  perfmon: 63n,
} as const;

const KNOWN_BITS = Object.values<bigint>(ATTRIBUTE_BITS).reduce((all, bit) => all | 1n << bit, 0n);

/** A report, and its fields that are compared as bytes. */
export interface ParsedTdReport {
  /** What it says. */
  readonly report: TdReport;
  /** TEE_TCB_SVN. */
  readonly teeTcbSvn: Uint8Array;
  /** TEE_TCB_SVN_2; null in TDX 1.0. */
  readonly teeTcbSvn2: Uint8Array | null;
  /** MRSIGNERSEAM. */
  readonly mrSignerSeam: Uint8Array;
  /** SEAMATTRIBUTES, as in memory. */
  readonly seamAttributes: Uint8Array;
}

/**
 * Reads a report.
 *
 * @param bytes Exactly its bytes.
 * @param kind Its layout.
 * @throws {RejectedError} `tdx.quote_length`
 */
export function readTdReport(bytes: Uint8Array, kind: TdReport["kind"]): ParsedTdReport {
  const fields = new QuoteFields(bytes);
  const measurement = (name: string): string => fields.hex(48, name);
  const report: TdReport = {
    kind,
    teeTcbSvn: fields.hex(16, "TEE_TCB_SVN"),
    mrSeam: measurement("MRSEAM"),
    mrSignerSeam: measurement("MRSIGNERSEAM"),
    seamAttributes: wordText(fields.u64("SEAMATTRIBUTES")),
    tdAttributes: readAttributes(fields.u64("TDATTRIBUTES")),
    xfam: wordText(fields.u64("XFAM")),
    mrTd: measurement("MRTD"),
    mrConfigId: measurement("MRCONFIGID"),
    mrOwner: measurement("MROWNER"),
    mrOwnerConfig: measurement("MROWNERCONFIG"),
    rtmrs: [
      measurement("RTMR0"),
      measurement("RTMR1"),
      measurement("RTMR2"),
      measurement("RTMR3"),
    ],
    reportData: fields.hex(64, "REPORTDATA"),
    teeTcbSvn2: kind === "tdx-1.5" ? fields.hex(16, "TEE_TCB_SVN_2") : null,
    mrServiceTd: kind === "tdx-1.5" ? measurement("MRSERVICETD") : null,
  };
  fields.finish("TD report");
  return {
    report,
    teeTcbSvn: bytes.subarray(0, 16),
    teeTcbSvn2: kind === "tdx-1.5" ? bytes.subarray(584, 600) : null,
    mrSignerSeam: bytes.subarray(64, 112),
    seamAttributes: bytes.subarray(112, 120),
  };
}

/** TD_ATTRIBUTES, bit by bit. */
function readAttributes(raw: bigint): TdAttributes {
  const has = (name: keyof typeof ATTRIBUTE_BITS): boolean =>
    (raw >> ATTRIBUTE_BITS[name] & 1n) === 1n;
  return {
    raw: wordText(raw),
    debug: has("debug"),
    hgsPlusProfiling: has("hgsPlusProfiling"),
    perfProfiling: has("perfProfiling"),
    pmtProfiling: has("pmtProfiling"),
    icssd: has("icssd"),
    lass: has("lass"),
    septVeDisable: has("septVeDisable"),
    migratable: has("migratable"),
    pks: has("pks"),
    keyLocker: has("keyLocker"),
    tpa: has("tpa"),
    perfmon: has("perfmon"),
    reservedBits: wordText(raw & ~KNOWN_BITS),
  };
}
