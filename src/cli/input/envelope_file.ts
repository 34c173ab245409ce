/**
 * Opens what is given as an envelope, and says what it is where it is none.
 *
 * @module
 */

import type { Engine } from "../../core/crypto.ts";
import { nearest } from "../../core/decode.ts";
import { CasemateError, InputError } from "../../core/errors.ts";
import { evidenceOf } from "../../evidence/envelope/certificate.ts";
import { openEnvelope } from "../../evidence/envelope/cmw.ts";
import type { Envelope } from "../../evidence/envelope/envelope.ts";
import { technologies } from "../../evidence/registry.ts";
import { reasonOf } from "../explain.ts";
import { fileName, type FileReader, type GivenFile } from "./files.ts";
import { flagError, renamed } from "./given.ts";
import { looksLikeX509, recognise, seemsToBe } from "./recognise.ts";
import { titleOf } from "./title.ts";
import { CARRIER_KINDS, looksStated } from "./show_envelope.ts";

/** The argument, as errors name it. */
export const ENVELOPE = "ENVELOPE";

/**
 * Reads the file. A name that is nearly one of a command was meant as that, and as no path.
 *
 * @param reader Reads files.
 * @param path Path; `-` is standard input.
 * @throws {InputError} naming the argument.
 */
export async function readEnvelopeFile(reader: FileReader, path: string): Promise<GivenFile> {
  try {
    return await reader.read(ENVELOPE, path);
  } catch (error) {
    const near = nearest(path, technologies.map(({ command }) => command));
    const isUnreadable = error instanceof InputError && error.code === "input.unreadable";
    if (!isUnreadable || near === undefined) throw error;
    const name = JSON.stringify(path);
    const message =
      `Cannot verify ${name}: there is no such file, and no command of that name; did you mean ${near}?`;
    throw flagError("input.unknown", message, ENVELOPE, error);
  }
}

/**
 * Opens an envelope, a CMW record, or a certificate that carries one.
 *
 * @param engine Verification engine.
 * @param file The file.
 * @throws {InputError} `envelope.*` where it is damaged; `input.wrong_kind` where it is something else.
 * @throws {RejectedError} `x509.*` where it is a damaged certificate.
 */
export async function openEnvelopeFile(engine: Engine, file: GivenFile): Promise<Envelope> {
  try {
    const { bytes } = file;
    if (!looksLikeX509(bytes)) return openEnvelope(bytes);
    const carried = await evidenceOf(engine, bytes);
    if (carried?.kind === "envelope") return openEnvelope(carried.bytes);
    throw carriesNone(file, carried !== null);
  } catch (cause) {
    if (!(cause instanceof CasemateError) || cause.fields["flag"] !== undefined) throw cause;
    throw await refused(engine, cause, file);
  }
}

function carriesNone({ path }: GivenFile, hasQuote: boolean): InputError {
  const what = hasQuote
    ? "a bare quote without a statement; take it out, and verify it with --report-data"
    : "no evidence";
  const message = `Cannot use ${fileName(path)}: the certificate carries ${what}`;
  return flagError("envelope.absent", message, ENVELOPE);
}

/** What is an envelope is damaged; what is another file that is known is in the wrong place. */
async function refused(
  engine: Engine,
  cause: CasemateError,
  { path, bytes }: GivenFile,
): Promise<CasemateError> {
  const name = fileName(path);
  const other = await otherKind(engine, bytes);
  if (other === null) {
    return renamed(cause, `Cannot use ${name}: ${reasonOf(cause)}`, ENVELOPE);
  }
  const message =
    `Cannot use ${name}: expected an envelope, a CMW record or a certificate that carries one; it seems to be ${other}`;
  return flagError("input.wrong_kind", message, ENVELOPE, cause);
}

/** What a file is that is no envelope and was not meant as one; null where it was. */
async function otherKind(engine: Engine, bytes: Uint8Array): Promise<string | null> {
  try {
    const shown = await recognise(engine, bytes);
    if (shown === null) return looksStated(bytes) ? null : await seemsToBe(engine, bytes);
    if (CARRIER_KINDS.includes(shown.kind)) return null;
    return titleOf(shown) + (shown.usedBy === null ? "" : `; ${shown.usedBy} takes that`);
  } catch (error) {
    if (error instanceof CasemateError) return null;
    throw error;
  }
}
