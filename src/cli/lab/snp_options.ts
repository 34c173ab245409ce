/**
 * What is minted of SEV-SNP, read from the flags.
 *
 * @module
 */

import type { LeafForm } from "../../lab/mod.ts";
import { flagError } from "../input/given.ts";
import {
  type CommonMinting,
  type CommonOptions,
  readCommonOptions,
  readOptionalHex,
} from "./options.ts";

/** Bytes of MEASUREMENT (AMD 56860 Table 23). */
const MEASUREMENT_BYTES = 48;

/** What is minted, as the flags have it. */
export interface MintSnpFlags extends CommonOptions {
  /** Product line; default Genoa. */
  readonly line?: string | undefined;
  /** Form of the signing key; default `vcek`. */
  readonly form?: string | undefined;
  /** Launch measurement, hex. */
  readonly measurement?: string | undefined;
  /** Privilege level. */
  readonly vmpl?: string | undefined;
}

/** The flags, read. */
export interface SnpMinting extends CommonMinting {
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
export function readSnpOptions(options: MintSnpFlags): SnpMinting {
  return {
    ...readCommonOptions(options),
    measurement: readOptionalHex(options.measurement, "--measurement", MEASUREMENT_BYTES),
    vmpl: readVmpl(options.vmpl),
    form: options.form === "vlek" ? "VLEK" : "VCEK",
  };
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
