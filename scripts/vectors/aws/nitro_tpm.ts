/**
 * Mints the vectors of instances with NitroTPM.
 *
 * @module
 */

import type { CaseFile } from "../../../tests/vectors.ts";
import {
  type AwsAuthority,
  createAwsAuthority,
  LAB_ACCOUNT,
  LAB_REGION,
  mintAwsNitroTpm,
  type MintAwsNitroTpmOptions,
  type MintedAws,
  NITRO_BENDS,
  NITRO_CLAIM_BENDS,
} from "../../../src/lab/mod.ts";
import { type MintedCase, NONCE, only, TIME, type VectorSource } from "../source.ts";
import { evidenceOf, NITRO_TPM_FILES, ROOTS, STATEMENT, statementOf } from "./files.ts";
import { DOCUMENT, pinsOf } from "./nitro_enclave.ts";

/** Instances with NitroTPM. */
export const awsNitroTpmVectors: VectorSource = {
  files: NITRO_TPM_FILES,
  labRoot: ROOTS,
  statement: STATEMENT,
  mint,
};

const NITRO_TPM = statementOf("aws-nitro-tpm");

/** Of each good case an authority of its own, so that no file fits another case. */
async function* mint(): AsyncGenerator<MintedCase> {
  const authority = await createAwsAuthority(TIME);
  const options = { now: TIME, nonce: NONCE, statement: NITRO_TPM };
  const minted = await mintAwsNitroTpm(authority, options);
  const policy = policyOf(minted, { account: LAB_ACCOUNT, regions: [LAB_REGION] });
  const good = { verdict: "lab-trusted", code: null, base: null } as const;
  yield {
    ...good,
    name: "stated",
    says: "Document over a statement of a member, with identity document and lists",
    policy,
    expected: EXPECTED,
    own: evidenceOf(minted, NITRO_TPM_FILES),
  };
  yield* bentCases(authority, minted, policy);
  const foreign = await mintAwsNitroTpm(await createAwsAuthority(TIME), {
    now: TIME,
    nonce: NONCE,
  });
  yield {
    ...good,
    name: "foreign",
    says: "Document over a nonce alone, of a node that states nothing",
    policy: policyOf(foreign, {}),
    own: only(evidenceOf(foreign, NITRO_TPM_FILES), [DOCUMENT, ROOTS]),
    absent: [
      ...["documentCrls", "identityDocument", "identitySignature", "identityCert"],
      "statement",
    ],
  };
}

/** What is expected of the statement. */
export const EXPECTED = { clusterId: NITRO_TPM.clusterId, role: NITRO_TPM.role } as const;

/** A case with one thing wrong: its name, what it is, its code, and what is minted otherwise. */
type Bent = readonly [
  name: string,
  says: string,
  code: string,
  files: readonly string[],
  options: Partial<MintAwsNitroTpmOptions>,
];

const SIGNED_IDENTITY = ["identity.json", "identity.sig"];

async function* bentCases(
  authority: AwsAuthority,
  minted: MintedAws,
  policy: unknown,
): AsyncGenerator<MintedCase> {
  const { document: { keys } } = minted;
  const context = { now: TIME, keys, authority: authority.nitro };
  const claim = (name: string) => NITRO_CLAIM_BENDS[name]?.bends(context) ?? {};
  const stranger = await createAwsAuthority(TIME);
  const cases: readonly Bent[] = [
    ["of-an-enclave", "Document of an enclave in a NitroTPM's place", "nitro.wrong_kind", [
      DOCUMENT,
    ], { bends: { document: { payload: { registersName: "pcrs" } } } }],
    ["zero-registers", "Registers of zeros", "nitro.debug", [DOCUMENT], {
      bends: { document: await claim("debug") },
    }],
    ["beside-a-report", "Document that was made beside a report", "nitro.user_data_mismatch", [
      DOCUMENT,
    ], { bends: { document: { payload: { userData: new Uint8Array(32).fill(9) } } } }],
    ["other-nonce", "Document over another question", "nitro.nonce_mismatch", [DOCUMENT], {
      nonce: NONCE.map((byte) => ~byte),
    }],
    ["other-statement", "Another statement beside the document", "nitro.nonce_mismatch", [
      STATEMENT,
    ], { statement: { ...NITRO_TPM, tlsSpki: `3059${"e6".repeat(89)}` } }],
    ["other-variant", "Statement of an instance with SEV-SNP", "statement.variant_mismatch", [
      DOCUMENT,
      STATEMENT,
    ], { statement: statementOf("aws-sev-snp") }],
    [
      "other-phase",
      "Register of another phase than the statement says",
      "statement.phase_mismatch",
      [
        DOCUMENT,
      ],
      { bends: { document: { payload: phaseOf(minted) } } },
    ],
    ["revoked-zone", "The zone is revoked", "nitro.revoked", ["region_crl.der"], {
      bends: { document: await NITRO_BENDS["zone-revoked"]?.bends(context) ?? {} },
    }],
    ["foreign-account", "Instance of another account", "ec2.account_mismatch", SIGNED_IDENTITY, {
      bends: { instance: { identity: { accountId: "999999999999" } } },
    }],
    ["foreign-region", "Instance in another region", "ec2.region_mismatch", SIGNED_IDENTITY, {
      bends: { instance: { identity: { region: "xx-lab-2" } } },
    }],
    [
      "other-instance",
      "Identity document of another instance",
      "ec2.instance_mismatch",
      SIGNED_IDENTITY,
      { bends: { instance: { identity: { instanceId: "i-0fedcba9876543210" } } } },
    ],
    ["forged-identity", "Identity document signed by a stranger", "ec2.signature_mismatch", [
      "identity.sig",
    ], { bends: { instance: { cms: { signWith: stranger.region.key } } } }],
  ];
  for (const [name, says, code, files, changed] of cases) {
    const again = await mintAwsNitroTpm(authority, {
      now: TIME,
      nonce: NONCE,
      statement: NITRO_TPM,
      ...changed,
    });
    const own = only(evidenceOf(again, NITRO_TPM_FILES), files);
    yield {
      name,
      says,
      code,
      own,
      policy,
      expected: EXPECTED,
      verdict: "rejected",
      base: "stated",
    };
  }
  yield {
    name: "software-key",
    says: "A program of the instance signs in the hypervisor's place",
    code: "nitro.root_unknown",
    own: only(
      evidenceOf(
        await mintAwsNitroTpm(stranger, { now: TIME, nonce: NONCE, statement: NITRO_TPM }),
        NITRO_TPM_FILES,
      ),
      [DOCUMENT],
    ),
    policy,
    expected: EXPECTED,
    verdict: "rejected",
    base: "stated",
  };
}

/** The registers with PCR 15 of a boot that no cluster knows. */
function phaseOf({ document: { payload } }: MintedAws): object {
  return {
    registers: payload.registers.map(([register, value]) => [
      register,
      register === 15 ? new Uint8Array(48) : value,
    ]),
  };
}

/** What runs is pinned. */
function policyOf({ document }: MintedAws, own: object): CaseFile["policy"] {
  const section = { vtpm: { registers: pinsOf(document, [4, 11]) }, ...own };
  return { version: 1, allowLab: true, "aws-nitro-tpm": section };
}
