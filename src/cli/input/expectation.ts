/**
 * Reads what the evidence must answer.
 *
 * @module
 */

import { fromHex } from "../../core/bytes.ts";
import type { InputError } from "../../core/errors.ts";
import type { Expectation } from "../../verifier/expectation.ts";
import { NONCE_BYTES } from "../../evidence/statement/binding.ts";
import type { StatementExpectation } from "../../evidence/statement/expectation.ts";
import {
  NO_FRESHNESS_FLAG,
  NONCE_FLAG,
  REPORT_DATA_FLAG,
  STATEMENT_FLAG,
  STATEMENT_FLAGS,
} from "../verify_flags.ts";
import { flagError, type Given } from "./given.ts";

/** What decides how the flags are read. */
export interface ExpectationOptions {
  /** Length of the report data, bytes. */
  readonly reportDataBytes: number;
  /** Whether a nonce is padded to it; else nothing but a nonce can be expected. */
  readonly padsNonce: boolean;
  /** Length of report data that stand beside what answers the nonce, bytes; absent where there are none. */
  readonly reportDataBeside?: number;
  /** Whether the evidence comes with a statement. */
  readonly stated: boolean;
  /** Whether nothing need be expected, as where only signatures are examined. */
  readonly optional: boolean;
}

/**
 * Reads `--report-data`, `--nonce`, `--no-freshness` and what a statement must say.
 *
 * @param given The flags.
 * @param options Lengths, and whether all of them may be absent.
 * @throws {InputError} `input.missing`, `input.conflict`, `input.value`, naming the flag.
 */
export function readExpectation(
  given: Given,
  options: ExpectationOptions,
): Expectation | undefined {
  const about = readStatementFlags(given, options);
  const present = flagsOf(options).filter((flag) => given.has(flag));
  refuseSeveral(present, options);
  if (present.length === 0) {
    if (!options.optional) throw missing(options);
    refuseUnasked(given);
    return undefined;
  }
  refuseUnasked(given);
  if (given.has(NO_FRESHNESS_FLAG)) return { freshness: "none" };
  const nonce = given.text(NONCE_FLAG);
  const data = given.maybe(REPORT_DATA_FLAG);
  const exact = options.reportDataBeside ?? options.reportDataBytes;
  const readData = (text: string): Uint8Array<ArrayBuffer> =>
    readHexFlag(text, `--${REPORT_DATA_FLAG}`, { min: exact, max: exact });
  if (nonce === undefined) return { reportData: readData(data ?? "") };
  const range = options.stated
    ? { min: NONCE_BYTES, max: NONCE_BYTES }
    : { min: 1, max: options.reportDataBytes };
  return {
    nonce: refuseZeros(readHexFlag(nonce, `--${NONCE_FLAG}`, range)),
    ...(data === undefined ? {} : { reportData: readData(data) }),
    ...about,
  };
}

/** The flags that can say what the evidence answers. */
function flagsOf({ padsNonce, reportDataBeside, stated }: ExpectationOptions): readonly string[] {
  const takesData = (padsNonce || reportDataBeside !== undefined) && !stated;
  return takesData
    ? [REPORT_DATA_FLAG, NONCE_FLAG, NO_FRESHNESS_FLAG]
    : [NONCE_FLAG, NO_FRESHNESS_FLAG];
}

/** Evidence answers one question; two parts without a statement answer one each. */
function refuseSeveral(present: readonly string[], options: ExpectationOptions): void {
  const pieces = options.reportDataBeside !== undefined && !options.stated;
  const both = pieces && present.includes(NONCE_FLAG) && present.includes(REPORT_DATA_FLAG);
  const typed = present.map((flag) => `--${flag}`);
  if (present.length > 1 && !(both && present.length === 2)) {
    const message = `Cannot use ${typed.join(" and ")} together: evidence answers one question`;
    throw flagError("input.conflict", message, typed.join(", "));
  }
  if (!pieces || both || present.includes(NO_FRESHNESS_FLAG) || present.length === 0) return;
  const other = present.includes(NONCE_FLAG) ? REPORT_DATA_FLAG : NONCE_FLAG;
  const message = `Cannot verify with ${typed.join("")} alone: without --${STATEMENT_FLAG}, ` +
    `report and quote answer one question each; give --${other} as well`;
  throw flagError("input.missing", message, `--${other}`);
}

/** What the statement must say; without a statement nothing would be held against it. */
function readStatementFlags(given: Given, { stated }: ExpectationOptions): StatementExpectation {
  const said = STATEMENT_FLAGS.flatMap(({ flag, key }) => {
    const text = given.maybe(flag);
    return text === undefined ? [] : [[flag, key, text] as const];
  });
  const [first] = said;
  if (!stated && first !== undefined) {
    const flag = `--${first[0]}`;
    const message = `Cannot use ${flag} without --${STATEMENT_FLAG}: there is no statement`;
    throw flagError("input.conflict", message, flag);
  }
  return Object.fromEntries(said.map(([, key, text]) => [key, text]));
}

/** What a statement must say is not looked at where nothing binds it. */
function refuseUnasked(given: Given): void {
  const said = STATEMENT_FLAGS.find(({ flag }) => given.maybe(flag) !== undefined);
  if (said === undefined || given.has(NONCE_FLAG)) return;
  const flag = `--${said.flag}`;
  const message = `Cannot use ${flag} without --${NONCE_FLAG}: ` +
    "evidence is bound to its statement together with a nonce, and nothing else would be checked";
  throw flagError("input.conflict", message, flag);
}

function missing(options: ExpectationOptions): InputError {
  const takesData = flagsOf(options).includes(REPORT_DATA_FLAG);
  const both = options.reportDataBeside !== undefined;
  const flags = takesData ? `--nonce HEX ${both ? "and" : "or"} --report-data HEX` : "--nonce HEX";
  const message = `Cannot verify: say which question the evidence must answer with ${flags}, ` +
    "since a report without one may be old or another guest's; or take that risk with --no-freshness";
  const named = takesData
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
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}
