/**
 * The file of a bundle: signed, or with nobody's word for its age.
 *
 * @module
 */

import { looksLikeDsse, MAX_DSSE_BYTES, readDsse, signDsse, verifyDsse } from "../core/dsse.ts";
import { InputError } from "../core/errors.ts";
import type { PublicKey, SigningKey } from "../core/signing_key.ts";
import { type Bundle, BUNDLE_TYPE, readBundle, writeBundle } from "./bundle.ts";

/** Most bytes of a bundle's file. */
export const MAX_BUNDLE_BYTES: number = MAX_DSSE_BYTES;

/** A bundle whose file was opened. */
export interface OpenedBundle extends Bundle {
  /** Who signed it and so vouches for its dates; null where nobody does. */
  readonly by: PublicKey | null;
}

/** Whose word is enough. */
export interface OpenOptions {
  /** Keys that are accepted; none where `unsigned` is. */
  readonly keys: readonly PublicKey[];
  /** Whether nobody's word is needed: what is in it then counts as confirmed on the day of its issue. */
  readonly unsigned: boolean;
}

/**
 * Writes the file of a bundle.
 *
 * @param bundle What it holds.
 * @param keys Keys that sign; none leaves it unsigned.
 * @throws {InputError} `input.too_large` where it is larger than what is read again.
 */
export async function writeBundleFile(
  bundle: Bundle,
  keys: readonly SigningKey[],
): Promise<Uint8Array<ArrayBuffer>> {
  const payload = writeBundle(bundle);
  const file = keys.length === 0 ? payload : await signDsse(BUNDLE_TYPE, payload, keys);
  if (file.length > MAX_BUNDLE_BYTES) {
    const fields = { actual: `${file.length} bytes`, expected: `at most ${MAX_BUNDLE_BYTES}` };
    throw new InputError(
      `Cannot write one bundle of ${fields.actual}: ${fields.expected} are read again; export keys in parts`,
      { code: "input.too_large", fields },
    );
  }
  return file;
}

/**
 * Opens the file of a bundle. What it holds is still to be authenticated, thing by thing.
 *
 * @param file The file.
 * @param name What to call it in errors, as its path.
 * @param options Whose word is enough.
 * @throws {InputError} `collateral.bundle_form`, `collateral.bundle_unsigned`, `dsse.malformed`, `input.too_large`
 * @throws {RejectedError} `dsse.type`, `dsse.key`, `dsse.signature`
 */
export async function openBundleFile(
  file: Uint8Array,
  name: string,
  { keys, unsigned }: OpenOptions,
): Promise<OpenedBundle> {
  if (!looksLikeDsse(file)) {
    if (!unsigned) throw refuseUnsigned(`${name} is not signed`, name);
    return { ...readBundle(file, name), by: null };
  }
  const envelope = readDsse(file, name);
  if (unsigned) return { ...readBundle(envelope.payload, name), by: null };
  if (keys.length === 0) throw refuseUnsigned(`no key says whose ${name} may be`, name);
  const { payload, by } = await verifyDsse(envelope, BUNDLE_TYPE, keys);
  return { ...readBundle(payload, name), by };
}

function refuseUnsigned(problem: string, name: string): InputError {
  return new InputError(`Cannot use the bundle: ${problem}`, {
    code: "collateral.bundle_unsigned",
    fields: { file: name },
  });
}
