/**
 * What a quote needs of Intel: TCB info of its platform, identity of the quoting
 * enclave, revocation lists of its CA and of the root.
 *
 * @module
 */

import { InputError } from "../../core/errors.ts";
import type { CollateralItem, CollateralQuestion } from "../collateral.ts";
import { FileTaker, refuseText } from "../files.ts";
import { pckListItem, qeIdentityItem, rootListItem, tcbInfoItem } from "./items.ts";
import type { Pck, TdxQuote } from "./report.ts";

/**
 * Says what a quote needs of Intel, all of it. Nothing of the quote is verified:
 * it only says what to ask for.
 *
 * @param question Engine and files: `quote`; which TCB recovery.
 * @throws {InputError} `input.missing`; `input.wrong_kind` for a quote of an enclave, or without a PCK certificate.
 * @throws {RejectedError} `tdx.*` for a quote that is none.
 */
export async function tdxCollateral(
  { engine, files, tcbRecovery = "standard" }: CollateralQuestion,
): Promise<readonly CollateralItem[]> {
  const taker = new FileTaker(files, "a TDX quote");
  const raw = refuseText(taker.one("quote"), "quote");
  // The engine answers with this shape; tests hold it.
  const { quote, pck } = await engine.run("tdx_quote", [raw]) as {
    readonly quote: TdxQuote;
    readonly pck: Pck | null;
  };
  if (quote.teeType !== "TDX") throw wrongKind("is of an SGX enclave", "a quote of a trust domain");
  if (pck === null) throw wrongKind("carries no PCK certificate", "its chain");
  return [
    tcbInfoItem(pck.fmspc, tcbRecovery),
    qeIdentityItem(tcbRecovery),
    // Platforms of several packages have an instance id, and the Platform CA.
    pckListItem(pck.platformInstanceId === null ? "processor" : "platform"),
    rootListItem(tcbRecovery),
  ];
}

function wrongKind(what: string, expected: string): InputError {
  return new InputError(`Cannot ask Intel for collateral: the quote ${what}`, {
    code: "input.wrong_kind",
    fields: { role: "quote", expected },
  });
}
