/**
 * What a change of a policy does to what is demanded.
 *
 * @module
 */

import type { Change } from "../core/direction.ts";
import type { WholePolicy } from "./policy.ts";
import { changeOf, keyAt, type Setting, settingsOf } from "./settings.ts";

/** A setting that two policies do not have in common. */
export interface Difference {
  /** Key of the policy, dotted. */
  readonly key: string;
  /** What changing the one into the other does. */
  readonly change: Exclude<Change, "same">;
  /** The value that counts in the one. */
  readonly from: unknown;
  /** The value that counts in the other. */
  readonly to: unknown;
  /** Last day in the one; null where it has no end. */
  readonly fromUntil: string | null;
  /** Last day in the other; null where it has no end. */
  readonly toUntil: string | null;
  /** What the other's value costs; null where it is not weaker than the default. */
  readonly costs: string | null;
}

/**
 * All settings that differ, the weaker first; by what counts, not by how it is written.
 *
 * @param from The one policy.
 * @param to The other, of the same technologies.
 */
export function diffPolicies(from: WholePolicy, to: WholePolicy): readonly Difference[] {
  const before = new Map(settingsOf(from).map((setting) => [setting.key, setting]));
  const differences = settingsOf(to).flatMap((after): readonly Difference[] => {
    const one = before.get(after.key);
    const key = keyAt(to.decoder, after.key);
    if (one === undefined || key === undefined) return [];
    const change = changeOf(key, one.value, after.value);
    const counted = change === "same" ? changeOfEnd(one, after) : change;
    return counted === "same" ? [] : [differenceOf(one, after, counted)];
  });
  return [...differences].sort((a, b) => ORDER.indexOf(a.change) - ORDER.indexOf(b.change));
}

const ORDER: readonly Change[] = ["weaker", "other", "stronger"];

/** A weaker value with a later end is weaker still; the end of another value does nothing. */
function changeOfEnd(one: Setting, other: Setting): Change {
  if (one.costs === null || one.until === other.until) return "same";
  if (other.until === null) return "weaker";
  return one.until === null || other.until < one.until ? "stronger" : "weaker";
}

function differenceOf(one: Setting, other: Setting, change: Difference["change"]): Difference {
  return {
    key: other.key,
    change,
    from: one.value,
    to: other.value,
    fromUntil: one.costs === null ? null : one.until,
    toUntil: other.costs === null ? null : other.until,
    costs: other.costs,
  };
}
