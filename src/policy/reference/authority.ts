/**
 * Who may say what should run, and how a file shows that it is their word.
 *
 * @module
 */

import { canonicalJson, type CanonicalValue } from "../../core/canonical_json.ts";
import { looksLikeDsse, readDsse, signDsse, verifyDsse } from "../../core/dsse.ts";
import type { PublicKey, SigningKey } from "../../core/signing_key.ts";

/** Type of signed reference values: a signature for another purpose is none for this. */
export const REFERENCE_MEDIA_TYPE = "application/vnd.casemate.reference-values+json";

/** What an authority stands for. */
export interface Authenticated {
  /** Exact bytes that were signed. */
  readonly payload: Uint8Array<ArrayBuffer>;
  /** Who signed: of a key SHA-256 of its SubjectPublicKeyInfo, hex. */
  readonly owner: string;
  /** The key, DER of SubjectPublicKeyInfo; null where the authority is no key. */
  readonly key: Uint8Array | null;
}

/** Somebody whose word on reference values counts. */
export interface ReferenceAuthority {
  /**
   * Whether a file is in the form that this authority signs; nothing is verified.
   *
   * @param bytes Any file.
   */
  recognises(bytes: Uint8Array): boolean;
  /**
   * Gives what was signed.
   *
   * @param bytes The file.
   * @param name What to call it in errors, as its path.
   * @throws {InputError} where the file is damaged.
   * @throws {RejectedError} where it is signed by somebody else, or for another purpose.
   */
  authenticate(bytes: Uint8Array, name: string): Promise<Authenticated>;
}

/**
 * Owners by their keys, who sign DSSE envelopes.
 *
 * @param keys Their public keys, at least one; any of them is enough.
 * @throws {RangeError} without keys.
 */
export function ownerAuthority(keys: readonly PublicKey[]): ReferenceAuthority {
  if (keys.length === 0) throw new RangeError("Cannot authenticate reference values: no key");
  return {
    recognises: looksLikeDsse,
    async authenticate(bytes, name) {
      const { payload, by } = await verifyDsse(readDsse(bytes, name), REFERENCE_MEDIA_TYPE, keys);
      return { payload, owner: by.id, key: by.spki };
    },
  };
}

/**
 * Signs reference values.
 *
 * @param document The document as plain data; its form is read by whoever uses it.
 * @param keys Keys that sign, at least one.
 * @returns A DSSE envelope, JSON.
 * @throws {RangeError} on what JSON cannot hold, and on numbers that are not whole.
 */
export async function signReference(
  document: CanonicalValue,
  keys: readonly SigningKey[],
): Promise<Uint8Array<ArrayBuffer>> {
  return await signDsse(REFERENCE_MEDIA_TYPE, canonicalJson(document), keys);
}
