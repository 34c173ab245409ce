/**
 * What a report needs to know of the technology of the evidence.
 *
 * @module
 */

import type { ShownSection } from "../core/shown.ts";
import type { Claim } from "../evidence/evidence.ts";
import type { VariantFacts } from "../evidence/variants/facts.ts";

/** A technology as a report needs it; every registered one is. */
export interface ReportTechnology {
  /** Full name. */
  readonly title: string;
  /** What is known of the variant; absent of what is none. */
  readonly facts?: VariantFacts;
  /** What a `trusted` verdict proves, and what it never does. */
  readonly proves: { readonly yes: readonly Claim[]; readonly no: readonly string[] };
  /** What verified evidence says beyond the checks; takes the claims that its own `verify` made. */
  readonly tell?: (claims: never) => readonly ShownSection[];
}
