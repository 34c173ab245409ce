/**
 * `casemate evidence show FILE`: what a file is and holds. Nothing of it is verified.
 *
 * @module
 */

import { inlineEngine } from "../../core/crypto_inline.ts";
import { CasemateError } from "../../core/errors.ts";
import { MAX_FILE_BYTES } from "../../core/limits.ts";
import type { Context, Format } from "../context.ts";
import { reasonOf } from "../explain.ts";
import { fileName, FileReader, type GivenFile } from "../input/files.ts";
import { flagError, renamed } from "../input/given.ts";
import { recognise, unknownKind } from "../input/recognise.ts";
import { MAX_KNOWN_BYTES, tooLarge } from "../kinds/own.ts";
import { printableJson } from "../output/printable.ts";
import { renderShown } from "../output/shown.ts";

/** The argument, as errors name it. */
const ARGUMENT = "FILE";

/** What is told from other files. */
const KNOWN: readonly string[] = [
  "the files that the commands of casemate evidence verify take",
  "envelopes, bare, in CMW records and in certificates",
  "statements",
  "X.509 certificates and revocation lists",
  "policies, reference values, bundles, tokens, keys and results",
];

/**
 * Shows a file.
 *
 * @param context The machine.
 * @param path Path; `-` is standard input.
 * @param format Form of the answer.
 * @throws {InputError} `input.wrong_kind` where nobody knows the file.
 * @throws {RejectedError} the precise code where it is known, but damaged.
 */
export async function showEvidence({ host }: Context, path: string, format: Format): Promise<void> {
  const file = await new FileReader(host.files).read(ARGUMENT, path, MAX_KNOWN_BYTES);
  const shown = await recogniseNamed(file);
  if (shown === null) throw notKnown(file);
  const { terminal } = host;
  terminal.out(
    format === "json" ? `${printableJson({ v: 1, ...shown })}\n` : renderShown(shown, terminal),
  );
}

async function recogniseNamed({ path, bytes }: GivenFile): ReturnType<typeof recognise> {
  try {
    return await recognise(inlineEngine, bytes);
  } catch (cause) {
    if (!(cause instanceof CasemateError)) throw cause;
    throw renamed(cause, `Cannot show ${fileName(path)}: ${reasonOf(cause)}`, ARGUMENT);
  }
}

function notKnown(file: GivenFile): Error {
  const { path, bytes } = file;
  // No evidence is as large as some documents may be.
  if (bytes.length > MAX_FILE_BYTES) return tooLarge(file, MAX_FILE_BYTES);
  const message = `Cannot tell what ${fileName(path)} is: ${unknownKind(bytes)}; known here are ${
    KNOWN.join("; ")
  }`;
  return flagError("input.wrong_kind", message, ARGUMENT);
}
