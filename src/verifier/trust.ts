/**
 * Whose word a verdict rests on, and whether the policy wants that.
 *
 * @module
 */

import type { AnyTechnology } from "../evidence/evidence.ts";
import { distinctRoots, type Finding, type Root, weakestRoot } from "../evidence/finding.ts";
import type { Policy } from "../policy/policy.ts";
import type { Job } from "./request.ts";

/**
 * All roots that the required findings rest on, the strongest first.
 *
 * @param findings The findings.
 * @param weakest Root of the evidence as a whole.
 */
export function rootsNeeded(
  findings: readonly Finding[],
  weakest: Root,
): readonly [Root, ...Root[]] {
  const needed = findings.filter(({ required }) => required).map(({ root }) => root);
  const [first = weakest, ...rest] = distinctRoots([...needed, weakest]);
  return [first, ...rest];
}

/**
 * The weakest of the roots that are needed; a lab's makes all of it a lab's.
 *
 * @param roots The roots.
 */
export function weakestNeeded(roots: readonly [Root, ...Root[]]): Root {
  return roots.includes("lab") ? "lab" : weakestRoot(roots);
}

/**
 * Judges whether every root that is needed is accepted.
 *
 * @param job The request.
 * @param roots The roots that are needed.
 */
export function rootFinding(
  { policy: { acceptRoots }, labRoots }: Pick<Job, "policy" | "labRoots">,
  roots: readonly [Root, ...Root[]],
): Finding {
  const accepts = (root: Root): boolean =>
    acceptRoots.includes(root) || (root === "lab" && labRoots.length > 0);
  const accepted = roots.every(accepts);
  return {
    id: "trust.root",
    title: roots.length > 1 ? "Roots of trust" : "Root of trust",
    link: "root",
    kind: accepted ? "match" : "mismatch",
    required: true,
    expected: acceptRoots.join(" or "),
    actual: roots.join(" and "),
    root: weakestNeeded(roots),
    source: "policy",
    code: accepted ? null : "trust.root_not_accepted",
  };
}

/**
 * Judges whether the variant is admitted, where the policy says which are: what
 * an envelope calls itself chooses only among these.
 *
 * @param technology Technology of the evidence.
 * @param policy The policy.
 * @param root Whose word the evidence rests on.
 */
export function variantFindings(
  technology: Pick<AnyTechnology, "id">,
  { admitVariants }: Policy,
  root: Root,
): readonly Finding[] {
  if (admitVariants === null) return [];
  const admitted = admitVariants.includes(technology.id);
  return [{
    id: "trust.variant",
    title: "Variant",
    link: "files",
    kind: admitted ? "match" : "mismatch",
    required: true,
    expected: admitVariants.join(" or "),
    actual: technology.id,
    root,
    source: "policy",
    code: admitted ? null : "trust.variant_not_admitted",
  }];
}
