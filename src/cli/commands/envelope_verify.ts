/**
 * `casemate evidence verify ENVELOPE`: verifies evidence with its statement.
 *
 * @module
 */

import { inlineEngine } from "../../core/crypto_inline.ts";
import { nearest } from "../../core/decode.ts";
import { InputError } from "../../core/errors.ts";
import { evidenceOf } from "../../evidence/envelope/certificate.ts";
import { openEnvelope } from "../../evidence/envelope/cmw.ts";
import type { Envelope } from "../../evidence/envelope/envelope.ts";
import type { AnyTechnology } from "../../evidence/evidence.ts";
import { technologies } from "../../evidence/registry.ts";
import { examine } from "../../verifier/examine.ts";
import type { Result } from "../../verifier/result.ts";
import type { Context } from "../context.ts";
import { endorsementInputs, VARIANT_IDS } from "../input/endorsements.ts";
import { fileName, FileReader, type GivenFile } from "../input/files.ts";
import { flagError, type Given } from "../input/given.ts";
import { VARIANT_FLAG } from "../verify_flags.ts";
import { answer, byRole, readInputs, readTerms, requestOf } from "./evidence_verify.ts";

/** The argument, as errors name it. */
const ARGUMENT = "ENVELOPE";

/**
 * Verifies an envelope, a CMW record or a certificate that carries one.
 *
 * @param context The machine.
 * @param path Path; `-` is standard input.
 * @param given The flags.
 * @throws {InputError} naming the argument or the flag to look at.
 */
export async function verifyEnvelope(
  context: Context,
  path: string | undefined,
  given: Given,
): Promise<void> {
  if (path === undefined) throw missing();
  const reader = new FileReader(context.host.files);
  const file = await readNamed(reader, path);
  const envelope = await open(file);
  const technology = technologyOf(envelope, given);
  const terms = await readTerms(context, technology, given, { reader, stated: true });
  const added = await readInputs({ files: endorsementInputs() }, given, reader);
  const evidence = { ...envelope.files, ...byRole(added.filter(({ files }) => files.length > 0)) };
  const { statement } = envelope;
  const request = requestOf({ ...terms, variant: technology.id, evidence, statement });
  const result = await examineNamed(request, file);
  answer(context, result, given, { technology, files: [] });
}

function missing(): InputError {
  const message = `Cannot verify: give an envelope, or say what the files are of: ${
    technologies.map(({ command }) => command).join(", ")
  }`;
  return flagError("input.missing", message, ARGUMENT);
}

/** A name that is nearly one of a technology was meant as that, and no path. */
async function readNamed(reader: FileReader, path: string): Promise<GivenFile> {
  try {
    return await reader.read(ARGUMENT, path);
  } catch (error) {
    const near = nearest(path, technologies.map(({ command }) => command));
    const isUnreadable = error instanceof InputError && error.code === "input.unreadable";
    if (!isUnreadable || near === undefined) throw error;
    const message = `Cannot verify ${
      JSON.stringify(path)
    }: there is no such file, and no technology of that name; did you mean ${near}?`;
    throw flagError("input.unknown", message, ARGUMENT, error);
  }
}

async function open(file: GivenFile): Promise<Envelope> {
  try {
    const carried = isCertificate(file.bytes)
      ? await evidenceOf(inlineEngine, file.bytes)
      : { kind: "envelope" as const, bytes: file.bytes };
    if (carried?.kind === "envelope") return openEnvelope(carried.bytes);
  } catch (cause) {
    throw named(cause, file);
  }
  const message = `Cannot use ${
    fileName(file.path)
  }: the certificate carries no envelope; a bare quote in it is verified as its technology, with --report-data`;
  throw flagError("envelope.absent", message, ARGUMENT);
}

/** PEM, or a DER SEQUENCE; envelopes are JSON, CMW records JSON or a CBOR array. */
function isCertificate(bytes: Uint8Array): boolean {
  return bytes[0] === 0x30 || new TextDecoder().decode(bytes.subarray(0, 11)) === "-----BEGIN ";
}

function technologyOf({ variant }: Envelope, given: Given): AnyTechnology {
  const wanted = given.text(VARIANT_FLAG);
  const technology = technologies.find(({ id, facts }) => id === variant && facts !== undefined);
  if (technology === undefined) {
    const message = `Cannot verify an envelope of ${JSON.stringify(variant)}: known are ${
      VARIANT_IDS.join(", ")
    }`;
    throw flagError("envelope.variant", message, ARGUMENT);
  }
  if (wanted === undefined || wanted === variant) return technology;
  const message =
    `Cannot use the envelope: it is of ${variant}, and --${VARIANT_FLAG} says ${wanted}`;
  throw flagError("input.conflict", message, `--${VARIANT_FLAG}`);
}

async function examineNamed(
  request: Parameters<typeof examine>[1],
  file: GivenFile,
): Promise<Result> {
  try {
    return await examine(inlineEngine, request);
  } catch (error) {
    throw named(error, file);
  }
}

/** What is wrong with something in the envelope is told with the envelope's name. */
function named(error: unknown, { path }: GivenFile): unknown {
  if (!(error instanceof InputError) || error.fields["flag"] !== undefined) return error;
  return new InputError(`Cannot use ${fileName(path)}: ${error.message}`, {
    code: error.code,
    fields: { ...error.fields, flag: ARGUMENT },
    cause: error,
  });
}
