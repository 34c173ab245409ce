/**
 * HCL reports under the contract suite: where their fields stand, what comes of
 * a bit that is flipped in each, and what is wrong without any signature.
 *
 * @module
 */

import { describeHcl, HCL_NUMBERS, writeHclReport } from "../../src/lab/mod.ts";
import type { Vector } from "../vectors.ts";
import { edited, fileOf } from "./change.ts";
import type { Bend, Damage, SignedField } from "./contract.ts";

/** Where the hardware report stands. */
export const HARDWARE_AT = 32;

/** Where the runtime data stand. */
const RUNTIME_AT = 1236;

/** What comes of a byte of JSON that is hashed. */
const RUNTIME_CODES: readonly string[] = [
  "hcl.runtime_data_mismatch",
  "hcl.runtime_syntax",
  "hcl.runtime_value",
];

const field = (name: string, at: number, length: number, code: string): SignedField => ({
  role: "hclReport",
  field: name,
  at,
  length,
  codes: [code],
});

/** Fields around the hardware report. */
const FRAME: readonly SignedField[] = [
  field("signature of the header", 0, 4, "hcl.magic"),
  field("version", 4, 4, "hcl.version"),
  field("report size", 8, 4, "hcl.length"),
  field("request type", 12, 4, "hcl.request_type"),
  field("status", 16, 4, "hcl.reserved"),
  field("reserved", 20, 12, "hcl.reserved"),
  field("data size", 1216, 4, "hcl.length"),
  field("version of the data", 1220, 4, "hcl.version"),
  field("report type", 1224, 4, "hcl.report_type"),
  field("hash type", 1228, 4, "hcl.hash_type"),
  field("size of the runtime data", 1232, 4, "hcl.length"),
];

/** The runtime data of an HCL report. */
function runtimeOf(report: Uint8Array): Uint8Array {
  const size = new DataView(report.buffer, report.byteOffset).getUint32(1232, true);
  return report.subarray(RUNTIME_AT, RUNTIME_AT + size);
}

/**
 * Fields of an HCL report but for the hardware report, or of runtime data alone.
 *
 * @param vector The vector.
 */
export function hclFields({ files }: Vector): readonly SignedField[] {
  const { hclReport, runtimeData } = files;
  if (runtimeData instanceof Uint8Array) {
    return unitFields("runtimeData", runtimeData, 0);
  }
  if (!(hclReport instanceof Uint8Array)) return [];
  const runtime = runtimeOf(hclReport);
  const end = RUNTIME_AT + runtime.length;
  return [
    ...FRAME,
    ...unitFields("hclReport", runtime, RUNTIME_AT),
    field("zeros behind the report", end, hclReport.length - end, "hcl.reserved"),
  ];
}

/** The first and the last byte of JSON, and members in it. */
function unitFields(role: string, runtime: Uint8Array, from: number): readonly SignedField[] {
  const text = new TextDecoder().decode(runtime);
  const inside = (name: string, member: string, codes: readonly string[]): SignedField => {
    const at = text.indexOf(member) + member.length;
    if (at < member.length) throw new Error(`The runtime data have no ${member}`);
    return { role, field: name, at: from + at, length: 1, codes };
  };
  return [
    { role, field: "runtime data", at: from, length: runtime.length, codes: RUNTIME_CODES },
    inside("modulus of the attestation key", '"n":"', [...RUNTIME_CODES, "hcl.key_attributes"]),
    inside("name of the attestation key", '"kid":"', [...RUNTIME_CODES, "hcl.key_missing"]),
    inside("user data", '"user-data":"', RUNTIME_CODES),
    inside("setting of the VM", '"vmUniqueId":"', RUNTIME_CODES),
  ];
}

/**
 * What comes of HCL reports that are not whole: the zeros behind them are nobody's, but the quote names them.
 *
 * @param vector The vector.
 */
export function hclDamage({ statement }: Vector): Readonly<Record<string, Damage>> {
  const code = statement === undefined ? "lab-trusted: null" : "tpm.qualifying_data_mismatch";
  return { hclReport: { short: code, long: code, empty: "input.empty" } };
}

/** Runtime data and registers beside a quote of the paravisor's TPM. */
export const RUNTIME_DAMAGE: Readonly<Record<string, Damage>> = {
  runtimeData: {
    short: "hcl.runtime_syntax",
    long: "hcl.runtime_syntax",
    empty: "input.empty",
  },
};

/**
 * What is wrong with an HCL report whatever was signed.
 *
 * @param base The vector.
 * @param otherTee TEE that the variant is not of.
 */
export function bendsOfHcl(base: Vector, otherTee: "snp" | "tdx"): readonly Bend[] {
  const report = fileOf(base, "hclReport");
  const bent = (what: string, code: string, hclReport: Uint8Array): Bend => ({
    what,
    code,
    change: { files: { hclReport } },
  });
  const at = (what: string, code: string, offset: number, value: number): Bend =>
    bent(what, code, edited(report, offset, () => value));
  return [
    at("another signature of the header", "hcl.magic", 3, 0x42),
    at("version 3", "hcl.version", 4, 3),
    at("a request for something else", "hcl.request_type", 12, 1),
    at("a report of VBS", "hcl.report_type", 1224, 1),
    at("an unknown hash", "hcl.hash_type", 1228, 4),
    at("a status that is no success", "hcl.reserved", 16, 1),
    at("a byte behind the report", "hcl.reserved", report.length - 1, 1),
    bent("an HCL report cut in its runtime data", "hcl.length", report.subarray(0, 1300)),
    at("another setting of the VM", "hcl.runtime_data_mismatch", settingAt(report), 0x30),
    bent("a report of the other TEE", "hcl.report_type_mismatch", ofTee(otherTee, report)),
  ];
}

/** A letter of the VM's id, which is none of the digits. */
function settingAt(report: Uint8Array): number {
  const text = new TextDecoder().decode(runtimeOf(report));
  const id = /"vmUniqueId":"([^"]*?)[1-9a-f]/.exec(text);
  if (id === null) throw new Error("The runtime data have no id of the VM");
  return RUNTIME_AT + id.index + id[0].length - 1;
}

/** The same runtime data beside a hardware report of zeros. */
function ofTee(tee: "snp" | "tdx", report: Uint8Array): Uint8Array {
  const hardware = tee === "tdx" ? new Uint8Array(1024).with(0, 0x81) : new Uint8Array(1184);
  return writeHclReport({
    ...describeHcl(tee, hardware, runtimeOf(report)),
    reportType: HCL_NUMBERS[tee],
  });
}
