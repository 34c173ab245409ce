/**
 * All cases: real evidence as it is and changed, lab evidence changed, and lab
 * evidence signed anew.
 *
 * @module
 */

import { distinct, type PlannedCase, type SnpCase } from "./case.ts";
import { certificateCases } from "./certificate_cases.ts";
import { chainCases, swappedCases } from "./chain_cases.ts";
import { corpus, realCase } from "./corpus.ts";
import { labCase, type Platform } from "./lab.ts";
import { leafExtensionCases } from "./leaf_cases.ts";
import { reportCases } from "./report_cases.ts";
import { revocationCases } from "./revocation_cases.ts";
import { drawnCases, signedReportCases } from "./signed_report_cases.ts";
import { timeCases } from "./time_cases.ts";

/** Platforms of the lab: each line and form, and each layout of the report. */
const PLATFORMS: Readonly<Record<string, Platform>> = {
  "genoa-vcek-v5": { line: "Genoa", form: "VCEK", version: 5 },
  "genoa-vlek-v5": { line: "Genoa", form: "VLEK", version: 5 },
  "milan-vcek-v2": { line: "Milan", form: "VCEK", version: 2 },
  "milan-vcek-v3": { line: "Milan", form: "VCEK", version: 3 },
  "milan-vlek-v3": { line: "Milan", form: "VLEK", version: 3 },
  "turin-vcek-v5": { line: "Turin", form: "VCEK", version: 5 },
};

/** Platforms whose certificates are bent; those of the others are of the same making. */
const BENT = ["genoa-vcek-v5", "milan-vlek-v3", "turin-vcek-v5"];

/** Reports that are changed: one of each version, line and form that the corpus has. */
const REAL = [
  "snp/genoa-v3-microsoft",
  "snp/milan-v2-virtee",
  "snp/milan-v3-microsoft",
  "snp/turin-v5-microsoft",
  "snp/genoa-v5-lunal",
  "aws-snp/milan-v3-vlek-trustee",
];

/** How many cases there are in all, where the corpus is there. */
export const CASES = 10_000;

/** Least number of reports drawn by lot for each platform, where the corpus is absent. */
const LEAST_DRAWN = 100;

/** All cases. */
export async function planCases(): Promise<readonly PlannedCase[]> {
  const bases = await Promise.all(
    Object.entries(PLATFORMS).map(async ([name, platform]) => ({
      platform,
      base: await labCase(name, platform),
      bent: BENT.includes(name),
    })),
  );
  const real = corpus.size === 0 ? [] : REAL.map(realCase);
  const all = [...real, ...bases.map(({ base }) => base)];
  const groups = [
    [...corpus.values()].map(asItIs),
    all.flatMap((base) => [
      asItIs(base),
      ...reportCases(base),
      ...chainCases(base),
      ...timeCases(base),
      ...swappedCases(base, all),
    ]),
    ...await Promise.all(bases.map(({ base, platform, bent }) => labGroup(base, platform, bent))),
  ];
  const fixed = distinct(groups.flat());
  const each = Math.max(LEAST_DRAWN, Math.ceil((CASES - fixed.length) / bases.length));
  const drawn = bases.flatMap(({ base, platform }) => drawnCases(base, platform, each));
  return [...fixed, ...drawn].slice(0, CASES);
}

function asItIs(one: SnpCase): PlannedCase {
  return { name: one.name, make: () => Promise.resolve(one) };
}

async function labGroup(
  base: SnpCase,
  platform: Platform,
  bent: boolean,
): Promise<readonly PlannedCase[]> {
  return [
    ...signedReportCases(base),
    ...revocationCases(base, platform),
    ...bent
      ? [...await certificateCases(base, platform), ...leafExtensionCases(base, platform)]
      : [],
  ];
}
