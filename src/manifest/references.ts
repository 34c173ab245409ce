/**
 * Documents of reference values that a manifest names by their digests.
 *
 * @module
 */

import { toHex } from "../core/bytes.ts";
import { readDsse, writeDsse } from "../core/dsse.ts";
import { InputError } from "../core/errors.ts";
import { plainHash } from "../core/labelled_hash.ts";
import { technologies } from "../evidence/registry.ts";
import { ownerAuthority } from "../policy/reference/authority.ts";
import { readReference } from "../policy/reference/read.ts";
import { readSignedReference, type SignedReference } from "../policy/reference/signed.ts";
import type { ManifestChain } from "./chain.ts";
import type { ManifestCode } from "./codes.ts";

/** Signed documents by the SHA-256 of what was signed, hex. */
export type ManifestReferences = ReadonlyMap<string, SignedReference>;

/**
 * The digest by which a manifest names a signed document.
 *
 * @param file The document, DSSE.
 * @param name What to call it in errors.
 * @throws {InputError} `dsse.malformed`, `input.too_large`
 */
export function referenceDigest(file: Uint8Array, name: string): string {
  return toHex(plainHash("sha256", readDsse(file, name).payload));
}

/**
 * Reads the documents that the newest manifest of a chain names: all of them, and no others.
 *
 * The manifest, which the owner signed, has their digests; any key that was the
 * owner's may have signed them, so that a new owner need not sign each again.
 *
 * @param chain The chain.
 * @param files The signed documents, in any order.
 * @throws {InputError} `manifest.reference_missing`, `manifest.reference_unknown`, `reference.*`, `policy.*`, `dsse.malformed`, `input.too_large`
 * @throws {RejectedError} `dsse.type`, `dsse.key`, `dsse.signature`
 */
export async function readReferences(
  chain: ManifestChain,
  files: readonly Uint8Array[],
): Promise<ManifestReferences> {
  const authority = ownerAuthority(chain.owners);
  const wanted = new Set(chain.newest.images.map(({ reference }) => reference));
  const found = new Map<string, SignedReference>();
  for (const [at, file] of files.entries()) {
    const name = `reference values ${at + 1}`;
    const digest = referenceDigest(file, name);
    if (!wanted.has(digest) || found.has(digest)) {
      const why = found.has(digest) ? "is there twice" : "is none that the manifest names";
      throw refuse("manifest.reference_unknown", digest, why);
    }
    // Who passes it on must not make it larger: it is told to every node.
    const own = writeDsse(readDsse(file, name));
    found.set(digest, await readSignedReference(own, [authority], name));
  }
  for (const { variant, reference } of chain.newest.images) {
    requireVariant(found.get(reference), variant, reference);
  }
  return found;
}

function requireVariant(
  signed: SignedReference | undefined,
  variant: string,
  digest: string,
): void {
  if (signed === undefined) throw refuse("manifest.reference_missing", digest, "is not there");
  const { sets } = readReference(signed.document, technologies);
  // A section without values is none: nothing would be held against the evidence.
  if (sets.some(({ sections }) => (sections.get(variant) ?? []).length > 0)) return;
  throw refuse("manifest.reference_missing", digest, `has nothing for ${variant}`);
}

function refuse(code: ManifestCode, digest: string, why: string): InputError {
  const message = `Cannot use the reference values of the manifest: ${digest} ${why}`;
  return new InputError(message, { code, fields: { digest } });
}
