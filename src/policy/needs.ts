/**
 * What a technology asks of its policy before anything that it shows can be trusted.
 *
 * @module
 */

import type { AnyTechnology } from "../evidence/evidence.ts";
import type { Root } from "../evidence/finding.ts";
import { pinsOf } from "./reference/pins.ts";

/** What stands between evidence and a verdict of `trusted`. */
export interface Demands {
  /** Roots that a verdict needs. */
  readonly roots: readonly Root[];
  /** Registers and keys that must be pinned. */
  readonly pinned: readonly string[];
}

/**
 * Roots that a verdict needs, the strongest first.
 *
 * @param technology A variant, by its table; or what is none and stands alone, as a TPM.
 */
export function rootsOf({ facts, trustedMeans }: AnyTechnology): readonly Root[] {
  // Without the word of a processor there is that of whoever certified the key.
  if (facts === undefined) return trustedMeans === "Measured" ? ["provider"] : [];
  const { cpu, channel, whatRuns } = facts.roots;
  const all = [cpu, channel, whatRuns].filter((root) => root !== null);
  return [...new Set<Root>(all)];
}

/**
 * All that a technology asks.
 *
 * @param technology The technology.
 */
export function demandsOf(technology: AnyTechnology): Demands {
  const registers = pinsOf(technology).map(({ register }) => register);
  const keys = technology.facts?.policyKeys ?? [];
  return { roots: rootsOf(technology), pinned: [...registers, ...keys] };
}
