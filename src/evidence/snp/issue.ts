/**
 * Evidence of SEV-SNP, collected on the node.
 *
 * @module
 */

import { equal } from "../../core/bytes.ts";
import type { TeeReport } from "../../core/node_ports.ts";
import { filesOfCertificateTable } from "../device/certificate_table.ts";
import type { NodeDevices } from "../device/devices.ts";
import type { Issuer } from "../device/issuer.ts";
import { deviceError, needed } from "../device/refused.ts";
import type { FilesByRole } from "../files_by_role.ts";
import { reportDataOf } from "../statement/binding.ts";

/** Bytes of a report (AMD 56860 Table 23), and where its REPORT_DATA stand. */
const REPORT = { bytes: 1184, reportData: 0x50, end: 0x90 } as const;

/** A report with what came beside it. */
export interface SnpReportFiles {
  /** The report, which a quote beside it names. */
  readonly report: Uint8Array;
  /** Report, and certificates where the platform gave them, by role. */
  readonly files: FilesByRole;
}

/**
 * Asks for a report, and looks whether it answers this question: the node must
 * not state a TEE that it does not have.
 *
 * @param devices What the node has.
 * @param variant What it is for.
 * @param reportData 64 bytes.
 * @throws {UnavailableError} `device.*`
 */
export async function issueSnpReport(
  { tee }: Pick<NodeDevices, "tee">,
  variant: string,
  reportData: Uint8Array,
): Promise<SnpReportFiles> {
  const given = await needed(tee, variant, "TEE").report(reportData);
  checkReport(given, reportData);
  const { report, certificates, lists } = given;
  const papers = certificates === null ? {} : filesOfCertificateTable(certificates);
  const crls = lists.length === 0 ? {} : { crls: lists };
  return { report, files: { report, ...papers, ...crls } };
}

function checkReport({ provider, report }: TeeReport, reportData: Uint8Array): void {
  if (provider !== "sev_guest" || report.length !== REPORT.bytes) {
    const actual = `${report.length} bytes of ${provider}`;
    throw deviceError(
      "device.answer",
      `Cannot use the TEE's report: expected ${REPORT.bytes} bytes of sev_guest, got ${actual}`,
      { expected: `${REPORT.bytes} bytes of sev_guest`, actual },
    );
  }
  if (equal(report.subarray(REPORT.reportData, REPORT.end), reportData)) return;
  const message = "The TEE's report answers another question than the one that was asked";
  throw deviceError("device.other_question", message, { provider }, true);
}

/** Collects evidence of `sev-snp`. */
export const sevSnpIssuer: Issuer = {
  variant: "sev-snp",
  issue: async (devices, { binding }) => {
    const reportData = reportDataOf(binding, new Uint8Array());
    return (await issueSnpReport(devices, "sev-snp", reportData)).files;
  },
};
