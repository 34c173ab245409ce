/**
 * The files of a paravisor, as they are given: the report whole, or its two parts.
 *
 * @module
 */

import { InputError } from "../../core/errors.ts";
import type { FileInput } from "../evidence.ts";
import { type FileTaker, refuseText } from "../files.ts";

/** An HCL report, whole or in parts. */
export interface HclFiles {
  /** What NV index 0x01400001 holds. */
  readonly hclReport?: Uint8Array;
  /** Hardware report of SEV-SNP out of it, where it was not kept whole. */
  readonly report?: Uint8Array;
  /** Runtime data out of it, byte for byte. */
  readonly runtimeData?: Uint8Array;
}

/** The report whole. */
export const HCL_REPORT_FILE: FileInput = {
  role: "hclReport",
  flag: "hcl-report",
  required: false,
  multiple: false,
  says: "HCL report, as NV index 0x01400001 of the VM's TPM holds it",
};

/** Its parts. */
export const HCL_PART_FILES: readonly FileInput[] = [
  {
    role: "report",
    flag: "report",
    required: false,
    multiple: false,
    says: "attestation report out of the HCL report, 1184 raw bytes, where that was not kept",
    instead: true,
  },
  {
    role: "runtimeData",
    flag: "runtime-data",
    required: false,
    multiple: false,
    says: "runtime data out of the HCL report, byte for byte, beside --report",
    instead: true,
  },
];

/**
 * Takes the report whole, or both parts; a part beside the whole would be looked
 * at by nothing.
 *
 * @param taker Takes the files.
 * @throws {InputError} `input.missing`, `input.conflict`, `input.encoding`
 */
export function readHclFiles(taker: FileTaker): HclFiles {
  const [report, runtimeData] = [taker.maybe("report"), taker.maybe("runtimeData")];
  const inParts = report !== undefined || runtimeData !== undefined;
  if (taker.maybe("hclReport") !== undefined || !inParts) {
    if (inParts) throw both(report === undefined ? "runtimeData" : "report");
    return { hclReport: refuseText(taker.one("hclReport"), "hclReport") };
  }
  return {
    report: refuseText(taker.one("report"), "report"),
    runtimeData: taker.one("runtimeData"),
  };
}

function both(role: string): InputError {
  return new InputError("Cannot verify: give the HCL report whole, or its parts, not both", {
    code: "input.conflict",
    fields: { role },
  });
}
