/**
 * Getting what evidence needs beside itself: from a cache, from the vendors, from a mirror.
 *
 * ```ts
 * import { createCollateral, createStore, memoryCache } from "@casemate/casemate/collateral";
 * import type { Http } from "@casemate/casemate/collateral";
 *
 * // A network on which nothing answers; a real one asks by `fetch` without following redirects.
 * const http: Http = { get: () => Promise.resolve({ status: 404, headers: {}, body: new Uint8Array() }) };
 * const clock = { now: () => new Date() };
 * const collateral = createCollateral({
 *   http,
 *   store: createStore(memoryCache(clock)),
 *   clock,
 *   timer: { wait: (time) => new Promise((done) => setTimeout(done, time)) },
 *   random: { bytes: (length) => crypto.getRandomValues(new Uint8Array(length)) },
 *   options: { offline: true },
 * });
 * console.log(typeof collateral.get);
 * ```
 *
 * @module
 */

export {
  type Brought,
  type Collateral,
  type CollateralOptions,
  type CollateralParts,
  type CollateralStore,
  type CollateralTerms,
  createCollateral,
  createStore,
  type GetOptions,
  type Issue,
  memoryCache,
  type Note,
  type Obtained,
  type Origin,
  type Realm,
  type StoredCollateral,
} from "../collateral/mod.ts";
export { type Bundle, type BundleItem } from "../collateral/bundle.ts";
export {
  MAX_BUNDLE_BYTES,
  openBundleFile,
  type OpenedBundle,
  type OpenOptions,
  writeBundleFile,
} from "../collateral/bundle_file.ts";
export { bringBundle, type BringParts, type BroughtOne } from "../collateral/bring.ts";
export { itemOfKey } from "../evidence/collateral_items.ts";
export {
  type PublicKey,
  readPublicKey,
  readSigningKey,
  type SigningKey,
} from "../core/signing_key.ts";
export {
  type CollateralMissing,
  type Completable,
  type CompletedFiles,
  completeFiles,
  type CompleteOptions,
} from "./complete.ts";
export type {
  CacheFile,
  CacheFiles,
  Clock,
  Http,
  HttpRequest,
  HttpResponse,
  Random,
  Timer,
} from "../core/ports.ts";
