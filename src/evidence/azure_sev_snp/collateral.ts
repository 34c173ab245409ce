/**
 * What the evidence needs of AMD: what the report in its HCL report needs.
 *
 * @module
 */

import type { CollateralItem, CollateralQuestion } from "../collateral.ts";
import { FileTaker } from "../files.ts";
import { readHclFiles } from "../hcl/files.ts";
import { openHcl } from "../hcl/open.ts";
import { snpCollateral, snpNeeds } from "../snp/collateral.ts";
import { listItem } from "../snp/items.ts";
import { thimItem } from "./thim.ts";

/**
 * Says what the evidence needs: of AMD, or, on the machine that it is of, of
 * Azure's metadata service, which has no list.
 *
 * @param question Engine and files: the HCL report, `leaf` where there is one.
 * @throws {InputError | RejectedError} for an HCL report or a report in it that does not say what it needs.
 */
export async function azureSnpCollateral(
  question: CollateralQuestion,
): Promise<readonly CollateralItem[]> {
  const { engine, files, onThisMachine = false } = question;
  const hcl = readHclFiles(new FileTaker(files, "an HCL report"));
  const { hardwareReport } = await openHcl(engine, hcl, "snp");
  const ofReport = { ...question, files: { ...files, report: hardwareReport } };
  if (!onThisMachine) return await snpCollateral(ofReport);
  const { chips: [chip], line } = await snpNeeds(ofReport);
  if (chip === undefined) return await snpCollateral(ofReport);
  const here = thimItem(chip);
  return line === null ? [here] : [here, listItem(line, here)];
}
