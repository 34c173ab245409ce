/**
 * What a manifest of the right form must not say: members that contradict each
 * other. No node takes such a one, whoever signed it.
 *
 * @module
 */

import { InputError } from "../core/errors.ts";
import { technologies } from "../evidence/registry.ts";
import { readPolicy } from "../policy/policy.ts";
import type { Manifest } from "../protocol/manifest.ts";

/** A member, and what is wrong with it. */
export interface Contradiction {
  /** Member, dotted, as `groups[1].name`. */
  readonly key: string;
  /** What is wrong, to stand behind the key. */
  readonly says: string;
}

/**
 * The first contradiction; null where there is none.
 *
 * @param manifest The manifest, by its form.
 */
export function contradictionIn(manifest: Manifest): Contradiction | null {
  for (const rule of RULES) {
    const found = rule(manifest);
    if (found !== null) return found;
  }
  return null;
}

type Rule = (manifest: Manifest) => Contradiction | null;

const RULES: readonly Rule[] = [
  calendar,
  firstOrNext,
  groupNames,
  groupCounts,
  controlPlanes,
  storageNames,
  witnessNames,
  custodianKeys,
  policyForm,
  admitted,
  accounts,
  images,
];

function calendar({ issued, notAfter }: Manifest): Contradiction | null {
  for (const [key, moment] of Object.entries({ issued, notAfter })) {
    const time = new Date(moment);
    const isOne = !Number.isNaN(time.getTime()) &&
      time.toISOString().startsWith(moment.slice(0, 19));
    if (!isOne) return { key, says: `is no moment of the calendar: ${moment}` };
  }
  return null;
}

function firstOrNext({ sequence, previous }: Manifest): Contradiction | null {
  if ((sequence === 1) === (previous === "")) return null;
  const says = sequence === 1
    ? "is there, and manifest 1 has none before it"
    : `is empty in manifest ${sequence}`;
  return { key: "previous", says };
}

function groupNames({ groups }: Manifest): Contradiction | null {
  return repeated("groups", "name", groups.map(({ name }) => name));
}

function groupCounts({ groups }: Manifest): Contradiction | null {
  const at = groups.findIndex(({ min, max }) => min > max);
  return at < 0 ? null : { key: `groups[${at}].min`, says: "is more than max" };
}

function controlPlanes({ groups }: Manifest): Contradiction | null {
  if (groups.some(({ role }) => role === "control-plane")) return null;
  return { key: "groups", says: "has no group of role control-plane" };
}

function storageNames({ storageClasses }: Manifest): Contradiction | null {
  return repeated("storageClasses", "name", storageClasses.map(({ name }) => name));
}

function witnessNames({ witnesses }: Manifest): Contradiction | null {
  return repeated("witnesses", "name", witnesses.map(({ name }) => name)) ??
    repeated("witnesses", "key", witnesses.map(({ key }) => key));
}

/** One custodian twice would be two of k. */
function custodianKeys({ custodians }: Manifest): Contradiction | null {
  if (custodians === null) return null;
  const { keys, threshold } = custodians;
  if (new Set(keys).size < keys.length) {
    return { key: "custodians.keys", says: "has a key twice" };
  }
  if (threshold <= keys.length) return null;
  return { key: "custodians.threshold", says: `is more than the ${keys.length} keys` };
}

function policyForm({ policy }: Manifest): Contradiction | null {
  try {
    readPolicy(policy, technologies, "of the manifest");
    return null;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { key: "policy", says: `is no policy: ${error.message}` };
  }
}

/** Which variants are admitted is the owner's word, not whatever evidence calls itself. */
function admitted({ policy, groups, images }: Manifest): Contradiction | null {
  const variants = admittedBy(policy);
  if (variants.length === 0) return { key: "policy.admitVariants", says: "is not there" };
  const group = groups.findIndex(({ variant }) => !variants.includes(variant));
  if (group >= 0) return { key: `groups[${group}].variant`, says: "is not admitted by the policy" };
  const image = images.findIndex(({ variant }) => !variants.includes(variant));
  if (image >= 0) return { key: `images[${image}].variant`, says: "is not admitted by the policy" };
  return null;
}

/**
 * Variants that the policy of a manifest admits.
 *
 * @param policy The policy document.
 */
export function admittedBy(policy: Manifest["policy"]): readonly string[] {
  const given = policy["admitVariants"];
  const ids = typeof given === "object" && given !== null && "value" in given ? given.value : given;
  return Array.isArray(ids) ? ids.filter((id) => typeof id === "string") : [];
}

/** Whose account it is stands in the groups; a second word in the policy could say something else. */
function accounts({ policy, groups }: Manifest): Contradiction | null {
  for (const { id, accountKey } of technologies) {
    const section = policy[id];
    if (accountKey === undefined || typeof section !== "object" || section === null) continue;
    if (Object.hasOwn(section, accountKey)) {
      return { key: `policy.${id}.${accountKey}`, says: "stands in groups as account" };
    }
  }
  for (const [at, { variant, account }] of groups.entries()) {
    const technology = technologies.find(({ id }) => id === variant);
    const reason = accountProblem(technology, account);
    if (reason !== null) return { key: `groups[${at}].account`, says: reason };
  }
  return null;
}

function accountProblem(
  technology: (typeof technologies)[number] | undefined,
  account: string,
): string | null {
  const key = technology?.accountKey;
  if (technology === undefined) return null;
  if (key === undefined) {
    return account === "" ? null : `is there, and evidence of ${technology.id} names no account`;
  }
  if (account === "") {
    const needed = technology.facts?.policyKeys?.includes(key) ?? false;
    return needed ? `is empty, and nothing of ${technology.id} is trusted without` : null;
  }
  try {
    technology.policy.decode({ [key]: account }, technology.id);
    return null;
  } catch (error) {
    if (error instanceof Error) return `is none: ${error.message}`;
    throw error;
  }
}

function images({ images, groups }: Manifest): Contradiction | null {
  const at = groups.findIndex(({ variant }) => !images.some((image) => image.variant === variant));
  if (at >= 0) return { key: `groups[${at}].variant`, says: "has no image" };
  const seen = images.map(({ variant, reference }) => `${variant} ${reference}`);
  return repeated("images", "reference", seen);
}

function repeated(list: string, member: string, values: readonly string[]): Contradiction | null {
  const at = values.findIndex((value, i) => values.indexOf(value) < i);
  return at < 0 ? null : { key: `${list}[${at}].${member}`, says: "stands there twice" };
}
