/**
 * Asks both engines of this project and another verifier about the same cases,
 * and holds where they differ against a list.
 *
 * @module
 */

import assert from "node:assert/strict";
import { inlineEngine } from "../../../src/core/crypto_inline.ts";
import type { Engine } from "../../../src/core/crypto.ts";
import { CasemateError } from "../../../src/core/errors.ts";
import { createPortableEngine } from "../../../src/core/portable/engine.ts";
import { describeCertificates } from "../../../src/core/x509.ts";
import type { Anchor } from "../../../src/evidence/anchors.ts";
import { operations } from "../../../src/evidence/snp/portable/mod.ts";
import { AMD_ROOTS } from "../../../src/evidence/snp/roots.ts";
import { verifyUnder } from "../../../src/evidence/snp/verify.ts";
import { askBoth } from "../../portable/strict.ts";
import { assertListed, type Deviation, type Ends, tally } from "../deviations.ts";
import deviations from "../snp_deviations.json" with { type: "json" };
import type { PlannedCase, SnpCase } from "./case.ts";
import { corpus } from "./corpus.ts";
import type { SnpOracle } from "./oracles.ts";

/** Names of the oracles, as `snp_deviations.json` has them. */
export type OracleName = "go-sev-guest" | "sev";

const DEVIATIONS: readonly Deviation[] = deviations;

/** Beginning of our end where the two engines differ; no entry of the list explains it. */
const ENGINES_DIFFER = "engines differ: ";

const portable = createPortableEngine(operations);

/** Asks the WASM engine and the portable one, and stops where they differ. */
const bothEngines: Engine = {
  run: (operation, parts) => askBoth([inlineEngine, portable], operation, parts),
};

/**
 * Asks all about each case.
 *
 * @param oracle The other verifier.
 * @param cases The cases.
 */
export async function judge(
  oracle: SnpOracle,
  cases: readonly PlannedCase[],
): Promise<readonly Ends[]> {
  const ends: Ends[] = [];
  for (const { name, make } of cases) {
    const one = await make();
    const [{ accepted, error }, ours] = await Promise.all([oracle.ask(one), ownEnd(one)]);
    ends.push({ name, ours, theirs: accepted ? "accepted" : error });
  }
  return ends;
}

async function ownEnd({ input, now, root }: SnpCase): Promise<string> {
  const { report, leaf, chain, crls } = input;
  try {
    const files = { report, leaf, chainAskArk: chain, crls };
    await verifyUnder(bothEngines, files, await anchorsOf(root), now);
    return "accepted";
  } catch (error) {
    if (error instanceof CasemateError) return error.code;
    if (error instanceof assert.AssertionError) return `${ENGINES_DIFFER}${error.message}`;
    throw error;
  }
}

/** A root as this project's verifier takes it; AMD's with all that is known of them. */
async function anchorsOf(root: Uint8Array | null): Promise<readonly Anchor[]> {
  if (root === null) return AMD_ROOTS;
  const found = await describeCertificates(inlineEngine, root);
  const anchors = found.map(({ summary: { sha256, spkiSha256 } }) => ({
    line: "",
    certificateSha256: sha256,
    spkiSha256,
    lab: false,
  }));
  const isAmds = anchors.every(({ certificateSha256 }) =>
    AMD_ROOTS.some((known) => known.certificateSha256 === certificateSha256)
  );
  return isAmds ? AMD_ROOTS : anchors;
}

/** Of how many cases both must accept at least one: a comparison of refusals alone would prove little. */
const ONE_ACCEPTED_IN = 5;

/**
 * Both engines agree; every disagreement with the oracle is in the list; and
 * everything in the list was met, but for what is said of the corpus alone
 * where it is absent, and where only a part of the cases was judged.
 *
 * @param oracle Name of the other verifier.
 * @param ends How the cases ended.
 * @param whole Whether all cases were judged.
 */
export function assertExplained(
  oracle: OracleName,
  ends: readonly Ends[],
  whole: boolean,
): void {
  const differ = ends.filter(({ ours }) => ours.startsWith(ENGINES_DIFFER));
  assert.deepEqual(differ, [], "the engines differ");
  const listed = DEVIATIONS.filter((one) => one.oracle === oracle);
  const ofCorpus = ({ cases }: Deviation): boolean => /^\^(?:corpus|real)\//.test(cases);
  const expected = listed.filter((one) => whole && (corpus.size > 0 || !ofCorpus(one)));
  const leastAccepted = Math.floor(ends.length / ONE_ACCEPTED_IN);
  assertListed({ oracle, ends, listed, expected, leastAccepted });
  const counts = tally(listed, ends);
  for (const [i, { ours, theirs, cases }] of listed.entries()) {
    console.log(`${String(counts[i]).padStart(6)}  ${ours} | ${theirs} | ${cases}`);
  }
}
