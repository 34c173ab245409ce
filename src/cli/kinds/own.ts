/**
 * Holds a file to the kind that its place takes: another that is known is told
 * as that, with where it goes.
 *
 * @module
 */

import { CasemateError, type InputError } from "../../core/errors.ts";
import type { Shown } from "../../core/shown.ts";
import { titleOf } from "../input/title.ts";
import { fileName, type FileReader, type GivenFile } from "../input/files.ts";
import { flagError } from "../input/given.ts";

/** Largest file that is looked at to say what it is, bytes: an audit bundle. */
export const MAX_KNOWN_BYTES = 32 * 1024 * 1024;

/** Kinds that are taken as policies. */
export const POLICY_KINDS: readonly string[] = ["policy", "pinning-policy", "pinned-values"];

/** Kinds that are taken as reference values; of what is nearly that, its one wrong key is told. */
export const REFERENCE_KINDS: readonly string[] = [
  "reference-values",
  "signed-reference-values",
  "pinning-policy",
  "pinned-values",
];

/** Kinds that are read as public keys, so that what is wrong with them is told as that of a key. */
export const PUBLIC_KEY_KINDS: readonly string[] = ["public-key", "other-public-key"];

/** Kinds that are read as private keys. */
export const PRIVATE_KEY_KINDS: readonly string[] = ["private-key", "other-private-key"];

/** What a place takes. */
export interface Place {
  /** The flag or the argument as it is typed. */
  readonly flag: string;
  /** Most bytes. */
  readonly limit: number;
  /** Kinds that belong there, as `evidence show` names them. */
  readonly kinds: readonly string[];
}

/**
 * Reads a file and does something with it.
 *
 * @param reader Reads files.
 * @param path Path; `-` is standard input.
 * @param place What belongs there.
 * @param work What is done; where it fails, it is looked what the file is.
 * @throws {InputError} `input.wrong_kind` where it is known to belong elsewhere; what reading and work throw.
 */
export async function readOwn<T>(
  reader: FileReader,
  path: string,
  place: Place,
  work: (file: GivenFile) => T | Promise<T>,
): Promise<T> {
  const { flag, limit } = place;
  const file = await reader.read(flag, path, Math.max(limit, MAX_KNOWN_BYTES));
  try {
    if (file.bytes.length > limit) throw tooLarge(file, limit);
    return await work(file);
  } catch (cause) {
    if (!(cause instanceof CasemateError) || cause.code === "input.wrong_kind") throw cause;
    throw await wrongKind(file, place.kinds, cause) ?? cause;
  }
}

/**
 * Says that a file has more bytes than are read, as the host does.
 *
 * @param file The file.
 * @param limit Most bytes.
 */
export function tooLarge({ path, flag }: GivenFile, limit: number): InputError {
  const message = `Cannot read ${fileName(path)}: it has more than ${limit} bytes`;
  return flagError("input.too_large", message, flag);
}

/**
 * The error about a file that belongs elsewhere; null where nobody knows it, it
 * is damaged, or it is of a kind that belongs there.
 *
 * @param file The file.
 * @param kinds Kinds that belong there.
 * @param cause What failed.
 */
export async function wrongKind(
  file: GivenFile,
  kinds: readonly string[],
  cause?: CasemateError,
): Promise<InputError | null> {
  const { inlineEngine } = await import("../../core/crypto_inline.ts");
  const { recognise } = await import("../input/recognise.ts");
  try {
    const shown = await recognise(inlineEngine, file.bytes);
    return shown === null || kinds.includes(shown.kind) ? null : misplaced(file, shown, cause);
  } catch (error) {
    // Damaged: what its place says of it tells more.
    if (error instanceof CasemateError) return null;
    throw error;
  }
}

/**
 * The error about a file of a kind that belongs elsewhere.
 *
 * @param file The file.
 * @param shown What it is.
 * @param cause What failed.
 */
export function misplaced(
  { path, flag }: GivenFile,
  shown: Shown,
  cause?: CasemateError,
): InputError {
  const place = flag.startsWith("--") ? ` for ${flag}` : "";
  const hint = shown.usedBy === null ? "" : `; ${shown.usedBy} takes that`;
  const message = `Cannot use ${fileName(path)}${place}: it seems to be ${titleOf(shown)}${hint}`;
  return flagError("input.wrong_kind", message, flag, cause);
}
