/**
 * Collateral: what vendors hand out for evidence, kept and asked for.
 *
 * @module
 */

export type {
  Brought,
  Collateral,
  CollateralOptions,
  CollateralParts,
  CollateralTerms,
  GetOptions,
  Obtained,
} from "./collateral.ts";
export type { Origin } from "./origin.ts";
export { createCollateral } from "./create.ts";
export { createStore } from "./create_store.ts";
export { memoryCache } from "./memory.ts";
export { type Service, SERVICES } from "./services.ts";
export type { CollateralStore, Issue, Note, Realm, StoredCollateral } from "./store.ts";
