/**
 * Reference values of the lab in the form in which a release publishes them.
 *
 * @module
 */

import type { AnyTechnology } from "../../evidence/evidence.ts";
import { technologies } from "../../evidence/registry.ts";
import type { VariantId } from "../../evidence/variants/facts.ts";
import { addDays } from "../dates.ts";
import type { LabSection } from "./variants.ts";

/** Name of the lab's release, and of the one set of values in it. */
const RELEASE = "casemate-lab";

/** How long they count, days: like those of a release they have an end, and an afternoon's lab needs no more. */
const DAYS = 30;

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
    issued: inSeconds(now),
    notAfter: inSeconds(addDays(now, DAYS)),
    sets: [{ name: "lab", [variant]: values }],
  };
}

function inSeconds(moment: Date): string {
  return `${moment.toISOString().slice(0, 19)}Z`;
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
