/**
 * TDX evidence with one thing wrong, signed where it has to be.
 *
 * @module
 */

import type { IntelAuthority, MintedTdx } from "../../../src/lab/mod.ts";
import { certificateCases } from "./certificates.ts";
import { documentCases } from "./documents.ts";
import { guestCases, moduleCases, quotingCases } from "./quotes.ts";
import { levelCases } from "./levels.ts";
import type { Bent } from "./bent_case.ts";

/**
 * Bent evidence.
 *
 * @param base Name of the good case that it is made from.
 * @param authority The lab.
 * @param minted The good case.
 */
export async function bentCases(
  base: string,
  authority: IntelAuthority,
  minted: MintedTdx,
): Promise<readonly Bent[]> {
  if (base === "v5-tdx15") return moduleCases();
  if (base !== "v4-platform") return [];
  return [
    ...await certificateCases(authority, minted),
    ...documentCases(),
    ...await quotingCases(minted),
    ...levelCases(),
    ...guestCases(),
  ];
}
