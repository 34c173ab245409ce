/**
 * Keys and roots in variables: PEM blocks, one after the other.
 *
 * @module
 */

import type { TokenKeys } from "../api/parts.ts";
import { type PublicKey, readPublicKey, readSigningKey } from "../core/signing_key.ts";
import { misconfigured, settingUp } from "./misconfigured.ts";
import type { Settings } from "./settings.ts";

const BLOCK = /-----BEGIN ([A-Z ]+)-----[\sA-Za-z0-9+/=]+-----END \1-----/g;

/**
 * Keys of tokens.
 *
 * @param settings How the Worker is set up.
 * @returns Null where none are signed.
 * @throws {InputError} `api.misconfigured`
 */
export async function tokenKeysOf(settings: Settings): Promise<TokenKeys | null> {
  const { tokenKey, publishedKeys, issuer, tokenProfile: profile } = settings;
  const others = await publicKeysOf("PUBLISHED_KEYS", publishedKeys);
  if (tokenKey === null || issuer === null) {
    if (others.length === 0) return null;
    throw misconfigured("PUBLISHED_KEYS", "no tokens are signed, since TOKEN_KEY is missing");
  }
  const signer = await settingUp("TOKEN_KEY", () => readSigningKey(bytesOf(tokenKey)));
  return { signer, others, issuer, profile };
}

/**
 * Public keys.
 *
 * @param name What they are of, for errors.
 * @param text PEM blocks; none where there are none.
 * @throws {InputError} `api.misconfigured`
 */
export async function publicKeysOf(name: string, text: string): Promise<readonly PublicKey[]> {
  const keys: PublicKey[] = [];
  for (const block of blocksOf(name, text)) {
    keys.push(await settingUp(name, () => readPublicKey(bytesOf(block))));
  }
  return keys;
}

/**
 * PEM blocks in a text, each by itself.
 *
 * @param name What they are of, for errors.
 * @param text The text.
 * @throws {InputError} `api.misconfigured` where something else stands between them.
 */
export function blocksOf(name: string, text: string): readonly string[] {
  const blocks = text.match(BLOCK) ?? [];
  if (text.replaceAll(BLOCK, "").trim() === "") return blocks;
  throw misconfigured(name, "expected PEM, one block after the other");
}

/**
 * Text as a file has it.
 *
 * @param text The text.
 */
export function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}
