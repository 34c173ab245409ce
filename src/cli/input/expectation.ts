/**
 * Reads what the evidence must answer.
 *
 * @module
 */

import { fromHex } from "../../core/bytes.ts";
import type { InputError } from "../../core/errors.ts";
import type { Expectation } from "../../verifier/expectation.ts";
import { NO_FRESHNESS_FLAG, NONCE_FLAG, REPORT_DATA_FLAG } from "../verify_flags.ts";
import { flagError, type Given } from "./given.ts";

/** The flags that every technology has, of which exactly one is given. */
const ALWAYS: readonly string[] = [NONCE_FLAG, NO_FRESHNESS_FLAG];

/** What decides how the flags are read. */
export interface ExpectationOptions {
  /** Length of the report data, bytes. */
  readonly reportDataBytes: number;
  /** Whether a nonce is padded to it; else nothing but a nonce can be expected. */
  readonly padsNonce: boolean;
  /** Whether nothing need be expected, as where only signatures are examined. */
  readonly optional: boolean;
}

/**
 * Reads `--report-data`, `--nonce` or `--no-freshness`.
 *
 * @param given The flags.
 * @param options Length, and whether all three may be absent.
 * @throws {InputError} `input.missing`, `input.conflict`, `input.value`, naming the flag.
 */
export function readExpectation(
  given: Given,
  options: ExpectationOptions,
): Expectation | undefined {
  const flags = options.padsNonce ? [REPORT_DATA_FLAG, ...ALWAYS] : ALWAYS;
  const present = flags.filter((flag) => given.has(flag)).map((flag) => `--${flag}`);
  if (present.length > 1) {
    const message = `Cannot use ${present.join(" and ")} together: evidence answers one question`;
    throw flagError("input.conflict", message, present.join(", "));
  }
  if (present.length === 0) {
    if (options.optional) return undefined;
    throw missing(options.padsNonce);
  }
  if (given.has(NO_FRESHNESS_FLAG)) return { freshness: "none" };
  const nonce = given.text(NONCE_FLAG);
  if (nonce !== undefined) {
    const range = { min: 1, max: options.reportDataBytes };
    return { nonce: refuseZeros(readHexFlag(nonce, `--${NONCE_FLAG}`, range)) };
  }
  const exact = { min: options.reportDataBytes, max: options.reportDataBytes };
  return {
    reportData: readHexFlag(given.text(REPORT_DATA_FLAG) ?? "", `--${REPORT_DATA_FLAG}`, exact),
  };
}

function missing(padsNonce: boolean): InputError {
  const flags = padsNonce ? "--nonce HEX or --report-data HEX" : "--nonce HEX";
  const message = `Cannot verify: say which question the evidence must answer with ${flags}, ` +
    "since a report without one may be old or another guest's; or take that risk with --no-freshness";
  const named = padsNonce
    ? "--nonce, --report-data or --no-freshness"
    : "--nonce or --no-freshness";
  return flagError("input.missing", message, named);
}

/** A nonce of zeros would match every report whose data nobody set. */
function refuseZeros(nonce: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  if (nonce.some((byte) => byte !== 0)) return nonce;
  const flag = `--${NONCE_FLAG}`;
  const message =
    `Cannot use ${flag}: expected bytes that nobody could know before, got zeros, which match every report that answers no question`;
  throw flagError("input.value", message, flag);
}

/**
 * Reads bytes in hex.
 *
 * @param text What was given.
 * @param flag The flag as it is typed.
 * @param length Least and most bytes.
 * @throws {InputError} `input.value`
 */
export function readHexFlag(
  text: string,
  flag: string,
  length: { readonly min: number; readonly max: number },
): Uint8Array<ArrayBuffer> {
  const wanted = length.min === length.max
    ? `${length.max} bytes in hex`
    : `${length.min} to ${length.max} bytes in hex`;
  const refuse = (actual: string): InputError =>
    flagError("input.value", `Cannot use ${flag}: expected ${wanted}, got ${actual}`, flag);
  const hex = text.trim();
  if (!/^[0-9a-fA-F]*$/.test(hex)) {
    throw refuse(`${JSON.stringify(shortened(text))}, which is not hex`);
  }
  if (hex.length % 2 !== 0) throw refuse(`an odd number of digits, ${hex.length}`);
  const bytes = fromHex(hex);
  if (bytes.length >= length.min && bytes.length <= length.max) return bytes;
  throw refuse(bytes.length === 0 ? "nothing" : `${bytes.length} bytes`);
}

function shortened(text: string): string {
  return text.length > 40 ? `${text.slice(0, 37)}...` : text;
}
