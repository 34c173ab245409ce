/**
 * Whose word each part of a pairing rests on.
 *
 * @module
 */

import type { Rooted } from "../evidence.ts";
import { type Root, ROOT_STRENGTH, weakestRoot } from "../finding.ts";
import type { VariantFacts } from "../variants/facts.ts";

/**
 * A root that is no stronger than another: what a lab or a compromised line
 * vouches for is not made better by the name of who stands behind it.
 *
 * @param bound The root that it can be at best, as `paravisor`.
 * @param under What it stands under.
 */
export function atMost(bound: Root, under: Root): Root {
  if (under === "lab") return "lab";
  return ROOT_STRENGTH[under] < ROOT_STRENGTH[bound] ? under : bound;
}

/** Roots of the parts of one piece of evidence. */
export interface PartRoots {
  /** Root of the TEE; null where there is none. */
  readonly tee: Root | null;
  /** Root of what says what runs. */
  readonly whatRuns: Root;
  /** Root of what ties the evidence to the channel. */
  readonly channel: Root;
}

/**
 * Roots of the parts from the table of variants, as far as the evidence bears them out.
 *
 * @param facts The variant.
 * @param tee Root of the verified hardware report; null where there is none.
 * @param vtpm Root of the verified quote or document on its own; `none` for a key without proof of residence, but where the hardware report vouches for the key.
 */
export function partRoots(facts: VariantFacts, tee: Root | null, vtpm: Root): PartRoots {
  const { whatRuns, channel } = facts.roots;
  const inside = facts.akProof === "runtime-data" && tee !== null;
  const said = inside ? atMost(whatRuns, tee) : atMost(whatRuns, vtpm);
  const bound = facts.reportData === "none" || tee === null
    ? atMost(channel, vtpm)
    : atMost(channel, tee);
  return { tee, whatRuns: said, channel: bound };
}

/**
 * The same as the rest of the program takes it.
 *
 * @param roots The roots.
 * @param teeChecks Ids, or beginnings that end in a dot, of steps that rest on the TEE.
 * @param warnings What must be said before the verdict.
 * @param beside Roots of steps by id that rest on neither part, as of what is given beside them.
 */
export function rootedIn(
  { tee, whatRuns, channel }: PartRoots,
  teeChecks: readonly string[],
  warnings: readonly string[],
  beside: ReadonlyMap<string, Root> = new Map(),
): Rooted {
  const ofTee = (id: string): boolean =>
    teeChecks.some((one) => one.endsWith(".") ? id.startsWith(one) : id === one);
  const all: readonly [Root, ...Root[]] = tee === null
    ? [whatRuns, channel]
    : [tee, whatRuns, channel];
  // What a lab signed makes all of it a lab's, even where nothing else would need it.
  const isLab = [...all, ...beside.values()].includes("lab");
  return {
    root: isLab ? "lab" : weakestRoot(all),
    of: (id) => beside.get(id) ?? (tee !== null && ofTee(id) ? tee : whatRuns),
    channel,
    warnings,
  };
}
