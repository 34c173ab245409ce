/**
 * Errors as parts of sentences, in the words of the table of codes.
 *
 * @module
 */

import type { CasemateError } from "../core/errors.ts";
import { allCodes } from "./code_table.ts";

/** Fields that say where, not what: the sentence around names the file and the flag. */
const PLACES: readonly string[] = ["input", "file", "flag", "role"];

/**
 * What is wrong with a file, to stand after "Cannot use F:", as `it is not in an
 * encoding that is read here (neither DER nor PEM)`.
 *
 * @param error What the engine or a technology said of it.
 */
export function reasonOf(error: CasemateError): string {
  const says = allCodes().get(error.code)?.says ?? error.message;
  const details = Object.entries(error.fields)
    .filter(([name]) => !PLACES.includes(name))
    .map(([name, value]) => name === "reason" ? value : `${name} ${value}`);
  return asClause(says) + (details.length === 0 ? "" : ` (${details.join(", ")})`);
}

/** A sentence as the end of another: what it calls the input or the file is "it". */
function asClause(sentence: string): string {
  const about = sentence.replace(/^The (?:input|file) /, "it ");
  // An acronym at the start stays as it is.
  return /^[A-Z]{2}/.test(about) ? about : about.charAt(0).toLowerCase() + about.slice(1);
}
