/**
 * Asks this project's verifier and another one about the same quotes.
 *
 * @module
 */

import type { Engine } from "../../../src/core/crypto.ts";
import { toHex } from "../../../src/core/bytes.ts";
import { CasemateError } from "../../../src/core/errors.ts";
import { tpm } from "../../../src/evidence/tpm/mod.ts";
import type { Ends } from "../deviations.ts";
import type { TpmOracle } from "./oracle.ts";
import type { QuoteCase } from "./quote_cases.ts";

/**
 * Asks both about each case: signature, key, registers, nonce, and the log where there is one.
 *
 * @param engine This project's engine.
 * @param oracle The other.
 * @param cases The cases.
 */
export async function judgeQuotes(
  engine: Engine,
  oracle: TpmOracle,
  cases: readonly QuoteCase[],
): Promise<readonly Ends[]> {
  const ends: Ends[] = [];
  for (const one of cases) {
    const { accepted, error } = await oracle.ask(one);
    const ours = await ownEnd(engine, one);
    ends.push({ name: one.name, ours, theirs: accepted ? "accepted" : error });
  }
  return ends;
}

async function ownEnd(engine: Engine, one: QuoteCase): Promise<string> {
  try {
    const files = tpm.readFiles({
      tpmQuoteMsg: one.attest,
      tpmQuoteSig: one.signature,
      akPub: one.public,
      pcrs: new TextEncoder().encode(JSON.stringify({ [one.bank]: one.registers })),
      ...(one.log.length === 0 ? {} : { eventLog: one.log }),
    });
    const proven = await tpm.verify(engine, files, { now: new Date(), labRoots: [] });
    if (proven.quote.qualifyingData !== toHex(one.nonce)) return "tpm.qualifying_data_mismatch";
    const mismatch = proven.log?.registers.some(({ state }) => state === "mismatch") ?? false;
    return mismatch ? "logs.replay_mismatch" : "accepted";
  } catch (error) {
    if (error instanceof CasemateError) return error.code;
    throw error;
  }
}
