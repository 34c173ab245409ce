/**
 * A file of reference values, read whole for a person to look at.
 *
 * @module
 */

import { InputError } from "../../core/errors.ts";
import { technologies } from "../../evidence/registry.ts";
import type { ReferenceDocument } from "../../policy/reference/document.ts";
import { readReference } from "../../policy/reference/read.ts";
import { documentDigest } from "../../verifier/digests.ts";
import { readOwnerKeys } from "../collateral/key_files.ts";
import type { Context } from "../context.ts";
import { fileName, FileReader } from "../input/files.ts";
import { type Given, renamed } from "../input/given.ts";
import { readReferenceFile, type ReferenceFile } from "./file.ts";

/** The argument, as errors name it. */
const ARGUMENT = "FILE";

/** Reference values in a file. */
export interface OpenedReference {
  /** What they say. */
  readonly document: ReferenceDocument;
  /** SHA-256 of their canonical JSON, as results and signatures have it. */
  readonly digest: string;
  /** Whose word they are. */
  readonly file: ReferenceFile;
}

/**
 * Reads a file of reference values whole.
 *
 * @param context The machine.
 * @param path Path; `-` is standard input.
 * @param given The flags; of those with `--owner-key` the file must be signed where it is given.
 * @throws {InputError} naming the file and what is wrong in it.
 * @throws {RejectedError} `dsse.*` where it is not signed by the owner.
 */
export async function openReference(
  { host }: Context,
  path: string,
  given: Given | null,
): Promise<OpenedReference> {
  const reader = new FileReader(host.files);
  const keys = given === null ? [] : await readOwnerKeys(given, reader);
  const file = await readReferenceFile(reader, ARGUMENT, path, keys);
  const value = file.kind === "signed" ? file.reference.document : file.document;
  try {
    const document = readReference(value, technologies);
    return { document, digest: documentDigest(document.plain), file };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const message = error.message.replace(
      "Cannot use the reference values:",
      `Cannot use ${fileName(path)}:`,
    );
    throw renamed(error, message, ARGUMENT);
  }
}

/**
 * Whose word they are, in words.
 *
 * @param file The file.
 */
export function saysSigner(file: ReferenceFile): string {
  switch (file.kind) {
    case "signed":
      return file.reference.owner;
    case "unverified":
      return `not verified, give --owner-key; it says ${file.keys.join(", ")}`;
    case "plain":
      return "nobody: whoever gives the file answers for it";
    default:
      return file satisfies never;
  }
}
