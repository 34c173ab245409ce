/**
 * What a verdict proves, and what it does not.
 *
 * @module
 */

import type { Claim } from "../evidence/evidence.ts";
import type { Finding } from "../evidence/finding.ts";
import type { Result } from "../results/result.ts";
import type { ReportTechnology } from "./technology.ts";

/** What a verdict proves, and what it does not. */
export interface Proven {
  /** Each a sentence without full stop. */
  readonly yes: readonly string[];
  /** Each to stand after "this does not prove". */
  readonly no: readonly string[];
}

/**
 * What a result proves; null where the verdict proves nothing.
 *
 * @param result What a verification said.
 * @param technology Technology of the evidence.
 */
export function provenBy(
  { verdict, findings }: Pick<Result, "verdict" | "findings">,
  { proves: { yes, no } }: Pick<ReportTechnology, "proves">,
): Proven | null {
  if (verdict !== "trusted" && verdict !== "lab-trusted") return null;
  const holds = ({ needs }: Claim): boolean => needs.every((id) => isMatch(findings, id));
  return {
    yes: yes.filter(holds).map(({ says }) => says),
    no: [...yes.filter((claim) => !holds(claim)).map(({ otherwise }) => otherwise), ...no],
  };
}

/** Whether the check of this id was done, and every part of it holds; parts are named after it, as `x.check.part`. */
function isMatch(findings: readonly Finding[], id: string): boolean {
  const own = findings.filter((finding) => finding.id === id || finding.id.startsWith(`${id}.`));
  return own.length > 0 && own.every(({ kind }) => kind === "match");
}
