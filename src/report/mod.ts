/**
 * A result as a page for people.
 *
 * @module
 */

export type { Codes } from "./findings.ts";
export { Markup } from "./markup.ts";
export {
  type CheckCommand,
  drawReport,
  renderReport,
  REPORT_STYLE,
  type ReportOptions,
} from "./report.ts";
export type { ReportTechnology } from "./technology.ts";
