/**
 * What is minted, read from the flags.
 *
 * @module
 */

import type { LeafForm } from "../../lab/mod.ts";
import { readHexFlag } from "../input/expectation.ts";
import { flagError } from "../input/given.ts";

/** Bytes of REPORT_DATA and of MEASUREMENT (AMD 56860 Table 23). */
const REPORT_DATA_BYTES = 64;
const MEASUREMENT_BYTES = 48;

/** What is minted, as the flags have it. */
export interface MintOptions {
  /** Folder to write to; required. */
  readonly out?: string | undefined;
  /** Product line; default Genoa. */
  readonly line?: string | undefined;
  /** Form of the signing key; default `vcek`. */
  readonly form?: string | undefined;
  /** Nonce to answer, hex. */
  readonly nonce?: string | undefined;
  /** Report data, hex. */
  readonly reportData?: string | undefined;
  /** Launch measurement, hex. */
  readonly measurement?: string | undefined;
  /** Privilege level. */
  readonly vmpl?: string | undefined;
  /** Whether the guest policy allows debugging. */
  readonly debug?: boolean | undefined;
  /** File with the lab's keys. */
  readonly authority?: string | undefined;
}

/** The question that the report answers. */
export interface Question {
  /** The flag that verification takes for it, as it is typed. */
  readonly flag: string;
  /** Its value, hex. */
  readonly text: string;
  /** The same as bytes. */
  readonly bytes: Uint8Array;
}

/** The flags, read. */
export interface Minting {
  /** Folder to write to, without slash at the end. */
  readonly folder: string;
  /** The question. */
  readonly question: Question;
  /** Launch measurement; null takes the lab's own. */
  readonly measurement: Uint8Array | null;
  /** Privilege level. */
  readonly vmpl: number;
  /** Form of the signing key. */
  readonly form: LeafForm;
}

/**
 * Reads the flags, before keys are made.
 *
 * @param options The flags.
 * @throws {InputError} naming the flag.
 */
export function readMintOptions(options: MintOptions): Minting {
  const { measurement } = options;
  const exact = { min: MEASUREMENT_BYTES, max: MEASUREMENT_BYTES };
  return {
    folder: readFolder(options.out),
    question: readQuestion(options),
    measurement: measurement === undefined
      ? null
      : readHexFlag(measurement, "--measurement", exact),
    vmpl: readVmpl(options.vmpl),
    form: options.form === "vlek" ? "VLEK" : "VCEK",
  };
}

function readFolder(out: string | undefined): string {
  if (out !== undefined) return out === "/" ? out : out.replace(/\/+$/, "");
  throw flagError(
    "input.missing",
    "Cannot mint without a folder to write to: give --out DIR",
    "--out",
  );
}

function readQuestion({ nonce, reportData }: MintOptions): Question {
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

function readVmpl(text: string | undefined): number {
  if (text === undefined) return 0;
  if (/^[0-3]$/.test(text)) return Number(text);
  throw flagError(
    "input.value",
    `Cannot use --vmpl ${JSON.stringify(text)}: expected a level from 0 to 3`,
    "--vmpl",
  );
}
