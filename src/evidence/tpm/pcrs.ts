/**
 * Values of registers, in the forms in which tools write them.
 *
 * @module
 */

import { readPcrsJson } from "./pcrs_json.ts";
import { readPcrsSerialized } from "./pcrs_serialized.ts";
import { readPcrsText } from "./pcrs_text.ts";
import { type GivenRegister, refuse } from "./registers.ts";

/** Largest file; all registers of four banks take 15 KiB as text. */
const MAX_BYTES = 64 * 1024;

/**
 * Reads a file of values, whichever of the forms it has.
 *
 * @param file JSON as `{"sha256": {"0": "HEX"}}`, text of `tpm2_pcrread`, or the binary of `tpm2_quote --pcr`.
 * @returns The values in the order of the file, repeated ones too.
 * @throws {InputError} `input.empty`, `input.too_large`, `input.encoding`, `input.value`
 */
export function readPcrs(file: Uint8Array): readonly GivenRegister[] {
  if (file.length === 0) throw refuse("input.empty", "the file is empty");
  if (file.length > MAX_BYTES) {
    throw refuse("input.too_large", `it has more than ${MAX_BYTES} bytes`);
  }
  const text = asText(file);
  if (text === null) return readPcrsSerialized(file) ?? notKnown("bytes of another kind");
  if (/^\s*\{/.test(text)) return readPcrsJson(text);
  return readPcrsText(text) ?? notKnown(`text that begins ${JSON.stringify(text.slice(0, 24))}`);
}

/** Raw values say neither which registers they are of, nor of which bank. */
function notKnown(actual: string): never {
  const expected =
    'JSON as {"sha256": {"0": "HEX"}}, what tpm2_pcrread prints, or what tpm2_quote --pcr writes with --pcrs_format=serialized (values alone do not say which registers they are of)';
  throw refuse("input.encoding", `expected ${expected}; got ${actual}`);
}

/** Text, if all of it is ASCII. */
function asText(file: Uint8Array): string | null {
  const printable = (byte: number): boolean =>
    (byte >= 0x20 && byte < 0x7f) || byte === 0x0a || byte === 0x0d || byte === 0x09;
  return file.every(printable) ? new TextDecoder().decode(file) : null;
}
