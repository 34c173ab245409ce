/**
 * All cases over lab evidence: changed without the keys, as real evidence is,
 * and signed anew.
 *
 * @module
 */

import { certificateCases } from "./certificate_cases.ts";
import { quoteChainCases, tcbChainCases } from "./chain_cases.ts";
import { collateralCases, swappedCases } from "./collateral_cases.ts";
import { distinct, type TdxCase } from "./case.ts";
import { documentCases } from "./document_cases.ts";
import { labCase } from "./lab.ts";
import { levelCases } from "./level_cases.ts";
import { quoteCases } from "./quote_cases.ts";
import { reportCases } from "./report_cases.ts";
import { revocationCases } from "./revocation_cases.ts";
import { timeCases } from "./time_cases.ts";

/** Bits of chains, texts and lists, which are other ones in each run: what comes of them is no fixed list. */
const CHANCE = /\/(?:bit\/chain|(?:pck-chain|tcb-chain|tcbInfo|qeIdentity|pckCrl|rootCrl)\/bit)\//;

/** Minted evidence with something changed that nobody signs anew. */
export async function unsignedCases(): Promise<readonly TdxCase[]> {
  const [base, ...others] = await Promise.all([
    labCase("unsigned/v4"),
    labCase("unsigned/processor", { ca: "processor" }),
    labCase("unsigned/sgx", { version: 3 }),
    labCase("unsigned/v5", { version: 5 }),
    labCase("unsigned/other-platform", { pck: { fmspc: Uint8Array.of(0x30, 0, 0, 0, 0, 0) } }),
  ]);
  const cases = [
    base,
    ...others,
    ...quoteCases(base),
    ...quoteChainCases(base),
    ...tcbChainCases(base),
    ...collateralCases(base),
    ...timeCases(base),
    ...swappedCases(base, others),
  ];
  return distinct(cases.filter(({ name }) => !CHANCE.test(name)));
}

/** Minted evidence that says other things, signed rightly. */
export async function signedCases(): Promise<readonly TdxCase[]> {
  const groups = [
    await levelCases(),
    await revocationCases(),
    await reportCases(),
    await documentCases(),
    await certificateCases(),
  ];
  return distinct(groups.flat());
}
