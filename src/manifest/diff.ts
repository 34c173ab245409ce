/**
 * What a manifest changes of the one before, and what of that is weaker.
 *
 * @module
 */

import type { Change } from "../core/direction.ts";
import { technologies } from "../evidence/registry.ts";
import { diffPolicies } from "../policy/diff.ts";
import { readWhole } from "../policy/policy.ts";
import type { Manifest } from "../protocol/manifest.ts";

/** Something that two manifests do not have in common. */
export interface ManifestDifference {
  /** Member, dotted; of lists with the name of the item, as `groups.worker.max`. */
  readonly key: string;
  /** What it does to what is demanded. */
  readonly change: Exclude<Change, "same">;
  /** Before; null where there was nothing. */
  readonly from: unknown;
  /** After; null where there is nothing. */
  readonly to: unknown;
  /** What it costs; null where it costs nothing. */
  readonly costs: string | null;
}

/**
 * All that differs, the weaker first. Sequence, digest and time of signing, which always do, are left out.
 *
 * @param from The one manifest.
 * @param to The other.
 * @param now Moment for which policies are read: settings with an end that is over have their default.
 */
export function diffManifests(
  from: Manifest,
  to: Manifest,
  now: Date,
): readonly ManifestDifference[] {
  const found = [
    ...policyDifferences(from, to, now),
    ...PLAIN.flatMap((member) => compared(member, from[member], to[member])),
    ...custodianDifferences(from, to),
    ...named("images", from.images, to.images, ({ variant, version }) => `${variant} ${version}`),
    ...named("groups", from.groups, to.groups, ({ name }) => name),
    ...named("storageClasses", from.storageClasses, to.storageClasses, ({ name }) => name),
    ...named("witnesses", from.witnesses, to.witnesses, ({ name }) => name),
  ];
  return [...found].sort((a, b) => ORDER.indexOf(a.change) - ORDER.indexOf(b.change));
}

const ORDER: readonly Change[] = ["weaker", "other", "stronger"];

/** Members that are one value. */
const PLAIN = [
  "clusterId",
  "owner",
  "random",
  "labRoots",
  "kubernetes",
  "network",
  "workloadPolicy",
  "cosigningKey",
  "notAfter",
] as const;

function policyDifferences(from: Manifest, to: Manifest, now: Date) {
  const whole = ({ policy, sequence }: Manifest) =>
    readWhole(policy, technologies, `of manifest ${sequence}`, now);
  return diffPolicies(whole(from), whole(to)).map((one): ManifestDifference => ({
    key: `policy.${one.key}`,
    change: one.change,
    from: one.from,
    to: one.to,
    costs: one.change === "weaker" ? one.costs ?? "less is demanded than before" : null,
  }));
}

/** What a change does, by its member; a name of the list's item is not in the key. */
type Judge = (from: unknown, to: unknown) => Pick<ManifestDifference, "change" | "costs">;

const OTHER: Judge = () => ({ change: "other", costs: null });

/** What is there is stronger than nothing. */
function guards(costs: string): Judge {
  return (from, to) => {
    if (isNothing(to)) return { change: "weaker", costs };
    return { change: isNothing(from) ? "stronger" : "other", costs: null };
  };
}

/** Nothing is stronger than what is there. */
function admits(costs: string): Judge {
  return (from, to) => {
    if (isNothing(from)) return { change: "weaker", costs };
    return { change: isNothing(to) ? "stronger" : "other", costs: null };
  };
}

function grows(costs: string): Judge {
  return (from, to) =>
    Number(to) > Number(from) ? { change: "weaker", costs } : { change: "stronger", costs: null };
}

const JUDGES: Readonly<Record<string, Judge>> = {
  labRoots: admits("lab evidence, which proves nothing about real hardware, is believed"),
  workloadPolicy: guards("whoever administers Kubernetes decides what runs"),
  witnesses: guards("one witness less sees whether the log was forked"),
  images: admits("a further image is accepted"),
  "groups.max": grows("more nodes are admitted"),
  "storageClasses.integrity": (from) =>
    from === true
      ? { change: "weaker", costs: "whoever has the disk can change what is on it, unseen" }
      : { change: "stronger", costs: null },
};

function compared(
  key: string,
  from: unknown,
  to: unknown,
  judge: Judge = JUDGES[key] ?? OTHER,
): readonly ManifestDifference[] {
  if (JSON.stringify(from) === JSON.stringify(to)) return [];
  return [{ key, ...judge(from, to), from: orNull(from), to: orNull(to) }];
}

/** Items of lists by their names; of items in both each member. */
function named<T extends object>(
  list: string,
  from: readonly T[],
  to: readonly T[],
  nameOf: (item: T) => string,
): readonly ManifestDifference[] {
  const before = new Map(from.map((item) => [nameOf(item), item]));
  const after = new Map(to.map((item) => [nameOf(item), item]));
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((name) => {
    const [one, other] = [before.get(name), after.get(name)];
    const key = `${list}.${name}`;
    if (one === undefined || other === undefined) {
      return compared(key, one ?? null, other ?? null, JUDGES[list]);
    }
    const members = new Map<string, unknown>(Object.entries(other));
    return Object.entries(one).flatMap(([member, value]) =>
      compared(`${key}.${member}`, value, members.get(member), JUDGES[`${list}.${member}`])
    );
  });
}

/** Fewer who must agree are easier to have; none can do nothing at all. */
function custodianDifferences(
  { custodians: from }: Manifest,
  { custodians: to }: Manifest,
): readonly ManifestDifference[] {
  const costs = "the owner's key can be replaced by fewer, or by others, than before";
  if (from === null || to === null) {
    return compared("custodians", from, to, admits("custodians can replace the owner's key"));
  }
  return [
    ...compared(
      "custodians.threshold",
      from.threshold,
      to.threshold,
      (_, after) =>
        Number(after) < from.threshold
          ? { change: "weaker", costs }
          : { change: "stronger", costs: null },
    ),
    ...compared("custodians.keys", from.keys, to.keys, OTHER),
  ];
}

function isNothing(value: unknown): boolean {
  return value === null || value === undefined || value === "";
}

function orNull(value: unknown): unknown {
  return isNothing(value) ? null : value;
}
