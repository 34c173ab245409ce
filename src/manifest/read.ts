/**
 * Manifests as bytes: what was signed is read strictly, in its one form.
 *
 * @module
 */

import { equal, fromHex, toHex } from "../core/bytes.ts";
import { canonicalJson, type CanonicalValue } from "../core/canonical_json.ts";
import { DecodeError } from "../core/decode.ts";
import { type Dsse, readDsse, writeDsse } from "../core/dsse.ts";
import { InputError } from "../core/errors.ts";
import { plainHash } from "../core/labelled_hash.ts";
import { type PublicKey, readPublicKey } from "../core/signing_key.ts";
import { parseStrictJson } from "../core/strict_json.ts";
import { plainCopy } from "../policy/reference/plain_copy.ts";
import { MAX_MANIFEST_BYTES } from "../protocol/limits.ts";
import type { Manifest } from "../protocol/manifest.ts";
import type { ManifestCode } from "./codes.ts";
import { contradictionIn } from "./contradiction.ts";
import { MANIFEST_FORM } from "./form.ts";

/** A manifest that was read; whose word it is, nobody looked at. */
export interface ReadManifest {
  /** The manifest. */
  readonly manifest: Manifest;
  /** SHA-256 of the exact bytes that were signed, lowercase hex. */
  readonly digest: string;
  /** The key that it names as the owner's. */
  readonly owner: PublicKey;
  /** The signed file. */
  readonly file: Uint8Array<ArrayBuffer>;
  /** Its envelope. */
  readonly envelope: Dsse;
}

/**
 * Reads a signed manifest. No signature is verified: {@linkcode ManifestChain} does.
 *
 * @param bytes DSSE envelope, JSON, at most 128 KiB.
 * @param name What to call it in errors, as its path.
 * @throws {InputError} `manifest.malformed`, `manifest.not_canonical`, `dsse.malformed`, `input.too_large`
 */
export async function readManifest(bytes: Uint8Array, name: string): Promise<ReadManifest> {
  if (bytes.length > MAX_MANIFEST_BYTES) {
    const fields = {
      file: name,
      expected: `at most ${MAX_MANIFEST_BYTES} bytes`,
      actual: `${bytes.length} bytes`,
    };
    const message = `Cannot read ${name}: ${fields.actual}, ${fields.expected}`;
    throw new InputError(message, { code: "input.too_large", fields });
  }
  const envelope = readDsse(bytes, name);
  // What is kept and told further is no larger than what the owner wrote, whoever passed it on.
  const file = writeDsse(envelope);
  const manifest = manifestIn(envelope.payload, name);
  const digest = toHex(plainHash("sha256", envelope.payload));
  return { manifest, digest, owner: await ownerKey(manifest.owner, name), file, envelope };
}

/**
 * Reads what was, or is to be, signed as a manifest.
 *
 * @param payload Canonical JSON.
 * @param name What to call it in errors.
 * @throws {InputError} `manifest.malformed`, `manifest.not_canonical`
 */
export function manifestIn(payload: Uint8Array, name: string): Manifest {
  const manifest = decoded(payload, name);
  if (!equal(canonicalManifest(manifest), payload)) {
    throw refuse(name, "manifest.not_canonical", "it is not in the canonical form of RFC 8785");
  }
  const found = contradictionIn(manifest);
  if (found === null) return manifest;
  throw refuse(name, "manifest.malformed", `${found.key} ${found.says}`, { key: found.key });
}

function decoded(payload: Uint8Array, name: string): Manifest {
  try {
    return MANIFEST_FORM.decode(parseStrictJson(payload), "");
  } catch (cause) {
    if (!(cause instanceof DecodeError || cause instanceof SyntaxError)) throw cause;
    const key = cause instanceof DecodeError ? cause.path : "";
    const reason = key === "" ? cause.message : `${key} ${cause.message}`;
    throw refuse(name, "manifest.malformed", reason, { ...(key === "" ? {} : { key }), cause });
  }
}

/**
 * The exact bytes of a manifest: what is signed and hashed.
 *
 * @param manifest The manifest.
 * @throws {DecodeError} where its policy holds what JSON cannot.
 */
export function canonicalManifest(manifest: Manifest): Uint8Array<ArrayBuffer> {
  const plain: CanonicalValue = plainCopy(manifest);
  return canonicalJson(plain);
}

/** The form admits keys of P-384 alone; here the point must lie on the curve. */
async function ownerKey(spki: string, name: string): Promise<PublicKey> {
  try {
    const key = await readPublicKey(fromHex(spki));
    if (key.kind === "P-384") return key;
  } catch (cause) {
    if (!(cause instanceof InputError)) throw cause;
    throw refuse(name, "manifest.malformed", `owner is no key: ${cause.message}`, { cause });
  }
  throw refuse(name, "manifest.malformed", "owner is no key of P-384", { key: "owner" });
}

function refuse(
  name: string,
  code: ManifestCode,
  reason: string,
  { key, cause }: { readonly key?: string; readonly cause?: unknown } = {},
): InputError {
  const fields = { file: name, ...(key === undefined ? {} : { key }) };
  return new InputError(`Cannot use manifest ${name}: ${reason}`, { code, fields, cause });
}
