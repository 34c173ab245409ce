/**
 * What policies, reference values and bundles of collateral hold, in short.
 *
 * @module
 */

import type { Bundle } from "../../collateral/bundle.ts";
import type { ShownRow, ShownSection } from "../../core/shown.ts";
import { technologies } from "../../evidence/registry.ts";
import { readPolicy } from "../../policy/policy.ts";
import { readReference } from "../../policy/reference/read.ts";
import { documentDigest } from "../../verifier/digests.ts";

/**
 * What reference values accept.
 *
 * @param document The document.
 * @throws {InputError} `policy.*`, `reference.*` where it is wrong.
 */
export function referenceSections(document: unknown): readonly ShownSection[] {
  const { release, issued, notAfter, sets, plain } = readReference(document, technologies);
  const rows: readonly ShownRow[] = [
    ...(release === null ? [] : [{ name: "release", value: release }]),
    ...(issued === null ? [] : [{ name: "issued", value: issued }]),
    ...(notAfter === null ? [] : [{ name: "not after", value: notAfter }]),
    ...sets.map(({ name, sections }) => ({
      name: name === null ? "for" : `set ${name}`,
      value: [...sections.keys()].join(", "),
    })),
    { name: "digest", value: documentDigest(plain), meaning: "by which results name it" },
  ];
  return [{ title: "Reference values", rows }];
}

/**
 * What a policy is about.
 *
 * @param document The document.
 * @throws {InputError} `policy.*` where it is wrong.
 */
export function policySections(document: unknown): readonly ShownSection[] {
  const { acceptRoots, admitVariants } = readPolicy(document, technologies, "it");
  const written = technologies.filter(({ id }) => Object.hasOwn(Object(document), id));
  const rows: readonly ShownRow[] = [
    { name: "roots", value: acceptRoots.join(", "), meaning: "that a verdict may need" },
    { name: "admits", value: admitVariants?.join(", ") ?? "every variant" },
    ...(written.length === 0
      ? []
      : [{ name: "sections", value: written.map(({ id }) => id).join(", ") }]),
    { name: "digest", value: documentDigest(document), meaning: "by which results name it" },
  ];
  return [{ title: "Policy", rows }];
}

/**
 * What a bundle of collateral brings.
 *
 * @param bundle The bundle.
 */
export function bundleSection({ made, items }: Bundle): ShownSection {
  return {
    title: "Collateral",
    rows: [
      { name: "made", value: made.toISOString(), meaning: "by its own word" },
      ...items.map(({ key, confirmed }) => ({
        name: "holds",
        value: key,
        meaning: `a vendor gave it at ${confirmed.toISOString()}, by the bundle's word`,
      })),
    ],
  };
}
