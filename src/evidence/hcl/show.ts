/**
 * HCL reports and runtime data as a person sees them. Nothing shown is verified.
 *
 * @module
 */

import type { Engine } from "../../core/crypto.ts";
import type { Shown, ShownRow, ShownSection } from "../../core/shown.ts";
import { looksLikeHclReport, looksLikeRuntimeData } from "./looks.ts";
import { readHclReport, readHclRuntime } from "./mod.ts";
import type { HclReport, TdReportStruct } from "./report.ts";
import { runtimeSections } from "./user_data.ts";

/** Variants by TEE. */
const VARIANTS: Readonly<Record<HclReport["reportType"], string>> = {
  snp: "azure-sev-snp",
  tdx: "azure-tdx",
};

/**
 * Says what a file is, if it is a paravisor's.
 *
 * @param engine Verification engine.
 * @param bytes The file.
 * @param hardware What its hardware report says, by whoever knows it.
 * @throws {RejectedError} when it is one of them, but damaged.
 */
export async function showHcl(
  engine: Engine,
  bytes: Uint8Array,
  hardware: (report: HclReport) => Promise<readonly ShownSection[]>,
): Promise<Shown | null> {
  if (looksLikeHclReport(bytes)) {
    const report = await readHclReport(engine, bytes);
    return showReport(report, bytes.length, await hardware(report));
  }
  if (!looksLikeRuntimeData(bytes)) return null;
  return {
    kind: "hcl-runtime-data",
    title: "Runtime data of Azure's paravisor, hashed with SHA-256 (not verified)",
    usedBy: "casemate evidence verify azure-sev-snp --runtime-data",
    sections: runtimeSections(await readHclRuntime(engine, "sha256", bytes)),
  };
}

function showReport(
  report: HclReport,
  length: number,
  hardware: readonly ShownSection[],
): Shown {
  const { version, reportType, reportData, runtime, tdReport } = report;
  const bound = reportData === runtime.hash.padEnd(reportData.length, "0");
  return {
    kind: `hcl-report-${reportType}`,
    title: "HCL report of Azure's paravisor (not verified)",
    usedBy: `casemate evidence verify ${VARIANTS[reportType]} --hcl-report`,
    sections: [
      {
        title: "HCL report",
        rows: [
          { name: "Version", value: String(version) },
          { name: "Length", value: `${length} bytes` },
          { name: "Hardware report", value: reportType },
          {
            name: "Report data",
            value: reportData,
            meaning: bound ? "hash of the runtime data" : "not the hash of the runtime data",
          },
        ],
      },
      ...runtimeSections(runtime),
      ...(tdReport === null ? [] : [{ title: "TD report", rows: tdRows(tdReport) }]),
      ...hardware,
    ],
  };
}

/** On Azure what is measured into a TD is the paravisor: what runs stands in the registers of its TPM. */
function tdRows(report: TdReportStruct): readonly ShownRow[] {
  const { rtmrs, mrTd, ...others } = report;
  return [
    { name: "mrTd", value: mrTd, meaning: "the paravisor" },
    ...rtmrs.map((value, i) => ({ name: `rtmr${i}`, value, meaning: "the paravisor's" })),
    ...Object.entries(others).map(([name, value]) => ({ name, value })),
  ];
}
