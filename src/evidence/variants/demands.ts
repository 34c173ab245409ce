/**
 * What a policy must say for a verdict of `trusted`, by the table of variants.
 *
 * @module
 */

import type { Root } from "../finding.ts";
import type { VariantFacts } from "./facts.ts";

/**
 * Roots that a verdict on a variant needs, the strongest first.
 *
 * @param facts The variant.
 */
export function rootsNeededBy({ roots }: VariantFacts): readonly Root[] {
  const all = [roots.cpu, roots.channel, roots.whatRuns].filter((root) => root !== null);
  return [...new Set<Root>(all)];
}

/**
 * What its section of the policy must pin or name: registers, then keys.
 *
 * @param facts The variant.
 */
export function mustBePinned({ measurements, policyKeys = [] }: VariantFacts): readonly string[] {
  const registers = measurements.filter(({ pinned }) => pinned).map(({ register }) => register);
  return [...registers, ...policyKeys];
}
