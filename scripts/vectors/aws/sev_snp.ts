/**
 * Mints the vectors of instances with SEV-SNP and NitroTPM.
 *
 * @module
 */

import { plainHash } from "../../../src/core/labelled_hash.ts";
import {
  type AwsSnpAuthority,
  createAmdAuthority,
  createAwsSnpAuthority,
  LAB_ACCOUNT,
  type LabLine,
  mintAwsSevSnp,
  type MintAwsSevSnpOptions,
  type MintedAws,
  type MintedAwsSnp,
} from "../../../src/lab/mod.ts";
import { toHex } from "../../../src/core/bytes.ts";
import { type MintedCase, NONCE, only, TIME, type VectorSource } from "../source.ts";
import { evidenceOf, ROOTS, SEV_SNP_FILES, STATEMENT, statementOf } from "./files.ts";
import { DOCUMENT, pinsOf } from "./nitro_enclave.ts";
import { EXPECTED } from "./nitro_tpm.ts";

/** Instances with SEV-SNP and NitroTPM. */
export const awsSevSnpVectors: VectorSource = {
  files: SEV_SNP_FILES,
  labRoot: ROOTS,
  statement: STATEMENT,
  mint,
};

const SEV_SNP = statementOf("aws-sev-snp");

/** Report data of the case without a statement. */
const REPORT_DATA = new Uint8Array(64).fill(0xcd);

/** RSA keys of AMD's size are slow to make: both lines share them. */
async function authorities(): Promise<readonly [AwsSnpAuthority, AwsSnpAuthority]> {
  const genoa = await createAmdAuthority({ line: "Genoa", now: TIME });
  const keys = { ARK: genoa.ARK.key, VCEK: genoa.VCEK.key, VLEK: genoa.VLEK.key };
  const line: LabLine = "Milan";
  const milan = await createAmdAuthority({ line, now: TIME, keys });
  return [await createAwsSnpAuthority(TIME, genoa), await createAwsSnpAuthority(TIME, milan)];
}

async function* mint(): AsyncGenerator<MintedCase> {
  const [genoa, milan] = await authorities();
  const minted = await mintAwsSevSnp(genoa, { now: TIME, nonce: NONCE, statement: SEV_SNP });
  const policy = policyOf(minted, { account: LAB_ACCOUNT });
  const good = { verdict: "lab-trusted", code: null, base: null } as const;
  yield {
    ...good,
    name: "stated",
    says: "Report and document over a statement of a member, with identity document",
    policy,
    expected: EXPECTED,
    own: evidenceOf(minted, SEV_SNP_FILES),
  };
  yield* bentCases(genoa, minted, policy);
  const foreign = await mintAwsSevSnp(milan, {
    now: TIME,
    nonce: NONCE,
    reportData: REPORT_DATA,
  });
  const without = ["documentCrls", "identityDocument", "identitySignature", "identityCert"];
  const names = without.flatMap((role) => SEV_SNP_FILES[role] ?? []);
  const evidence = evidenceOf(foreign, SEV_SNP_FILES);
  yield {
    ...good,
    name: "foreign",
    says: "Report of Milan and document of a node that states nothing",
    policy: {
      ...policyOf(foreign, {}),
      acceptCompromised: { milan: "2026-12-31" },
    },
    expected: { reportData: toHex(REPORT_DATA) },
    own: only(evidence, Object.keys(evidence).filter((name) => !names.includes(name))),
    absent: [...without, "statement"],
  };
}

/** A case with one thing wrong: its name, what it is, its code, its files, and what is minted otherwise. */
type Bent = readonly [
  name: string,
  says: string,
  code: string,
  files: readonly string[],
  options: Partial<MintAwsSevSnpOptions>,
];

const BOTH: readonly string[] = ["report.bin", "leaf.der", "chain.der", "crl.der", DOCUMENT];

function bends({ report, document }: MintedAwsSnp): readonly Bent[] {
  const userData = plainHash("sha256", report.report);
  return [
    ["other-report", "Report of another machine", "nitro.user_data_mismatch", [
      "report.bin",
      "leaf.der",
    ], {}],
    ["other-document", "Document of another machine", "nitro.user_data_mismatch", [DOCUMENT], {}],
    ["no-user-data", "Document of an instance without a report", "nitro.user_data_mismatch", [
      DOCUMENT,
    ], { userData: null }],
    ["of-an-enclave", "Document of an enclave in a NitroTPM's place", "nitro.wrong_kind", [
      DOCUMENT,
    ], { userData, bends: { document: { payload: { registersName: "pcrs" } } } }],
    ["zero-registers", "Registers of zeros", "nitro.debug", [DOCUMENT], {
      userData,
      bends: {
        document: {
          payload: {
            registers: document.payload.registers.map(([n]) => [n, new Uint8Array(48)] as const),
          },
        },
      },
    }],
    ["stale-report", "Report and document over another nonce", "snp.report_data_mismatch", BOTH, {
      nonce: NONCE.map((byte) => ~byte),
    }],
    ["stale-document", "Document over another nonce", "nitro.nonce_mismatch", [DOCUMENT], {
      userData,
      nonce: NONCE.map((byte) => ~byte),
    }],
    ["other-variant", "Statement of an instance without SEV-SNP", "statement.variant_mismatch", [
      ...BOTH,
      STATEMENT,
    ], { statement: statementOf("aws-nitro-tpm") }],
    ["vcek", "Report under a key of one chip, which AWS does not use", "ec2.csp_mismatch", BOTH, {
      report: { form: "VCEK" },
    }],
    ["other-provider", "Report under a key of another provider", "ec2.csp_mismatch", BOTH, {
      report: { cspId: "CN=cc-lab.example.net" },
    }],
    ["debug", "Guest that its host may debug", "snp.debug_allowed", BOTH, {
      report: { bends: { report: { policy: 0xb0000n } } },
    }],
    ["foreign-account", "Instance of another account", "ec2.account_mismatch", [
      "identity.json",
      "identity.sig",
    ], { bends: { instance: { identity: { accountId: "999999999999" } } } }],
  ];
}

async function* bentCases(
  authority: AwsSnpAuthority,
  minted: MintedAwsSnp,
  policy: unknown,
): AsyncGenerator<MintedCase> {
  const bent = { policy, expected: EXPECTED, verdict: "rejected", base: "stated" } as const;
  for (const [name, says, code, files, changed] of bends(minted)) {
    const again = await mintAwsSevSnp(authority, {
      now: TIME,
      nonce: NONCE,
      statement: SEV_SNP,
      ...changed,
    });
    yield { ...bent, name, says, code, own: only(evidenceOf(again, SEV_SNP_FILES), files) };
  }
}

/** What runs is pinned by registers; the launch measurement is of AWS's firmware. */
function policyOf({ document }: MintedAws, own: object): object {
  const section = { vtpm: { registers: pinsOf(document, [4, 11]) }, ...own };
  return { version: 1, allowLab: true, "aws-sev-snp": section };
}
