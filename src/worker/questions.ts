/**
 * Collateral where requests may not wait for each other.
 *
 * @module
 */

import type { Collateral, CollateralParts, CollateralTerms } from "../collateral/mod.ts";
import { createCollateral } from "../collateral/mod.ts";

/**
 * A source of collateral that is made anew for each question, over one store.
 *
 * A source lets whoever wants the same wait for the same answer. Between
 * requests of a Worker that would be for ever, where the platform ended the
 * first one: there the locks of the store alone see to it that one asks.
 *
 * @param parts What each is made of.
 * @throws {InputError} `collateral.base`
 */
export function ofEachQuestion(parts: CollateralParts): Collateral {
  const sources = new WeakMap<CollateralTerms, Collateral>();
  const first = createCollateral(parts);
  const sourceFor = (terms: CollateralTerms): Collateral => {
    const source = sources.get(terms) ?? createCollateral(parts);
    sources.set(terms, source);
    return source;
  };
  return {
    get: (item, terms, options) => sourceFor(terms).get(item, terms, options),
    accept: (item, brought, terms) => sourceFor(terms).accept(item, brought, terms),
    objection: (item, content, now) => first.objection(item, content, now),
    until: () => first.until(),
  };
}
