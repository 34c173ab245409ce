/**
 * Files of a lab: made once, read strictly.
 *
 * @module
 */

import { DecodeError, type Decoder } from "../../core/decode.ts";
import { InputError } from "../../core/errors.ts";
import type { LabFolders } from "../../core/lab_ports.ts";
import { parseStrictJson } from "../../core/strict_json.ts";
import type { LabCode } from "../../lab/codes.ts";

/** Where files are. */
export interface FilePlace {
  /** The computer's folders. */
  readonly folders: Pick<LabFolders, "read" | "write">;
}

/**
 * Content of a file that is made once: what an earlier run made stays.
 *
 * @param place Where files are.
 * @param path Where.
 * @param make Makes the content.
 */
export async function ensureFile(
  { folders }: FilePlace,
  path: string,
  make: () => Promise<Uint8Array>,
): Promise<Uint8Array> {
  const there = await folders.read(path);
  if (there !== null) return there;
  const made = await make();
  await folders.write(path, made);
  return made;
}

/**
 * Text as a file holds it.
 *
 * @param text The text.
 */
export function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

/**
 * JSON as a file holds it.
 *
 * @param value Plain data.
 */
export function jsonBytes(value: object): Uint8Array<ArrayBuffer> {
  return bytesOf(`${JSON.stringify(value)}\n`);
}

/**
 * Content of a file that must be there.
 *
 * @param place Where files are.
 * @param path Where.
 * @throws {InputError} `lab.damaged`
 */
export async function readWhole(
  { folders }: FilePlace,
  path: string,
): Promise<Uint8Array> {
  const bytes = await folders.read(path);
  if (bytes !== null) return bytes;
  throw damaged(path, "it does not exist");
}

/**
 * Reads a file of JSON.
 *
 * @param place Where files are.
 * @param path Where.
 * @param form Its form.
 * @throws {InputError} `lab.damaged`
 */
export async function readJson<T>(
  place: FilePlace,
  path: string,
  form: Decoder<T>,
): Promise<T> {
  const bytes = await readWhole(place, path);
  try {
    return form.decode(parseStrictJson(bytes), "");
  } catch (cause) {
    if (!(cause instanceof DecodeError || cause instanceof SyntaxError)) throw cause;
    const where = cause instanceof DecodeError && cause.path !== "" ? `${cause.path} ` : "";
    throw damaged(path, `${where}${cause.message}`, cause);
  }
}

function damaged(path: string, reason: string, cause?: unknown): InputError {
  const code: LabCode = "lab.damaged";
  const message = `Cannot read ${path}: ${reason}`;
  return new InputError(message, { code, fields: { file: path }, cause });
}
