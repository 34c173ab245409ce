/**
 * What the evidence needs of Intel: what the quote over its TD report needs.
 *
 * @module
 */

import type { CollateralItem, CollateralQuestion } from "../collateral.ts";
import { FileTaker } from "../files.ts";
import { tdxCollateral } from "../tdx/collateral.ts";

/**
 * Says what the evidence needs.
 *
 * @param question Engine and files: `tdQuote`.
 * @throws {InputError | RejectedError} for a quote that does not say what it needs.
 */
export async function azureTdxCollateral(
  question: CollateralQuestion,
): Promise<readonly CollateralItem[]> {
  const quote = new FileTaker(question.files, "an HCL report of TDX").one("tdQuote");
  return await tdxCollateral({ ...question, files: { quote } });
}
