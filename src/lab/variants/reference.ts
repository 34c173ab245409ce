/**
 * Reference values of the lab in the form in which a release publishes them.
 *
 * @module
 */

import type { AnyTechnology } from "../../evidence/evidence.ts";
import { technologies } from "../../evidence/registry.ts";
import type { VariantId } from "../../evidence/variants/facts.ts";
import type { LabSection } from "./variants.ts";

/** Name of the lab's release, and of the one set of values in it. */
const RELEASE = "casemate-lab";

/**
 * A document of reference values: one set, whose values the lab computed.
 *
 * @param variant The variant.
 * @param section Its section of plain values, as minting gives it.
 * @param now Moment of issue.
 */
export function labReference(variant: VariantId, section: LabSection, now: Date): LabSection {
  const technology = technologies.find(({ id }) => id === variant);
  const values = technology === undefined ? section : withOrigins(section, technology, "");
  return {
    version: 1,
    release: RELEASE,
    issued: `${now.toISOString().slice(0, 19)}Z`,
    sets: [{ name: "lab", [variant]: values }],
  };
}

/** Each reference value with a word about how it is known; parts have sections inside. */
function withOrigins(section: object, technology: AnyTechnology, prefix: string): LabSection {
  return Object.fromEntries(
    Object.entries(section).map(([name, value]) => {
      const key = `${prefix}${name}`;
      return technology.references.includes(key)
        ? [name, { known: "computed", from: "what the lab minted", value }]
        : [name, withOrigins(Object(value), technology, `${key}.`)];
    }),
  );
}
