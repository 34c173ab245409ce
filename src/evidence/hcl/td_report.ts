/**
 * Holds the TD report in an HCL report against the one that was quoted.
 *
 * @module
 */

import { RejectedError } from "../../core/errors.ts";
import type { TdReportStruct } from "./report.ts";

/**
 * What a quote says of a TD, as TDREPORT_STRUCT has it: hex of the bytes in
 * order. Quotes of TDX 1.0 leave out what 1.5 added.
 */
export type QuotedTd =
  & Omit<TdReportStruct, "cpuSvn" | "teeTcbSvn2" | "mrServiceTd">
  & { readonly [field in "teeTcbSvn2" | "mrServiceTd"]: string | null };

/**
 * Establishes that a quote is of the TD report in the HCL report, field by
 * field. The report itself is authenticated for its own platform alone (MAC), so
 * that nothing in it counts but what the quote repeats.
 *
 * @param report The TD report of the HCL report.
 * @param quoted What the verified quote says.
 * @throws {RejectedError} `hcl.td_report_mismatch` with the field that differs
 */
export function checkTdReport(report: TdReportStruct, quoted: QuotedTd): void {
  const { rtmrs, ...fields } = quoted;
  const others = new Map<string, unknown>(Object.entries(report));
  for (const [field, actual] of Object.entries(fields)) {
    if (actual !== null && others.get(field) !== actual) {
      throw differs(field, actual, String(others.get(field)));
    }
  }
  for (const [index, actual] of rtmrs.entries()) {
    const expected = report.rtmrs[index] ?? "";
    if (expected !== actual) throw differs(`rtmrs[${index}]`, actual, expected);
  }
}

function differs(field: string, actual: string, expected: string): RejectedError {
  return new RejectedError(
    `The quote says ${field} ${actual}, the HCL report's TD report ${expected}`,
    { code: "hcl.td_report_mismatch", fields: { field, expected, actual } },
  );
}
