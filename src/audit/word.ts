/**
 * What of a bundle is only the word of who wrote it.
 *
 * @module
 */

import type { AuditBundle } from "./bundle.ts";
import type { Known } from "./confirm.ts";

/**
 * What remains the word of who wrote the bundle, however often it is verified
 * again, each a sentence without full stop.
 *
 * @param bundle The bundle.
 * @param known What the reader knows.
 */
export function wordOf({ request }: AuditBundle, known: Known): readonly string[] {
  const { expect, collateral, signedReference, reference } = request;
  const asked = expect !== null && "nonce" in expect;
  return [
    ...(known.at === undefined
      ? [
        `that it was judged for ${request.time}, and not for a time at which it would come out otherwise`,
      ]
      : []),
    ...(known.policyDigest === undefined
      ? ["that the policy is the one that was to be applied; compare its digest"]
      : []),
    ...(known.owner === undefined && signedReference !== null
      ? ["that the key which signed the reference values is the owner's"]
      : []),
    ...(signedReference === null && reference !== null
      ? ["that the reference values are what should run; nobody signed them"]
      : []),
    ...(asked && known.nonce === undefined
      ? ["that the nonce was asked with, and was fresh; compare it with your own records"]
      : []),
    ...(asked && known.nonce !== undefined ? ["that the nonce was asked with only once"] : []),
    ...(Array.isArray(collateral) && collateral.length > 0
      ? ["where collateral came from, and when it was last confirmed"]
      : []),
  ];
}
