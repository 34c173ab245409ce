/**
 * What of a bundle is only the word of who wrote it.
 *
 * @module
 */

import { fromBase64, toHex } from "../core/bytes.ts";
import { plainHash } from "../core/labelled_hash.ts";
import { technologies } from "../evidence/registry.ts";
import type { AuditBundle } from "./bundle.ts";
import type { Known } from "./confirm.ts";
import type { WrittenRequest } from "./written.ts";

/**
 * What remains the word of who wrote the bundle, however often it is verified
 * again, each a sentence without full stop.
 *
 * @param bundle The bundle.
 * @param known What the reader knows.
 */
export function wordOf({ request }: AuditBundle, known: Known): readonly string[] {
  return [
    ...(known.at === undefined
      ? [`that it was judged for ${request.time}, and not for a time of somebody's choice`]
      : []),
    ...(known.policyDigest === undefined
      ? ["that the policy is the one that was to be applied; compare its digest"]
      : []),
    ...aboutReference(request, known),
    ...aboutQuestion(request, known),
    ...aboutRoots(request),
    ...(Array.isArray(request.collateral) && request.collateral.length > 0
      ? ["where collateral came from, and when it was last confirmed"]
      : []),
  ];
}

function aboutReference(
  { reference, signedReference }: WrittenRequest,
  { owner }: Known,
): readonly string[] {
  if (signedReference !== null) {
    return owner === undefined
      ? ["that the key which signed the reference values is the owner's"]
      : [];
  }
  return reference === null
    ? []
    : ["that the reference values are what should run; nobody signed them"];
}

function aboutQuestion({ expect }: WrittenRequest, { nonce }: Known): readonly string[] {
  const { nonce: asked, ...others } = expect ?? {};
  const about = Object.keys(others).filter((name) => name !== "freshness");
  return [
    ...(asked === undefined
      ? []
      : nonce === undefined
      ? ["that the nonce was asked with, and was fresh; compare it with your own records"]
      : ["that the nonce was asked with only once"]),
    ...(about.length === 0 ? [] : [
      `that what the evidence was held against is what was to be expected: ${about.join(", ")}`,
    ]),
  ];
}

/** Files that are believed as they are: whoever writes a bundle can put a root of his own there. */
function aboutRoots({ variant, files }: WrittenRequest): readonly string[] {
  const inputs = technologies.find(({ id }) => id === variant)?.files ?? [];
  return inputs.filter(({ believed }) => believed === true).flatMap(({ role }) => {
    const given = files[role] ?? [];
    return (typeof given === "string" ? [given] : given).map((file) => {
      const digest = toHex(plainHash("sha256", fromBase64(file)));
      return `that ${role} with SHA-256 ${digest} is to be believed`;
    });
  });
}
