/**
 * Mints the vectors of TDX on Azure.
 *
 * @module
 */

import { concat, toHex } from "../../../src/core/bytes.ts";
import {
  createIntelAuthority,
  type IntelAuthority,
  mintAzureTdx,
  type MintAzureTdxOptions,
  type MintedAzureTdx,
} from "../../../src/lab/mod.ts";
import { type Evidence, type MintedCase, NONCE, only, TIME, type VectorSource } from "../source.ts";
import { type BentParavisor, bentParavisors } from "./bent.ts";
import { byName, ROOT, STATEMENT, TDX_FILES } from "./files.ts";
import { EXPECTED, joining, vtpmSection } from "./question.ts";

/** The variant `azure-tdx`. */
export const azureTdxVectors: VectorSource = {
  files: TDX_FILES,
  labRoot: ROOT,
  statement: STATEMENT,
  mint,
};

/** Further bends, of Intel's quote. */
const OF_QUOTE: readonly BentParavisor[] = [{
  name: "bent-td-quote-of-another",
  says: "The TD quote is of another trust domain of the same platform",
  code: "hcl.td_report_mismatch",
  userData: new Uint8Array(64).fill(0x57),
  files: ["tdQuote"],
}];

async function* mint(): AsyncGenerator<MintedCase> {
  yield* mintJoin(await createIntelAuthority({ now: TIME }));
  yield* mintBare(await createIntelAuthority({ now: TIME }));
}

/** A node that joins, and what is bent of it. */
async function* mintJoin(authority: IntelAuthority): AsyncGenerator<MintedCase> {
  const statement = joining("azure-tdx");
  const options: MintAzureTdxOptions = {
    now: TIME,
    nonce: NONCE,
    statement,
    boot: { kernel: "casemate lab kernel of join" },
  };
  const minted = await mintAzureTdx(authority, options);
  const policy = policyOf(minted, { eventLog: "require" });
  yield {
    name: "join",
    says: "A node joins: HCL report, both quotes and log, bound to its statement",
    policy,
    verdict: "lab-trusted",
    code: null,
    own: evidenceOf(minted),
    base: null,
    expected: EXPECTED,
  };
  const { keys, tdx } = minted;
  const bent = [...await bentParavisors(), ...OF_QUOTE];
  for (const { name, says, code, files, absent = [], bends = {}, ...one } of bent) {
    const again = await mintAzureTdx(authority, {
      ...options,
      ...one,
      statement: { ...statement, ...one.statement },
      keys,
      tdx: { keys: tdx.keys, pck: tdx.pck, collateralFrom: tdx },
      bends,
    });
    yield {
      name,
      says,
      policy,
      verdict: "rejected",
      code,
      own: only(evidenceOf(again), files.map(nameOf)),
      base: "join",
      absent,
      expected: EXPECTED,
    };
  }
}

/** A quote of version 5 and no log, with a nonce alone. */
async function* mintBare(authority: IntelAuthority): AsyncGenerator<MintedCase> {
  const minted = await mintAzureTdx(authority, {
    now: TIME,
    nonce: NONCE,
    boot: { kernel: "casemate lab kernel of bare" },
    tdx: { version: 5, body: "tdx-1.5" },
  });
  const { [TDX_FILES.eventLog]: _log, [TDX_FILES.akPub]: _key, ...own } = evidenceOf(minted);
  yield {
    name: "bare",
    says: "TD quote of version 5; no log, no key, no statement",
    policy: policyOf(minted),
    verdict: "lab-trusted",
    code: null,
    own,
    base: null,
    absent: ["eventLog", "akPub", "statement"],
  };
}

function nameOf(role: string): string {
  if (role === "statement") return STATEMENT;
  return Object.entries(TDX_FILES).find(([one]) => one === role)?.[1] ?? "";
}

function evidenceOf({ files, tdx: { der }, statement }: MintedAzureTdx): Evidence {
  return {
    ...byName(TDX_FILES, files),
    [TDX_FILES.tcbChain]: concat(der.tcbSigning, der.root),
    [TDX_FILES.pckCrlChain]: concat(der.ca, der.root),
    [ROOT]: der.root,
    ...(statement === null ? {} : { [STATEMENT]: statement }),
  };
}

function policyOf({ tdx, vtpm }: MintedAzureTdx, more: object = {}): unknown {
  return {
    version: 1,
    allowLab: true,
    "azure-tdx": { tee: { mrTd: [toHex(tdx.mrTd)] }, vtpm: vtpmSection(vtpm, more) },
  };
}
