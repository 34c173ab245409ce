/**
 * All cases over real quotes: as they are, and changed without their keys.
 *
 * @module
 */

import { distinct, type TdxCase } from "./case.ts";
import { quoteChainCases, tcbChainCases } from "./chain_cases.ts";
import { collateralCases, swappedCases } from "./collateral_cases.ts";
import { corpus, realCase } from "./corpus.ts";
import { quoteCases } from "./quote_cases.ts";
import { timeCases } from "./time_cases.ts";

/** Quotes that are changed: one of each layout, under both CAs. */
const CHANGED = ["tdx/v4-dcapqvl-b0c06f", "tdx/v5-google-90c06f", "sgx/v3-dcapqvl-sgx"];

/** Quotes that are judged at other times and with other collateral. */
const VALID = [
  ...CHANGED,
  "tdx/v5-alibaba-90c06f",
  "tdx/v4-debug-td-trustee",
  "gcp/tdx-cos113-ccel",
  "sgx/v3-00606a-automata",
];

/** Cases as the corpus has them. */
export function corpusCases(): readonly TdxCase[] {
  return [...corpus.values()];
}

/** Cases of the corpus with something changed; none where it is absent. */
export function changedCases(): readonly TdxCase[] {
  if (corpus.size === 0) return [];
  const named = (name: string): TdxCase => ({ ...realCase(name), name: `real/${name}` });
  const [bent, valid] = [CHANGED.map(named), VALID.map(named)];
  return distinct([
    ...bent.flatMap(quoteCases),
    ...bent.flatMap(quoteChainCases),
    ...bent.flatMap(tcbChainCases),
    ...bent.flatMap(collateralCases),
    ...valid.flatMap(timeCases),
    ...bent.flatMap((base) => swappedCases(base, valid)),
  ]);
}
