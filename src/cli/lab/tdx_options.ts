/**
 * What is minted of TDX, read from the flags.
 *
 * @module
 */

import { LEVEL_STATUSES, type LevelStatus, type PckCa } from "../../lab/mod.ts";
import {
  type CommonMinting,
  type CommonOptions,
  readCommonOptions,
  readOptionalHex,
} from "./options.ts";

/** Bytes of MRTD and of an RTMR (TDX Module ABI Specification, TDINFO_STRUCT). */
const REGISTER_BYTES = 48;

/** What is minted, as the flags have it. */
export interface MintTdxFlags extends CommonOptions {
  /** Version of the quote; default 4. */
  readonly quoteVersion?: string | undefined;
  /** Whether the Processor CA issues the PCK certificate. */
  readonly processorCa?: boolean | undefined;
  /** Status of the level that the platform reaches; default `UpToDate`. */
  readonly tcbStatus?: string | undefined;
  /** MRTD, hex. */
  readonly mrTd?: string | undefined;
  /** RTMR 1, hex. */
  readonly rtmr1?: string | undefined;
  /** RTMR 2, hex. */
  readonly rtmr2?: string | undefined;
}

/** The flags, read. */
export interface TdxMinting extends CommonMinting {
  /** Version of the quote. */
  readonly version: number;
  /** Who issues the PCK certificate. */
  readonly ca: PckCa;
  /** Status of the level that the platform reaches. */
  readonly tcbStatus: LevelStatus;
  /** MRTD; null takes the lab's own. */
  readonly mrTd: Uint8Array | null;
  /** RTMR 1; null takes the lab's own. */
  readonly rtmr1: Uint8Array | null;
  /** RTMR 2; null takes the lab's own. */
  readonly rtmr2: Uint8Array | null;
}

/**
 * Reads the flags, before keys are made.
 *
 * @param options The flags.
 * @throws {InputError} naming the flag.
 */
export function readTdxOptions(options: MintTdxFlags): TdxMinting {
  return {
    ...readCommonOptions(options),
    version: Number(options.quoteVersion ?? 4),
    ca: options.processorCa === true ? "processor" : "platform",
    tcbStatus: LEVEL_STATUSES.find((known) => known === options.tcbStatus) ?? "UpToDate",
    mrTd: readOptionalHex(options.mrTd, "--mrtd", REGISTER_BYTES),
    rtmr1: readOptionalHex(options.rtmr1, "--rtmr1", REGISTER_BYTES),
    rtmr2: readOptionalHex(options.rtmr2, "--rtmr2", REGISTER_BYTES),
  };
}
