/**
 * Verdicts in words. Never more than the findings establish.
 *
 * @module
 */

import type { AnyTechnology } from "../evidence/evidence.ts";
import { type Root, weakestRoot } from "../evidence/finding.ts";
import type { VariantFacts } from "../evidence/variants/facts.ts";
import type { Codes, Decision } from "./verdict.ts";

/** Who a root is, to stand after "rooted in". */
const ROOT_NAMES: Readonly<Record<Root, string>> = {
  amd: "AMD",
  intel: "Intel",
  paravisor: "the cloud's paravisor",
  provider: "the cloud provider's word",
  none: "nothing that can be believed",
  lab: "a lab, which proves nothing about real hardware",
};

/**
 * A root in words.
 *
 * @param root The root.
 */
export function rootName(root: Root): string {
  return ROOT_NAMES[root];
}

/**
 * The verdict in one sentence, without full stop.
 *
 * @param decision Verdict and what decided it.
 * @param codes Meanings of the codes.
 * @param technology What its evidence is when it is trusted.
 */
export function saysVerdict(
  decision: Decision,
  codes: Codes,
  technology: Pick<AnyTechnology, "trustedMeans" | "facts">,
): string {
  const reason = meaning(decision.decisive?.code ?? null, codes);
  switch (decision.verdict) {
    case "trusted":
      return saysTrusted(decision, technology);
    case "lab-trusted":
      return `Consistent, rooted in ${rootName(decision.root)}`;
    case "platform-only":
      return `Signed evidence, rooted in ${
        rootName(decision.root)
      }, but not enough to trust: ${reason}`;
    case "unavailable":
      return `Trust could not be examined: ${reason}`;
    case "rejected":
      return `Refused: ${reason}`;
    default:
      return decision.verdict satisfies never;
  }
}

/** In the words of the variant where it rests on what it should; else on whatever it does rest. */
function saysTrusted(
  { root, roots }: Decision,
  { trustedMeans, facts }: Pick<AnyTechnology, "trustedMeans" | "facts">,
): string {
  if (facts !== undefined && weakestOf(facts) === root) return facts.trusted;
  return `${trustedMeans}, rooted in ${roots.map(rootName).join(" and ")}`;
}

function weakestOf({ roots: { cpu, channel, whatRuns } }: VariantFacts): Root {
  return weakestRoot(cpu === null ? [channel, whatRuns] : [cpu, channel, whatRuns]);
}

/**
 * The outcome of a crypto-only examination in one sentence.
 *
 * @param code What it was refused with; null where it was not.
 * @param root Whose word the evidence rests on.
 * @param codes Meanings of the codes.
 * @param chained Whether there was a chain to examine.
 */
export function saysOutcome(
  code: string | null,
  root: Root,
  codes: Codes,
  chained = true,
): string {
  if (code !== null) return `Not genuine: ${meaning(code, codes)}`;
  const hold = chained ? "Signatures and chain hold" : "The signature holds, without a chain";
  return `${hold}, rooted in ${rootName(root)}; nothing else was examined`;
}

/** A meaning as the middle of a sentence. */
function meaning(code: string | null, codes: Codes): string {
  const says = code === null ? undefined : codes[code]?.says;
  if (says === undefined) return "the reason is in the findings";
  const isName = /^(?:[A-Z]{2}|Intel\b)/.test(says);
  return isName ? says : says.charAt(0).toLowerCase() + says.slice(1);
}
