/**
 * Takes an HCL report apart for the technologies that judge its parts.
 *
 * @module
 */

import { fromHex, toHex } from "../../core/bytes.ts";
import type { Engine } from "../../core/crypto.ts";
import { RejectedError } from "../../core/errors.ts";
import { plainHash } from "../../core/labelled_hash.ts";
import { attestationKeyOf } from "./binding.ts";
import type { HclFiles } from "./files.ts";
import { readHclReport, readHclRuntime } from "./mod.ts";
import type { HclKey, HclReport, HclRuntime, TdReportStruct } from "./report.ts";

/** What the paravisor says, once its parts were tied together. */
export interface HclEvidence {
  /** SHA-256 of the HCL report as it was given, hex; null where only its parts were. */
  readonly sha256: string | null;
  /** Version of its header; null likewise. */
  readonly version: number | null;
  /** The runtime data. */
  readonly runtime: HclRuntime;
}

/** An HCL report in parts. Nothing of it is verified. */
export interface OpenedHcl {
  /** What remains of it as evidence. */
  readonly evidence: HclEvidence;
  /** Hardware report: of SEV-SNP what AMD signed, of TDX the TD report. */
  readonly hardwareReport: Uint8Array;
  /** The TD report, read; null of SEV-SNP. */
  readonly tdReport: TdReportStruct | null;
  /** The attestation key that the runtime data name. */
  readonly ak: HclKey;
}

/** Hash of runtime data that are given apart: nothing says which it is, and Azure uses no other. */
const HASH_OF_PARTS = "sha256";

/**
 * Takes an HCL report apart.
 *
 * @param engine Verification engine.
 * @param files The report, whole or in parts.
 * @param tee TEE that the variant is of.
 * @throws {RejectedError} `hcl.*` of the step `hcl.report`
 * @throws {InputError} `input.empty`, `input.too_large`
 */
export async function openHcl(
  engine: Engine,
  files: HclFiles,
  tee: HclReport["reportType"],
): Promise<OpenedHcl> {
  const { hclReport, report, runtimeData } = files;
  if (hclReport === undefined) return await openParts(engine, report, runtimeData);
  const { version, reportType, hardwareReport, tdReport, runtime } = await readHclReport(
    engine,
    hclReport,
  );
  if (reportType !== tee) {
    throw new RejectedError(`The HCL report is of ${reportType}, expected ${tee}`, {
      code: "hcl.report_type_mismatch",
      fields: { expected: tee, actual: reportType },
    });
  }
  return {
    evidence: { sha256: toHex(plainHash("sha256", hclReport)), version, runtime },
    hardwareReport: fromHex(hardwareReport),
    tdReport,
    ak: attestationKeyOf(runtime),
  };
}

async function openParts(
  engine: Engine,
  report: Uint8Array | undefined,
  runtimeData: Uint8Array | undefined,
): Promise<OpenedHcl> {
  if (report === undefined || runtimeData === undefined) {
    throw new TypeError("Cannot verify half of an HCL report");
  }
  const runtime = await readHclRuntime(engine, HASH_OF_PARTS, runtimeData);
  return {
    evidence: { sha256: null, version: null, runtime },
    hardwareReport: report,
    tdReport: null,
    ak: attestationKeyOf(runtime),
  };
}
