/**
 * Writing a file that a flag names, or standard output.
 *
 * @module
 */

import { InputError } from "../../core/errors.ts";
import { MAX_FILE_BYTES } from "../../core/limits.ts";
import type { Host } from "../../core/ports.ts";
import { flagError, renamed } from "../input/given.ts";

/**
 * Writes a new file; nothing is overwritten.
 *
 * @param host The machine.
 * @param path Where.
 * @param content What.
 * @param options The flag that names it, and whether only the owner may read it.
 * @throws {InputError} `input.unwritable`, naming the flag.
 */
export async function writeNew(
  { files }: Host,
  path: string,
  content: Uint8Array | string,
  { flag, secret = false }: { readonly flag: string; readonly secret?: boolean },
): Promise<void> {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  try {
    await files.write(path, bytes, secret);
  } catch (cause) {
    throw cause instanceof InputError ? renamed(cause, cause.message, flag) : cause;
  }
}

/**
 * Refuses a file that is there, before work is done whose half would remain.
 *
 * @param host The machine.
 * @param path Where.
 * @param flag The flag that names it.
 * @throws {InputError} `input.unwritable`
 */
export async function refuseThere({ files }: Host, path: string, flag: string): Promise<void> {
  const there = await files.read(path, MAX_FILE_BYTES).then(() => true, (error: unknown) => {
    if (error instanceof InputError) return error.code === "input.too_large";
    throw error;
  });
  if (!there) return;
  const message = `Cannot write ${path}: it exists already, and nothing is overwritten`;
  throw flagError("input.unwritable", message, flag);
}
