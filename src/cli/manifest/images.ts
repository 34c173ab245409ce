/**
 * Images of a manifest, from the signed reference values that are given for it.
 *
 * @module
 */

import { InputError } from "../../core/errors.ts";
import { technologies } from "../../evidence/registry.ts";
import { referenceDigest } from "../../manifest/references.ts";
import type { ReferenceDocument } from "../../policy/reference/document.ts";
import { ownerAuthority } from "../../policy/reference/authority.ts";
import { readReference } from "../../policy/reference/read.ts";
import { readSignedReference, type SignedReference } from "../../policy/reference/signed.ts";
import type { Policy } from "../../policy/policy.ts";
import type { PublicKey } from "../../core/signing_key.ts";
import type { ManifestImage } from "../../protocol/manifest.ts";
import { readReferenceFor } from "../../verifier/reference.ts";
import { MAX_MANIFEST_BYTES } from "../../protocol/limits.ts";
import { fileName, type FileReader } from "../input/files.ts";
import { flagError } from "../input/given.ts";
import { named } from "./files.ts";

/** The flag. */
const FLAG = "--reference";

/** Images, and the signed files that they name. */
export interface GivenImages {
  /** Images by variant, in the order of the files. */
  readonly images: readonly ManifestImage[];
  /** The signed files. */
  readonly files: readonly Uint8Array[];
}

/** What reference values are for. */
export interface ImageTerms {
  /** Whose word counts. */
  readonly owners: readonly PublicKey[];
  /** Variants that need an image. */
  readonly variants: readonly string[];
  /** Version to write where a document names no release. */
  readonly version: string;
  /** The policy that they must not contradict. */
  readonly policy: Pick<Policy, "document">;
}

/**
 * Reads reference values, each for all variants that it has values of.
 *
 * @param reader Reads files.
 * @param paths Their paths.
 * @param terms What they are for.
 * @throws {CasemateError} naming the flag: `input.missing` where a variant has none, `input.conflict` where a file is of no use or the policy says a key as well, `dsse.*`, `reference.*`.
 */
export async function readImages(
  reader: FileReader,
  paths: readonly string[],
  terms: ImageTerms,
): Promise<GivenImages> {
  const images: ManifestImage[] = [];
  const files: Uint8Array[] = [];
  for (const path of paths) {
    const { bytes } = await reader.read(FLAG, path, MAX_MANIFEST_BYTES);
    images.push(...await named(FLAG, () => imagesOf(bytes, fileName(path), terms)));
    files.push(bytes);
  }
  const without = terms.variants.filter((id) => !images.some(({ variant }) => variant === id));
  if (without.length === 0) return { images, files };
  const message = `Cannot make a manifest: no reference values are given for ${
    without.join(" and ")
  }, so that no such node could be admitted`;
  throw flagError("input.missing", message, FLAG);
}

async function imagesOf(
  file: Uint8Array,
  name: string,
  { owners, variants, version, policy }: ImageTerms,
): Promise<readonly ManifestImage[]> {
  const signed = await readSignedReference(file, [ownerAuthority(owners)], name);
  const document = readReference(signed.document, technologies);
  const reference = referenceDigest(file, name);
  const images = variants.filter((variant) => hasValues(document, variant)).map((variant) => {
    requireAgreement(signed, variant, policy);
    return { variant, version: document.release ?? version, reference };
  });
  if (images.length > 0) return images;
  const message = `Cannot use ${name}: it has nothing for ${variants.join(" or ")}`;
  throw new InputError(message, { code: "input.conflict", fields: { file: name } });
}

function hasValues({ sets }: ReferenceDocument, variant: string): boolean {
  return sets.some(({ sections }) => (sections.get(variant) ?? []).length > 0);
}

/** What both policy and reference values say would be refused by each node; better now. */
function requireAgreement(
  signed: SignedReference,
  variant: string,
  policy: ImageTerms["policy"],
): void {
  const technology = technologies.find(({ id }) => id === variant);
  if (technology !== undefined) readReferenceFor(signed, policy, technology);
}
