/**
 * What is doubtful about reference values that are well formed.
 *
 * @module
 */

import { joinPath } from "../../core/decode.ts";
import type { AnyTechnology } from "../../evidence/evidence.ts";
import type { ReferenceDocument, ReferenceSet } from "./document.ts";
import { isPinned, pinsOf } from "./pins.ts";
import { RUNTIME_KEY } from "./runtime.ts";
import type { KeyValues, ReferenceSection } from "./section.ts";

/** Something to look at. */
export interface ReferenceWarning {
  /** Set that it is about; null where it is the document, or the one set without a name. */
  readonly set: string | null;
  /** Variant; null where it is all of them. */
  readonly variant: string | null;
  /** Key of the variant's section, dotted; null where it is all of it. */
  readonly key: string | null;
  /** What is doubtful, one sentence without full stop. */
  readonly says: string;
}

/**
 * Looks for what is doubtful.
 *
 * @param document The reference values.
 * @param technologies Technologies whose sections are known.
 * @param now The current time.
 */
export function lintReference(
  document: ReferenceDocument,
  technologies: readonly AnyTechnology[],
  now: Date,
): readonly ReferenceWarning[] {
  const { sets } = document;
  return [
    ...timeWarnings(document, now),
    ...sets.flatMap((set, at) => sameWarnings(set, sets.slice(0, at))),
    ...sets.flatMap((set) =>
      [...set.sections].flatMap(([variant, section]) => {
        const technology = technologies.find(({ id }) => id === variant);
        const warnings = technology === undefined ? [] : sectionWarnings(section, technology);
        return warnings.map((warning) => ({ set: set.name, variant, ...warning }));
      })
    ),
  ];
}

function about(says: string): ReferenceWarning {
  return { set: null, variant: null, key: null, says };
}

function timeWarnings(
  { issued, notAfter }: ReferenceDocument,
  now: Date,
): readonly ReferenceWarning[] {
  if (issued === null) {
    return [about("it has no release, no issue and no end; the long form with sets has them")];
  }
  if (Date.parse(issued) > now.getTime()) return [about(`it is issued later, at ${issued}`)];
  if (notAfter === null) {
    return [about("it has no end: a release that was found bad stays accepted (notAfter)")];
  }
  return Date.parse(notAfter) < now.getTime() ? [about(`it has expired, at ${notAfter}`)] : [];
}

/** Two names for one state: which of them is met says nothing. */
function sameWarnings(
  set: ReferenceSet,
  before: readonly ReferenceSet[],
): readonly ReferenceWarning[] {
  const same = before.find((one) => contentOf(one) === contentOf(set));
  if (same === undefined) return [];
  const says = `it accepts the same as set ${same.name}`;
  return [{ set: set.name, variant: null, key: null, says }];
}

function contentOf({ sections }: ReferenceSet): string {
  const variants = [...sections].map(([id, section]) =>
    [id, section.map(({ key, united }) => [key, sorted(united)]).sort()] as const
  );
  return JSON.stringify(variants.sort());
}

/** The order of a list and of members says nothing. */
function sorted(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(sorted).sort();
  return Object.entries(value).map(([name, inner]) => [name, sorted(inner)]).sort();
}

type Doubt = Omit<ReferenceWarning, "set" | "variant">;

function sectionWarnings(section: ReferenceSection, technology: AnyTechnology): readonly Doubt[] {
  if (section.length === 0) return [{ key: null, says: "it has no values" }];
  return [...section.flatMap(valueDoubts), ...pinDoubts(section, technology)];
}

function pinDoubts(section: ReferenceSection, technology: AnyTechnology): readonly Doubt[] {
  return pinsOf(technology).flatMap((pin): readonly Doubt[] => {
    const value = section.find(({ key }) => key === pin.key)?.united;
    if (isPinned(pin, value)) return [];
    return [{
      key: pin.key,
      says: `it does not pin ${pin.register}, which a verdict of trusted needs`,
    }];
  });
}

function valueDoubts({ key, values, united }: KeyValues): readonly Doubt[] {
  const says = [
    ...new Set(
      values.flatMap(({ known, from }) =>
        known === "observed"
          ? ["it was observed, not computed: whoever ran that machine then chose it"]
          : known === "given"
          ? ["it does not say how the value is known"]
          : from === null
          ? [`it is ${known}, and does not say from what`]
          : []
      ),
    ),
    ...leavesOf(united, "").flatMap(([path, leaf]) => leafDoubts(path, leaf, key)),
  ];
  return says.map((text) => ({ key, says: text }));
}

function leafDoubts(path: string, leaf: unknown, key: string): readonly string[] {
  const where = path === "" ? "" : ` (${path})`;
  if (leaf === 0) return [`0 is the lowest there is, so that it demands nothing${where}`];
  // Before anything is extended, the register of the phase has zeros.
  if (typeof leaf !== "string" || (key === RUNTIME_KEY && path.startsWith("zero."))) return [];
  if (/^(?:00){16,}$/.test(leaf)) return [`all zeros mean that nothing was measured there${where}`];
  return /^(?:ff){16,}$/.test(leaf) ? [`all ones are no digest${where}`] : [];
}

function leavesOf(value: unknown, path: string): readonly (readonly [string, unknown])[] {
  if (typeof value !== "object" || value === null) return [[path, value]];
  if (Array.isArray(value)) {
    return value.flatMap((item: unknown, at) => leavesOf(item, `${path}[${at}]`));
  }
  return Object.entries(value).flatMap(([name, inner]) => leavesOf(inner, joinPath(path, name)));
}
