/**
 * Refusals of the engines as errors that a caller can act on.
 *
 * @module
 */

import { CORE_CODES } from "./codes.ts";
import { type CasemateError, type ErrorFields, InputError, RejectedError } from "./errors.ts";

/** Most characters of a text that explains, as in the WASM module: it may quote what stands in a file. */
const MAX_TEXT = 500;

/**
 * What an engine refused, as an error of the class that its code belongs to.
 *
 * @param code Stable code, as `snp.signature_mismatch`.
 * @param given What explains it, as text by name; cut to what a person reads, and without controls of a terminal.
 */
export function refusal(code: string, given: ErrorFields): CasemateError {
  const texts = Object.entries(given).map(([name, text]) => [name, readable(text)] as const);
  const fields: ErrorFields = Object.fromEntries(texts);
  const core = Object.entries(CORE_CODES).find(([known]) => known === code)?.[1];
  const message = `${core?.says ?? "Cannot accept the evidence"}${explain(fields)}`;
  if (code.startsWith("input.")) return new InputError(message, { code, fields });
  return new RejectedError(message, { code, fields });
}

function readable(text: string): string {
  const escaped = text.replaceAll(/\p{Cc}/gu, escape);
  if (escaped.length <= MAX_TEXT) return escaped;
  const characters = [...escaped];
  return characters.length <= MAX_TEXT ? escaped : `${characters.slice(0, MAX_TEXT).join("")}…`;
}

function escape(character: string): string {
  return `\\u{${character.charCodeAt(0).toString(16)}}`;
}

/** Fields as the tail of a sentence: `: expected 1184 bytes, actual 1183 bytes`. */
function explain(fields: ErrorFields): string {
  const parts = Object.entries(fields).map(([name, value]) => `${name} ${value}`);
  return parts.length === 0 ? "" : `: ${parts.join(", ")}`;
}
