/**
 * Counts and secrets that flags name.
 *
 * @module
 */

import type { FileReader } from "../input/files.ts";
import { flagError, type Given } from "../input/given.ts";
import { NONCE_SECRET_FLAG } from "./flags.ts";

/** Least bytes of a secret: those of the hash it goes into. */
const MIN_SECRET = 32;

/** Most bytes of it. */
const MAX_SECRET = 4096;

/**
 * Reads a count.
 *
 * @param given The flags.
 * @param flag Name without dashes.
 * @param least The least that makes sense.
 * @returns Undefined where it is not given.
 * @throws {InputError} `input.value`
 */
export function readCount(given: Given, flag: string, least: number): number | undefined {
  const text = given.text(flag);
  if (text === undefined) return undefined;
  if (/^(0|[1-9]\d{0,5})$/.test(text) && Number(text) >= least) return Number(text);
  const message = `Cannot use --${flag} ${
    JSON.stringify(text)
  }: expected a number from ${least} to 999999`;
  throw flagError("input.value", message, `--${flag}`);
}

/**
 * Reads the secret that nonces are made with.
 *
 * @param given The flags.
 * @param reader Reads files.
 * @returns Null where each start has its own.
 * @throws {InputError} `input.value`
 */
export async function readNonceSecret(
  given: Given,
  reader: FileReader,
): Promise<Uint8Array | null> {
  const path = given.text(NONCE_SECRET_FLAG);
  if (path === undefined) return null;
  const flag = `--${NONCE_SECRET_FLAG}`;
  const { bytes } = await reader.read(flag, path, MAX_SECRET);
  if (bytes.length >= MIN_SECRET) return bytes;
  const message =
    `Cannot use ${flag}: it has ${bytes.length} bytes, expected ${MIN_SECRET} or more`;
  throw flagError("input.value", message, flag);
}
