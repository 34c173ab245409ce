/**
 * Asks this project's verifier and another one about the same cases, and holds
 * where they differ against a list.
 *
 * @module
 */

import assert from "node:assert/strict";
import { inlineEngine } from "../../../src/core/crypto_inline.ts";
import { CasemateError } from "../../../src/core/errors.ts";
import { describeCertificates } from "../../../src/core/x509.ts";
import type { Anchor } from "../../../src/evidence/anchors.ts";
import { readFiles } from "../../../src/evidence/tdx/files.ts";
import { INTEL_ROOTS } from "../../../src/evidence/tdx/roots.ts";
import { verifySgxUnder, verifyUnder } from "../../../src/evidence/tdx/verify.ts";
import deviations from "../tdx_deviations.json" with { type: "json" };
import type { TdxCase } from "./case.ts";
import { corpus } from "./corpus.ts";
import type { TdxOpinion, TdxOracle } from "./oracles.ts";

/** Names of the oracles, as `tdx_deviations.json` has them. */
export type OracleName = "dcap-qvl" | "go-tdx-guest";

/** How a case ended with both. */
export interface Ends {
  /** Name of the case. */
  readonly name: string;
  /** `accepted` with status and advisories, or the code. */
  readonly ours: string;
  /** The same, or the message. */
  readonly theirs: string;
}

/** A known difference; each field but the last is what a case must meet. */
interface Deviation {
  /** Name of the oracle. */
  readonly oracle: string;
  /** Regular expression of names of cases. */
  readonly cases: string;
  /** Regular expression of `accepted STATUS`, or the code. */
  readonly ours: string;
  /** Words of `accepted STATUS`, or of the message. */
  readonly theirs: string;
  /** Why both differ, and who is right. */
  readonly why: string;
}

const DEVIATIONS: readonly Deviation[] = deviations;

/** Most unexplained cases that are shown. */
const MOST_SHOWN = 50;

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

/** Whether both end alike: two refusals do, whatever they say. */
export function alike({ ours, theirs }: Ends): boolean {
  return isAccepted(ours) ? ours === theirs : !isAccepted(theirs);
}

function isAccepted(end: string): boolean {
  return end.startsWith("accepted");
}

/** Least number of cases that both accept: a comparison of refusals alone would prove little. */
const LEAST_ACCEPTED = 500;

/**
 * Every disagreement is in the list, and everything in the list was met: but
 * for what is said of the corpus alone, where it is absent.
 *
 * @param oracle Name of the other verifier.
 * @param ends How the cases ended.
 */
export function assertExplained(oracle: OracleName, ends: readonly Ends[]): void {
  const differ = ends.filter((end) => !alike(end));
  const listed = DEVIATIONS.filter((one) => one.oracle === oracle);
  const unexplained = differ.filter((end) => !listed.some((one) => explains(one, end)));
  assert.deepEqual(unexplained.slice(0, MOST_SHOWN), [], `${unexplained.length} are not explained`);
  const expected = listed.filter(({ cases }) => corpus.size > 0 || !cases.startsWith("^corpus/"));
  const stale = expected.filter((one) => !differ.some((end) => explains(one, end)));
  assert.deepEqual(stale, [], "these are not met any more");
  const accepted = ends.filter((end) => alike(end) && isAccepted(end.ours)).length;
  assert.ok(accepted >= LEAST_ACCEPTED, `both accept ${accepted} cases`);
  const panicked = ends.filter(({ theirs }) => theirs.startsWith("panicked")).length;
  console.log(
    `${ends.length} cases: both accept ${accepted}, ` +
      `${differ.length} explained deviations, ${oracle} panicked at ${panicked}`,
  );
}

function explains({ cases, ours, theirs }: Deviation, end: Ends): boolean {
  return new RegExp(`^(?:${ours})$`).test(end.ours) && end.theirs.includes(theirs) &&
    new RegExp(cases).test(end.name);
}
