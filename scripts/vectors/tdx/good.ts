/**
 * TDX evidence that ends in `lab-trusted`.
 *
 * @module
 */

import type { MintTdxOptions } from "../../../src/lab/mod.ts";

/** A good case. */
export interface Good {
  readonly name: string;
  readonly says: string;
  /** What is minted, beside time and nonce. */
  readonly options: Omit<MintTdxOptions, "now" | "reportData">;
  /** Keys of the policy's section beside the pinned registers. */
  readonly section?: Readonly<Record<string, unknown>>;
}

/** Each version of the quote, form of the body and CA; and a platform that the policy has to put up with. */
export const GOOD_CASES: readonly Good[] = [
  {
    name: "v4-platform",
    says: "Quote version 4, TDX 1.0, PCK certificate of the Platform CA",
    options: { version: 4, ca: "platform" },
  },
  {
    name: "v4-processor",
    says: "Quote version 4, TDX 1.0, PCK certificate of the Processor CA",
    options: { version: 4, ca: "processor" },
  },
  {
    name: "v5-tdx10",
    says: "Quote version 5, TDX 1.0",
    options: { version: 5, body: "tdx-1.0" },
  },
  {
    name: "v5-tdx15",
    says: "Quote version 5, TDX 1.5",
    options: { version: 5, body: "tdx-1.5" },
  },
  {
    name: "v4-out-of-date",
    says: "The platform is out of date, and the policy accepts it",
    options: { tcbStatus: "OutOfDate" },
    section: { tcbStatuses: ["UpToDate", "OutOfDate"] },
  },
];
