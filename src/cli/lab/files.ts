/**
 * The files of minted evidence.
 *
 * @module
 */

import { InputError } from "../../core/errors.ts";
import { MAX_FILE_BYTES } from "../../core/limits.ts";
import type { Host } from "../../core/ports.ts";
import { flagError, renamed } from "../input/given.ts";

/** The flag that names the folder. */
const FLAG = "--out";

/** Name of the file with the lab's keys. */
const KEYS_NAME = "lab-authority.json";

/** A file to be written. */
export interface NewFile {
  /** Where. */
  readonly path: string;
  /** What. */
  readonly bytes: Uint8Array;
}

/**
 * A file of minted evidence.
 *
 * @param folder Its folder.
 * @param name Its name.
 * @param content What it holds.
 */
export function newFile(folder: string, name: string, content: Uint8Array | string): NewFile {
  return {
    path: `${folder}/${name}`,
    bytes: typeof content === "string" ? new TextEncoder().encode(content) : content,
  };
}

/**
 * Refuses a folder that holds any of the files, before keys are made, which
 * takes seconds, and before some of them are written and the rest is not.
 * Writing refuses again, without a gap in time.
 *
 * @param host The machine.
 * @param folder The folder.
 * @param names Names of the files.
 * @param keys Whether keys are to be written too.
 * @throws {InputError} `input.unwritable`
 */
export async function refuseExisting(
  host: Host,
  folder: string,
  names: Readonly<Record<string, string>>,
  keys: boolean,
): Promise<void> {
  for (const name of [...Object.values(names), ...(keys ? [KEYS_NAME] : [])]) {
    const path = `${folder}/${name}`;
    if (!await isReadable(host, path)) continue;
    const message = `Cannot write ${path}: it exists already, and nothing is overwritten`;
    throw flagError("input.unwritable", message, FLAG);
  }
}

async function isReadable(host: Host, path: string): Promise<boolean> {
  try {
    await host.files.read(path, MAX_FILE_BYTES);
    return true;
  } catch (error) {
    if (error instanceof InputError) return false;
    throw error;
  }
}

/**
 * Writes the files.
 *
 * @param host The machine.
 * @param files The files.
 * @throws {InputError} `input.unwritable`, naming the flag.
 */
export async function writeFiles(
  host: Host,
  files: Readonly<Record<string, NewFile>>,
): Promise<void> {
  for (const file of Object.values(files)) await writeNamed(host, file, false);
}

/**
 * Writes the lab's private keys, for their owner alone, so that a later run can
 * mint under the same root.
 *
 * @param host The machine.
 * @param folder The folder.
 * @param stored Stored form of the authority.
 * @throws {InputError} `input.unwritable`, naming the flag.
 */
export async function writeKeys(host: Host, folder: string, stored: object): Promise<void> {
  const text = `${JSON.stringify(stored)}\n`;
  await writeNamed(host, {
    path: `${folder}/${KEYS_NAME}`,
    bytes: new TextEncoder().encode(text),
  }, true);
}

async function writeNamed(host: Host, { path, bytes }: NewFile, secret: boolean): Promise<void> {
  try {
    await host.files.write(path, bytes, secret);
  } catch (cause) {
    throw cause instanceof InputError ? renamed(cause, cause.message, FLAG) : cause;
  }
}
