/**
 * A real quote that Azure gave out. What vouches for it there besides, a TPM's
 * quote and a report of the paravisor, is not looked at here.
 *
 * @module
 */

import { tdx, type TdxFiles } from "../../src/evidence/tdx/mod.ts";
import { realEntry } from "../corpus.ts";

/** The case, its name told apart from its files, which may not be there. */
export const realAzureCase = { name: "azure-tdx/tdx-lunal-live", read };

function read(): {
  readonly files: TdxFiles;
  readonly now: Date;
  readonly fields: Readonly<Record<string, unknown>>;
} {
  const { input: { files, verifyAt }, expected } = realEntry(realAzureCase.name);
  if (verifyAt === null) throw new Error(`${realAzureCase.name} has no time`);
  const given = {
    quote: files["td_quote"],
    tcbInfo: files["tcb_info"],
    qeIdentity: files["qe_identity"],
    tcbChain: files["tcb_chain"],
    pckCrl: files["pck_crl"],
    rootCrl: files["root_crl"],
  };
  const fields = Object.fromEntries(Object.entries(expected.fields["tdx"] ?? {}));
  return { files: tdx.readFiles(given), now: verifyAt, fields };
}
