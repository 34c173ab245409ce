/**
 * From findings to a verdict.
 *
 * @module
 */

import type { CodeEntry } from "../core/code_entry.ts";
import { distinctRoots, type Finding, type Root, weakestRoot } from "../evidence/finding.ts";
import type { Verdict } from "../results/result.ts";

/** Codes with their classes. */
export type Codes = Readonly<Record<string, CodeEntry>>;

type Bad = Exclude<Verdict, "trusted" | "lab-trusted">;

/** From worst to least bad. */
const ORDER: readonly Bad[] = ["rejected", "unavailable", "platform-only"];

/** A verdict and the finding that decided it. */
export interface Decision {
  /** The verdict. */
  readonly verdict: Verdict;
  /** The finding that decided it; null where nothing was wrong. */
  readonly decisive: Finding | null;
  /** Weakest root among the required findings. */
  readonly root: Root;
  /** All of them, the strongest first. */
  readonly roots: readonly Root[];
}

/**
 * Decides: the worst required finding wins; a check that was not done makes the
 * verdict worse, never better; evidence under a lab's root is never `trusted`.
 *
 * @param findings At least one required finding.
 * @param codes Classes of the codes in them.
 */
export function decide(findings: readonly Finding[], codes: Codes): Decision {
  const needed = findings.filter((finding) => finding.required);
  const [first, ...rest] = needed.map((finding) => finding.root);
  if (first === undefined) throw new RangeError("Cannot decide: no required check was done");
  const root = needed.some((finding) => finding.root === "lab")
    ? "lab"
    : weakestRoot([first, ...rest]);
  const roots = distinctRoots([first, ...rest]);
  for (const bad of ORDER) {
    const decisive = needed.find((finding) => severity(finding, codes) === bad);
    if (decisive !== undefined) return { verdict: bad, decisive, root, roots };
  }
  return { verdict: root === "lab" ? "lab-trusted" : "trusted", decisive: null, root, roots };
}

/** What a finding makes of the verdict; null where it does no harm. */
function severity(finding: Finding, codes: Codes): Bad | null {
  if (finding.kind === "match" || finding.kind === "not-applicable") return null;
  const known = finding.code === null ? undefined : codes[finding.code]?.class;
  // A required check that failed without a code of a known class fails closed.
  return ORDER.find((bad) => bad === known) ?? "rejected";
}
