/**
 * The chain of trust of a result, from the processor up to the cluster: what
 * was found about each part, and who vouches for it.
 *
 * @module
 */

import { type Finding, type Root, weakestRoot } from "../evidence/finding.ts";
import type { Layer, Measurement, VariantFacts } from "../evidence/variants/facts.ts";
import { layerOf, LAYERS, type Pinned, pinnedAs } from "../evidence/variants/layers.ts";
import type { Result } from "../results/result.ts";
import type { Sign } from "./glyph.ts";
import type { ReportTechnology } from "./technology.ts";

/** A measurement, and what was found of its register. */
export interface Measured extends Measurement {
  /** What was found. */
  readonly found: Pinned;
}

/** One part of the chain. */
export interface Station {
  /** The parts that it stands for: several where one measurement covers them. */
  readonly layers: readonly [Layer, ...Layer[]];
  /** What was found about it. */
  readonly state: Sign;
  /** Whose word that is; null where nothing was established. */
  readonly root: Root | null;
  /** What is measured of it, as the variant says, and what was found of that. */
  readonly measured: readonly Measured[];
  /** The findings about it, in their order. */
  readonly findings: readonly Finding[];
}

/** Parts that stand under each other and that one party vouches for. */
export interface Voucher {
  /** Whose word it is; null where nothing was established. */
  readonly root: Root | null;
  /** The parts. */
  readonly stations: readonly Station[];
}

type Facts = VariantFacts | undefined;

/**
 * The chain of a result, by who vouches.
 *
 * @param result What a verification said.
 * @param technology Technology of the evidence.
 */
export function chainOfTrust(
  result: Pick<Result, "findings" | "claims">,
  { facts }: Pick<ReportTechnology, "facts">,
): readonly Voucher[] {
  const groups: { root: Root | null; stations: Station[] }[] = [];
  for (const station of stationsOf(result, facts)) {
    const last = groups.at(-1);
    // Of what nobody says anything stands with what is above it.
    const isSame = last?.root === station.root || (station.root === null && result.claims !== null);
    if (last !== undefined && isSame) last.stations.push(station);
    else groups.push({ root: station.root, stations: [station] });
  }
  return groups;
}

function stationsOf(
  { findings, claims }: Pick<Result, "findings" | "claims">,
  facts: Facts,
): readonly Station[] {
  const refused = claims === null;
  const covered = coveredBy(findings, facts);
  return LAYERS.filter((layer) => stands(layer, findings, facts, covered)).map((layer) => {
    const own = findings.filter((finding) => layerOf(finding, facts) === layer);
    const measured = measuredIn(layer, findings, facts);
    const state = stateOf(layer, own, measured, facts);
    return {
      layers: layer === "firmware" ? [layer, ...covered] : [layer],
      state,
      root: refused ? null : rootOf(layer, own, measured, facts),
      measured,
      findings: own,
    };
  });
}

function measuredIn(
  layer: Layer,
  findings: readonly Finding[],
  facts: Facts,
): readonly Measured[] {
  if (facts === undefined) return [];
  return facts.measurements.filter((one) => one.layer === layer).map((one) => ({
    ...one,
    found: pinnedAs(one.register, findings, facts),
  }));
}

/** What the launch measurement covers along with the firmware, since nothing else measures it. */
function coveredBy(findings: readonly Finding[], facts: Facts): readonly Layer[] {
  if (facts === undefined) return [];
  return (["boot", "kernel"] as const).filter((layer) =>
    !facts.measurements.some((one) => one.layer === layer) &&
    !findings.some((finding) => layerOf(finding, facts) === layer)
  );
}

/** A variant has a processor, firmware, a node and a cluster, whatever is known of them. */
function stands(
  layer: Layer,
  findings: readonly Finding[],
  facts: Facts,
  covered: readonly Layer[],
): boolean {
  if (covered.includes(layer)) return false;
  if (findings.some((finding) => layerOf(finding, facts) === layer)) return true;
  return facts !== undefined &&
    (layer !== "tpm" || facts.measurements.some((one) => one.layer === layer));
}

function stateOf(
  layer: Layer,
  findings: readonly Finding[],
  measured: readonly Measured[],
  facts: Facts,
): Sign {
  if (layer === "silicon" && facts?.tee === null) return "absent";
  const isOpen = ({ kind, required }: Finding): boolean => kind === "unchecked" && required;
  if (findings.some(({ kind }) => kind === "mismatch")) return "differs";
  if (findings.some(isOpen)) return "not-examined";
  const needed = findings.filter(({ kind, required }) => kind === "match" && required);
  // Others may hold in place of what is measured here, as where the policy says so.
  const loose = measured.some(({ pinned, found }) => pinned && found === "open");
  if (needed.length > 0) return loose ? "not-asked" : "holds";
  if (loose) return "not-examined";
  return findings.length === 0 && measured.length === 0 ? "absent" : "not-asked";
}

/** The weakest of those that the verdict needs; where it needs none, of what is measured; null where nothing is said. */
function rootOf(
  layer: Layer,
  findings: readonly Finding[],
  measured: readonly Measured[],
  facts: Facts,
): Root | null {
  if (layer === "silicon" && facts?.tee === null) return "none";
  const roots = findings.filter(({ required }) => required).map(({ root }) => root);
  if (findings.some(({ root }) => root === "lab")) return "lab";
  const [first, ...rest] = roots.length > 0 ? roots : measured.map(({ root }) => root);
  return first === undefined ? null : weakestRoot([first, ...rest]);
}
