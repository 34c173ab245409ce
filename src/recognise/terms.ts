/**
 * Tells policies from reference values: both are YAML or JSON with sections of variants.
 *
 * @module
 */

import type { AnyTechnology } from "../evidence/evidence.ts";
import { technologies } from "../evidence/registry.ts";

/** What a document is meant as. */
export type TermsKind = "policy" | "pinning-policy" | "reference-values" | "pinned-values";

/** Keys that reference values alone have. */
const OF_RELEASES: readonly string[] = ["release", "issued", "notAfter", "sets"];

/** Keys that policies alone have, beside sections. */
const OF_POLICIES: readonly string[] = [
  "acceptRoots",
  "admitVariants",
  "allowLab",
  "acceptCompromised",
  "tokens",
];

/**
 * What a document is meant as, whatever is wrong in it; null where it is neither, or of both.
 *
 * @param document Plain data.
 */
export function termsKindOf(document: unknown): TermsKind | null {
  const members = membersOf(document);
  if (!members.has("version")) return null;
  const has = (keys: readonly string[]) => keys.some((key) => members.has(key));
  const [released, ruled] = [has(OF_RELEASES), has(OF_POLICIES)];
  if (released && ruled) return null;
  if (released) return "reference-values";
  if (ruled) return "policy";
  const sections = technologies.filter(({ id }) => members.has(id));
  if (sections.length === 0) {
    return members.size === 1 && members.get("version") === 1 ? "policy" : null;
  }
  const leaves = sections.flatMap((technology) =>
    leavesOf(members.get(technology.id), technology, "")
  );
  if (leaves.includes("setting")) {
    return leaves.every((leaf) => leaf === "setting") ? "policy" : "pinning-policy";
  }
  return leaves.includes("origin") ? "reference-values" : "pinned-values";
}

type Leaf = "value" | "origin" | "setting";

/** What the keys of a section are; a name that nobody knows says nothing. */
function leavesOf(
  section: unknown,
  technology: AnyTechnology,
  prefix: string,
): readonly Leaf[] {
  const { references, policy } = technology;
  return [...membersOf(section)].flatMap(([name, value]): readonly Leaf[] => {
    const key = `${prefix}${name}`;
    if (references.includes(key)) return [isOrigin(value) ? "origin" : "value"];
    if (key === "runtime") return ["origin"];
    if (references.some((one) => one.startsWith(`${key}.`))) {
      return leavesOf(value, technology, `${key}.`);
    }
    return isSetting(policy, key.split(".")) ? ["setting"] : [];
  });
}

type Keys = AnyTechnology["policy"]["keys"];

function isSetting(
  { keys }: { readonly keys?: Keys },
  [name = "", ...rest]: readonly string[],
): boolean {
  const found = keys?.[name];
  return found !== undefined && (rest.length === 0 || isSetting(found.decoder, rest));
}

/** A value with a word about how it is known. */
function isOrigin(value: unknown): boolean {
  return Array.isArray(value) ? value.some(isOrigin) : membersOf(value).has("known");
}

function membersOf(value: unknown): ReadonlyMap<string, unknown> {
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  return new Map<string, unknown>(isObject ? Object.entries(value) : []);
}
