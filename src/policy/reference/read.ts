/**
 * Reads a document of reference values.
 *
 * @module
 */

import { DecodeError } from "../../core/decode.ts";
import { InputError } from "../../core/errors.ts";
import type { AnyTechnology } from "../../evidence/evidence.ts";
import { referenceDecoder, type ReferenceDocument } from "./document.ts";

/**
 * Reads reference values strictly, all variants of them.
 *
 * @param value The document as plain data.
 * @param technologies Technologies whose sections are known.
 * @throws {InputError} `policy.version`, `policy.unknown_key`, `policy.value`, naming the key.
 */
export function readReference(
  value: unknown,
  technologies: readonly AnyTechnology[],
): ReferenceDocument {
  try {
    return referenceDecoder(technologies).decode(value, "");
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    const key = error.path === "" ? "the document" : error.path;
    throw referenceError(codeOf(error), `${key} ${error.message}`, key, error);
  }
}

function codeOf({ reason, path }: DecodeError): string {
  if (reason === "unknown_key") return "policy.unknown_key";
  return path === "version" ? "policy.version" : "policy.value";
}

/**
 * An error about reference values; its field `policy` tells it from one about a policy.
 *
 * @param code Code of class `input`.
 * @param problem What is wrong.
 * @param key The key to look at.
 * @param cause What caused it.
 */
export function referenceError(
  code: string,
  problem: string,
  key: string,
  cause?: unknown,
): InputError {
  return new InputError(`Cannot use the reference values: ${problem}`, {
    code,
    fields: { policy: "reference", key },
    cause,
  });
}
