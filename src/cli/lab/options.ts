/**
 * What is minted of any technology, read from the flags.
 *
 * @module
 */

import { readHexFlag } from "../input/expectation.ts";
import { flagError } from "../input/given.ts";

/** Bytes of report data, in a report of AMD's (56860 Table 23) and in one of Intel's. */
const REPORT_DATA_BYTES = 64;

/** Flags that every technology has. */
export interface CommonOptions {
  /** Folder to write to; required. */
  readonly out?: string | undefined;
  /** Nonce to answer, hex. */
  readonly nonce?: string | undefined;
  /** Report data, hex. */
  readonly reportData?: string | undefined;
  /** Whether the host may debug the guest. */
  readonly debug?: boolean | undefined;
  /** File with the lab's keys. */
  readonly authority?: string | undefined;
}

/** The question that the evidence answers. */
export interface Question {
  /** The flag that verification takes for it, as it is typed. */
  readonly flag: string;
  /** Its value, hex. */
  readonly text: string;
  /** The same as bytes. */
  readonly bytes: Uint8Array;
}

/** The flags of every technology, read. */
export interface CommonMinting {
  /** Folder to write to, without slash at the end. */
  readonly folder: string;
  /** The question. */
  readonly question: Question;
}

/**
 * Reads the flags of every technology.
 *
 * @param options The flags.
 * @throws {InputError} naming the flag.
 */
export function readCommonOptions(options: CommonOptions): CommonMinting {
  return { folder: readFolder(options.out), question: readQuestion(options) };
}

/**
 * The folder to write to, without slash at its end.
 *
 * @param out Value of `--out`.
 * @throws {InputError} `input.missing`
 */
export function readFolder(out: string | undefined): string {
  if (out !== undefined) return out === "/" ? out : out.replace(/\/+$/, "");
  throw flagError(
    "input.missing",
    "Cannot mint without a folder to write to: give --out DIR",
    "--out",
  );
}

function readQuestion({ nonce, reportData }: CommonOptions): Question {
  if (nonce !== undefined && reportData !== undefined) {
    const message = "Cannot use --nonce and --report-data together: a report holds one of them";
    throw flagError("input.conflict", message, "--nonce, --report-data");
  }
  if (nonce !== undefined) return question("--nonce", nonce, 1);
  if (reportData !== undefined) return question("--report-data", reportData, REPORT_DATA_BYTES);
  const message =
    "Cannot mint a report without the question that it answers: give --nonce HEX or --report-data HEX";
  throw flagError("input.missing", message, "--nonce or --report-data");
}

function question(flag: string, text: string, min: number): Question {
  return { flag, text, bytes: readHexFlag(text, flag, { min, max: REPORT_DATA_BYTES }) };
}

/**
 * Reads bytes in hex of a flag that may be absent.
 *
 * @param text What was given.
 * @param flag The flag as it is typed.
 * @param length How many bytes.
 * @returns Null where nothing was given.
 * @throws {InputError} `input.value`
 */
export function readOptionalHex(
  text: string | undefined,
  flag: string,
  length: number,
): Uint8Array | null {
  return text === undefined ? null : readHexFlag(text, flag, { min: length, max: length });
}
