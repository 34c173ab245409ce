/**
 * What a bent case of TDX is described by.
 *
 * @module
 */

import type { MintTdxOptions } from "../../../src/lab/mod.ts";
import type { TdxFileName } from "./files.ts";

/** Evidence with one thing wrong. */
export interface Bent {
  readonly name: string;
  readonly says: string;
  readonly code: string;
  /** Files that the bend is in. */
  readonly files: readonly TdxFileName[];
  /** What is minted otherwise than the good case. */
  readonly options: Partial<MintTdxOptions>;
}
