/**
 * A bend with a name, so that the command line and the vectors can ask for it.
 *
 * @module
 */

import type { LabKey } from "../../lab_key.ts";
import type { TpmBends, TpmKeys } from "../options.ts";

/** Files of minted evidence. */
export type TpmFile =
  | "quote"
  | "signature"
  | "akPublic"
  | "pcrs"
  | "eventLog"
  | "ak"
  | "issuing"
  | "root"
  | "issuingCrl"
  | "rootCrl";

/** What a bend is made from. */
export interface BendContext {
  /** Moment of issue. */
  readonly now: Date;
  /** The TPM's keys. */
  readonly keys: TpmKeys;
  /** Key of the issuing CA. */
  readonly issuing: LabKey;
}

/** Evidence with one thing wrong. */
export interface NamedTpmBend {
  /** What is wrong. */
  readonly says: string;
  /** Code with which verification refuses it. */
  readonly code: string;
  /** Files that it is in. */
  readonly files: readonly TpmFile[];
  /** The changes. */
  readonly bends: (context: BendContext) => TpmBends | Promise<TpmBends>;
}

/** Bends by name. */
export type NamedTpmBends = Readonly<Record<string, NamedTpmBend>>;
