/**
 * Asks this project's verifier and another one about the same cases, and holds
 * where they differ against a list.
 *
 * @module
 */

import { inlineEngine } from "../../../src/core/crypto_inline.ts";
import { CasemateError } from "../../../src/core/errors.ts";
import { describeCertificates } from "../../../src/core/x509.ts";
import type { Anchor } from "../../../src/evidence/anchors.ts";
import { readFiles } from "../../../src/evidence/tdx/files.ts";
import { INTEL_ROOTS } from "../../../src/evidence/tdx/roots.ts";
import { verifySgxUnder, verifyUnder } from "../../../src/evidence/tdx/verify.ts";
import { assertListed, type Deviation, type Ends } from "../deviations.ts";
import deviations from "../tdx_deviations.json" with { type: "json" };
import type { TdxCase } from "./case.ts";
import { corpus } from "./corpus.ts";
import type { TdxOpinion, TdxOracle } from "./oracles.ts";

/** Names of the oracles, as `tdx_deviations.json` has them. */
export type OracleName = "dcap-qvl" | "go-tdx-guest";

const DEVIATIONS: readonly Deviation[] = deviations;

/**
 * Asks both about each case.
 *
 * @param oracle The other verifier.
 * @param cases The cases.
 */
export async function judge(
  oracle: TdxOracle,
  cases: readonly TdxCase[],
): Promise<readonly Ends[]> {
  const ends: Ends[] = [];
  for (const one of cases) {
    const theirs = await oracle.ask(one);
    ends.push({ name: one.name, ours: await ownEnd(one), theirs: endOf(theirs) });
  }
  return ends;
}

function endOf({ accepted, error, status, advisoryIds }: TdxOpinion): string {
  return accepted ? acceptedEnd(status, advisoryIds) : error;
}

function acceptedEnd(status: string, advisoryIds: readonly string[]): string {
  return ["accepted", status, ...new Set(advisoryIds.toSorted())].join(" ");
}

async function ownEnd({ tee, input, now, root }: TdxCase): Promise<string> {
  try {
    const terms = { anchors: await anchorsOf(root), now };
    const files = readFiles({ ...input });
    const { collateral } = tee === "TDX"
      ? await verifyUnder(inlineEngine, files, terms)
      : await verifySgxUnder(inlineEngine, files, terms);
    if (collateral === null) throw new Error("the collateral was passed by");
    return acceptedEnd(collateral.tcb.status, collateral.tcb.advisoryIds);
  } catch (error) {
    if (error instanceof CasemateError) return error.code;
    throw error;
  }
}

/**
 * A root as this project's verifier takes it.
 *
 * @param root The root, DER; null for Intel's.
 */
export async function anchorsOf(root: Uint8Array | null): Promise<readonly Anchor[]> {
  if (root === null) return INTEL_ROOTS;
  const certificates = await describeCertificates(inlineEngine, root);
  return certificates.map(({ summary: { sha256, spkiSha256 } }) => ({
    line: "",
    certificateSha256: sha256,
    spkiSha256,
    lab: false,
  }));
}

/** Least number of cases that both accept. */
const LEAST_ACCEPTED = 500;

/**
 * Every disagreement is in the list, and everything in the list was met: but
 * for what is said of the corpus alone, where it is absent.
 *
 * @param oracle Name of the other verifier.
 * @param ends How the cases ended.
 */
export function assertExplained(oracle: OracleName, ends: readonly Ends[]): void {
  const listed = DEVIATIONS.filter((one) => one.oracle === oracle);
  const expected = listed.filter(({ cases }) => corpus.size > 0 || !cases.startsWith("^corpus/"));
  assertListed({ oracle, ends, listed, expected, leastAccepted: LEAST_ACCEPTED });
}
