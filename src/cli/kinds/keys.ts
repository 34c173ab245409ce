/**
 * Says what a key in a file is. Private halves are never shown.
 *
 * @module
 */

import { InputError } from "../../core/errors.ts";
import type { Shown, ShownRow } from "../../core/shown.ts";
import { type PublicKey, readPublicKey, readSigningKey } from "../../core/signing_key.ts";
import { readVerifierKeys } from "../../results/jwks.ts";
import { documentShown } from "./where.ts";

/** Labels of private keys in PEM, of whatever kind (RFC 7468 §10, RFC 5915 §4). */
const PRIVATE = /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----/;
const PUBLIC = /^\s*-----BEGIN (?:[A-Z0-9]+ )?PUBLIC KEY-----/;

/** Largest key in DER that is read, bytes. */
const MAX_DER = 256;

/**
 * Says what a key is.
 *
 * @param bytes The file.
 * @param text The same as text; null where it is none.
 * @returns Its description; null where it is no key in PEM or DER.
 */
export async function showKey(bytes: Uint8Array, text: string | null): Promise<Shown | null> {
  if (text !== null && PRIVATE.test(text)) {
    const key = await orNull(async () => (await readSigningKey(bytes)).publicKey);
    return key === null ? documentShown("other-private-key", []) : keyShown("private-key", key);
  }
  if (text !== null && PUBLIC.test(text)) {
    const key = await orNull(() => readPublicKey(bytes));
    return key === null ? documentShown("other-public-key", []) : keyShown("public-key", key);
  }
  if (bytes[0] !== 0x30 || bytes.length > MAX_DER) return null;
  const open = await orNull(() => readPublicKey(bytes));
  if (open !== null) return keyShown("public-key", open);
  const secret = await orNull(async () => (await readSigningKey(bytes)).publicKey);
  return secret === null ? null : keyShown("private-key", secret);
}

async function orNull<T>(read: () => Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof InputError) return null;
    throw error;
  }
}

function keyShown(kind: "public-key" | "private-key", key: PublicKey): Shown {
  const half = kind === "private-key" ? "of its public half; the private one is not shown" : "";
  const rows = [{ name: "kind", value: key.kind }, fingerprint(key, half)];
  return documentShown(kind, [{ title: "Key", rows }]);
}

function fingerprint({ id }: PublicKey, meaning: string): ShownRow {
  return { name: "fingerprint", value: id, ...(meaning === "" ? {} : { meaning }) };
}

/**
 * Says what JSON Web Keys are.
 *
 * @param bytes The file.
 * @param document The same, parsed.
 * @returns The description; null where it is no JSON Web Key, nor a set of them.
 * @throws {InputError} `results.jwks` and those of keys where it is damaged.
 */
export async function showJwks(
  bytes: Uint8Array,
  document: Readonly<Record<string, unknown>>,
): Promise<Shown | null> {
  const { keys } = document;
  const all: readonly unknown[] = Array.isArray(keys) ? keys : [document];
  const own = (name: string) => all.some((key) => Object.hasOwn(Object(key), name));
  if (!own("kty")) return null;
  if (own("d") || own("k")) return documentShown("jwks-secret", []);
  const read = await readVerifierKeys(bytes);
  const rows = read.map((key) => ({ ...fingerprint(key, ""), name: key.kind }));
  return documentShown("jwks", [{ title: "Keys that sign tokens", rows }]);
}
