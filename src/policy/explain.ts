/**
 * What a policy comes to: each setting that counts, and why it counts.
 *
 * @module
 */

import type { AnyTechnology } from "../evidence/evidence.ts";
import type { Exception } from "./exception.ts";
import type { WholePolicy } from "./policy.ts";
import { type Setting, settingsOf } from "./settings.ts";
import { exceptionsIn } from "./settle.ts";

/** A policy in full. */
export interface ExplainedPolicy {
  /** Settings for all variants, then those of sections that are asked for. */
  readonly settings: readonly Setting[];
  /** What is weaker than the defaults, those that ended too. */
  readonly exceptions: readonly Exception[];
}

/**
 * Explains a policy.
 *
 * @param whole The policy.
 * @param technologies Technologies whose sections are known.
 * @param options Moment; and the variant whose section is wanted whole, null: of all sections what the document says.
 */
export function explainPolicy(
  whole: WholePolicy,
  technologies: readonly AnyTechnology[],
  { now, variant }: { readonly now: Date; readonly variant: string | null },
): ExplainedPolicy {
  const ids = technologies.map(({ id }) => id);
  const wanted = ({ key }: { readonly key: string }): boolean => {
    const section = sectionOf(key, ids);
    return section === null || variant === null || section === variant;
  };
  const { marks } = whole;
  return {
    settings: settingsOf(whole).filter((setting) =>
      wanted(setting) &&
      (setting.source !== "default" || variant !== null || sectionOf(setting.key, ids) === null)
    ),
    exceptions: exceptionsIn(whole.read, whole.decoder, { given: whole.plain, marks, now }).filter(
      wanted,
    ),
  };
}

/**
 * The section that a key is of; null where it holds for all variants.
 *
 * @param key The key, dotted.
 * @param ids Ids of the sections.
 */
export function sectionOf(key: string, ids: readonly string[]): string | null {
  const [first = ""] = key.split(".");
  return ids.includes(first) ? first : null;
}
