/**
 * Mints the vectors of SEV-SNP on Azure.
 *
 * @module
 */

import { toHex } from "../../../src/core/bytes.ts";
import {
  type AmdAuthority,
  createAmdAuthority,
  mintAzureSnp,
  type MintAzureSnpOptions,
  type MintedAzureSnp,
  type SnpBends,
} from "../../../src/lab/mod.ts";
import { type Evidence, type MintedCase, NONCE, only, TIME, type VectorSource } from "../source.ts";
import { type BentParavisor, bentParavisors } from "./bent.ts";
import { byName, ROOT, SNP_FILES, STATEMENT } from "./files.ts";
import { EXPECTED, joining, vtpmSection } from "./question.ts";

/** The variant `azure-sev-snp`. */
export const azureSevSnpVectors: VectorSource = {
  files: SNP_FILES,
  labRoot: ROOT,
  statement: STATEMENT,
  mint,
};

/** Roles of an HCL report in parts. */
const PARTS = ["report", "runtimeData"] as const;

/** Further bends, of AMD's report. */
interface BentSnp extends BentParavisor {
  readonly snp?: SnpBends;
}

const OF_REPORT: readonly BentSnp[] = [
  {
    name: "bent-vmpl",
    says: "The guest asked for the report itself, behind the paravisor's back",
    code: "snp.vmpl",
    snp: { report: { vmpl: 2 } },
    files: ["hclReport", "tpmQuoteMsg", "tpmQuoteSig"],
  },
  {
    name: "bent-paravisor-unsigned",
    says: "Nobody signed the paravisor",
    code: "snp.id_key_mismatch",
    snp: { report: { idKeyDigest: new Uint8Array(48) } },
    files: ["hclReport", "tpmQuoteMsg", "tpmQuoteSig"],
  },
];

async function* mint(): AsyncGenerator<MintedCase> {
  const genoa = await createAmdAuthority({ line: "Genoa", now: TIME });
  const keys = { ARK: genoa.ARK.key, VCEK: genoa.VCEK.key, VLEK: genoa.VLEK.key };
  yield* mintJoin(genoa);
  yield* mintParts(await createAmdAuthority({ line: "Turin", now: TIME, keys }));
}

/** A node that joins, and what is bent of it. */
async function* mintJoin(authority: AmdAuthority): AsyncGenerator<MintedCase> {
  const statement = joining("azure-sev-snp");
  const base = "join";
  const options: MintAzureSnpOptions = {
    now: TIME,
    nonce: NONCE,
    statement,
    boot: { kernel: "casemate lab kernel of join" },
    snp: { hwid: crypto.getRandomValues(new Uint8Array(64)) },
  };
  const minted = await mintAzureSnp(authority, options);
  const policy = policyOf(minted, { eventLog: "require" });
  yield {
    name: base,
    says: "A node joins: HCL report, quote and log, bound to its statement",
    policy,
    verdict: "lab-trusted",
    code: null,
    own: evidenceOf(minted),
    base: null,
    absent: PARTS,
    expected: EXPECTED,
  };
  const { keys, snp: { leafKey } } = minted;
  const bent: readonly BentSnp[] = [...await bentParavisors(), ...OF_REPORT];
  for (const { name, says, code, files, absent = [], bends = {}, snp = {}, ...one } of bent) {
    const again = await mintAzureSnp(authority, {
      ...options,
      ...one,
      statement: { ...statement, ...one.statement },
      keys,
      snp: { ...options.snp, leafKey },
      bends: { ...bends, snp },
    });
    yield {
      name,
      says,
      policy,
      verdict: "rejected",
      code,
      own: only(evidenceOf(again), files.map(nameOf)),
      base,
      absent: [...PARTS, ...absent],
      expected: EXPECTED,
    };
  }
}

/** A report and its runtime data, as others keep them, with a nonce alone. */
async function* mintParts(authority: AmdAuthority): AsyncGenerator<MintedCase> {
  const minted = await mintAzureSnp(authority, {
    now: TIME,
    nonce: NONCE,
    boot: { kernel: "casemate lab kernel of parts" },
  });
  const { [SNP_FILES.hclReport]: _, ...others } = evidenceOf(minted);
  yield {
    name: "parts",
    says: "Report and runtime data apart, the quote answers a nonce alone",
    policy: policyOf(minted),
    verdict: "lab-trusted",
    code: null,
    own: {
      ...others,
      [SNP_FILES.report]: minted.report,
      [SNP_FILES.runtimeData]: minted.runtimeData,
    },
    base: null,
    absent: ["hclReport", "statement"],
  };
}

function nameOf(role: string): string {
  if (role === "statement") return STATEMENT;
  const [, name] = Object.entries(SNP_FILES).find(([one]) => one === role) ?? [];
  return [name].flat()[0] ?? "";
}

function evidenceOf({ files, snp, statement }: MintedAzureSnp): Evidence {
  return {
    ...byName(SNP_FILES, files),
    [ROOT]: snp.der.ark,
    ...(statement === null ? {} : { [STATEMENT]: statement }),
  };
}

function policyOf({ idKeyDigest, vtpm }: MintedAzureSnp, more: object = {}): unknown {
  return {
    version: 1,
    allowLab: true,
    "azure-sev-snp": {
      tee: { idKeyDigests: [toHex(idKeyDigest)] },
      vtpm: vtpmSection(vtpm, more),
    },
  };
}
