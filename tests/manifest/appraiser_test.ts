/**
 * Evidence of peers under a manifest, in the lab.
 *
 * @module
 */

import assert from "node:assert/strict";
import { inlineEngine } from "../../src/core/crypto_inline.ts";
import { toHex } from "../../src/core/bytes.ts";
import { labelledHash } from "../../src/core/labelled_hash.ts";
import { InputError, RejectedError, UnavailableError } from "../../src/core/errors.ts";
import { technologies } from "../../src/evidence/registry.ts";
import type { Statement } from "../../src/evidence/statement/statement.ts";
import type { VariantId } from "../../src/evidence/variants/facts.ts";
import { LAB_ACCOUNT } from "../../src/lab/aws/identity.ts";
import { createRegion, labReference, type MintedVariant } from "../../src/lab/mod.ts";
import { pem } from "../../src/lab/pem.ts";
import type { ManifestChain } from "../../src/manifest/chain.ts";
import type { ManifestIntent } from "../../src/manifest/create.ts";
import { readReferences, referenceDigest } from "../../src/manifest/references.ts";
import { signReference } from "../../src/policy/reference/authority.ts";
import { plainCopy } from "../../src/policy/reference/plain_copy.ts";
import { requestOfEnvelope } from "../../src/verifier/envelope.ts";
import { examine } from "../../src/verifier/examine.ts";
import { createAppraiser } from "../../src/services/attest/appraiser.ts";
import { labRootDigests } from "../../src/services/attest/lab_roots.ts";
import { mintedOf, NONCE, OLD_NONCE } from "../variants/ask.ts";
import { INTENT, made, NOW, OWNER } from "./owner.ts";

/** A cluster of one variant in the lab. */
interface Lab {
  readonly chain: ManifestChain;
  readonly minted: MintedVariant;
  readonly files: readonly Uint8Array[];
}

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** Roots that a verdict on any of them needs. */
const ROOTS = ["amd", "intel", "paravisor", "provider", "none"];

/** The lab's nodes state this cluster, whose id must be known before they are minted. */
async function labOf(
  variant: VariantId,
  change: Partial<ManifestIntent> = {},
  said: Partial<Statement> = {},
): Promise<Lab> {
  const { roots, reference, policy } = await mintedOf(variant);
  const { accountKey = "" } = technologies.find(({ id }) => id === variant) ?? {};
  const account = `${policy[accountKey] ?? ""}`;
  const file = await signReference(plainCopy(labReference(variant, reference, NOW)), [OWNER]);
  const intent = {
    ...INTENT,
    labRoots: labRootDigests([bytes(roots)]),
    policy: { version: 1, acceptRoots: ROOTS, admitVariants: [variant] },
    images: [{ variant, version: "1.4.0", reference: referenceDigest(file, "r") }],
    groups: INTENT.groups.map((group) => ({ ...group, variant, account })),
    ...change,
  };
  const { chain, clusterId } = await made(1, intent);
  const name = `of ${clusterId}${JSON.stringify(said)}`;
  return { chain, files: [file], minted: await mintedOf(variant, name, { clusterId, ...said }) };
}

async function appraiserOf({ chain, files, minted }: Lab, change: object = {}) {
  const references = await readReferences(chain, files);
  return createAppraiser({
    chain: () => chain,
    references: () => references,
    labRoots: [bytes(minted.roots)],
    engine: inlineEngine,
    clock: { now: () => NOW },
    ...change,
  });
}

/** What an appraiser threw, with the code that decided. */
async function codeOf(asked: Promise<unknown>): Promise<string> {
  const error = await asked.then(() => assert.fail("accepted"), (e: unknown) => e);
  const isOurs = error instanceof RejectedError || error instanceof UnavailableError ||
    error instanceof InputError;
  if (!isOurs) throw error;
  return error.code;
}

const GCP = await labOf("gcp-sev-snp");

Deno.test("createAppraiser() tells what was proven of a peer", async () => {
  const appraiser = await appraiserOf(GCP);
  const { chain, minted } = GCP;
  const told = await appraiser.appraise(minted.envelope, NONCE, {
    purpose: "serve",
    clusterId: chain.clusterId,
    role: "worker",
  });
  assert.equal(told.variant, "gcp-sev-snp");
  assert.equal(told.verdict, "lab-trusted");
  assert.equal(told.account, chain.newest.groups[0]?.account);
  assert.equal(told.statement.clusterId, chain.clusterId);
  const digest = async (of: Uint8Array) =>
    [...new Uint8Array(await crypto.subtle.digest("SHA-256", new Uint8Array(of)))]
      .map((byte) => byte.toString(16).padStart(2, "0")).join("");
  assert.equal(told.statementDigest, await digest(minted.statement));
  assert.equal(told.evidenceDigest, await digest(minted.envelope));
  assert.match(told.machine, /^[0-9a-f]{64}$/);
});

Deno.test("a lab is believed where the manifest names its roots, and nowhere else", async () => {
  const { envelope } = GCP.minted;
  const real = await labOf("gcp-sev-snp", { labRoots: null });
  const onReal = await appraiserOf(real);
  assert.equal(
    await codeOf(onReal.appraise(real.minted.envelope, NONCE, {})),
    "snp.lab_on_vendor_path",
  );
  for (const labRoots of [[], [bytes((await mintedOf("tdx")).roots)]]) {
    const without = await appraiserOf(GCP, { labRoots });
    assert.equal(await codeOf(without.appraise(envelope, NONCE, {})), "manifest.lab_roots");
  }
});

Deno.test("createAppraiser() demands the cluster, the nonce and what else is expected", async () => {
  const appraiser = await appraiserOf(GCP);
  const { envelope } = GCP.minted;
  const ask = (expected: object, nonce = NONCE) =>
    codeOf(appraiser.appraise(envelope, nonce, expected));
  assert.equal(await ask({}, OLD_NONCE), "snp.report_data_mismatch");
  assert.equal(await ask({ purpose: "join" }), "statement.purpose_mismatch");
  assert.equal(await ask({ role: "control-plane" }), "statement.role_mismatch");
  assert.equal(await ask({ clusterId: "00".repeat(32) }), "input.conflict");
  const elsewhere = await mintedOf("gcp-sev-snp", "elsewhere", { clusterId: "c9".repeat(32) });
  const asked = appraiser.appraise(elsewhere.envelope, NONCE, {});
  assert.equal(await codeOf(asked), "statement.cluster_mismatch");
});

Deno.test("createAppraiser() admits the manifest's variants, accounts, images and roots alone", async () => {
  const foreign = await mintedOf("qemu-vtpm", "foreign", { clusterId: GCP.chain.clusterId });
  const appraiser = await appraiserOf(GCP, {
    labRoots: [bytes(GCP.minted.roots), bytes(foreign.roots)],
  });
  assert.equal(
    await codeOf(appraiser.appraise(foreign.envelope, NONCE, {})),
    "trust.variant_not_admitted",
  );
  const groups = INTENT.groups.map((group) => ({ ...group, account: "another-project" }));
  const others = await labOf("gcp-sev-snp", { groups });
  const byOthers = (await appraiserOf(others)).appraise(others.minted.envelope, NONCE, {});
  assert.equal(await codeOf(byOthers), "gce.project_mismatch");
  const policy = { version: 1, acceptRoots: ["amd"], admitVariants: ["gcp-sev-snp"] };
  const strict = await labOf("gcp-sev-snp", { policy });
  const byStrict = await (await appraiserOf(strict)).appraise(strict.minted.envelope, NONCE, {});
  // A lab stands in the place of every root; that is why it is never more than a lab.
  assert.equal(byStrict.verdict, "lab-trusted");
});

Deno.test("where groups are of several accounts, a refusal is told under the evidence's own", async () => {
  const { groups } = GCP.chain.newest;
  const [group] = groups;
  assert.ok(group !== undefined);
  const others = ["a-project", "z-project"].map((account) => ({
    ...group,
    name: account,
    account,
  }));
  const several = await labOf("gcp-sev-snp", { groups: [...groups, ...others] });
  const appraiser = await appraiserOf(several);
  const asked = appraiser.appraise(several.minted.envelope, NONCE, { audience: "00".repeat(32) });
  assert.equal(await codeOf(asked), "statement.audience_mismatch");
});

Deno.test("while an upgrade is under way, each image is accepted whole", async () => {
  const { reference } = await mintedOf("gcp-sev-snp");
  const other = {
    vtpm: { registers: { sha256: { "4": ["ee".repeat(32)], "11": ["ee".repeat(32)] } } },
  };
  const sign = async (section: object) =>
    await signReference(plainCopy({ version: 1, "gcp-sev-snp": section }), [OWNER]);
  const files = [await sign(reference), await sign(other)];
  const images = files.map((file, at) => ({
    variant: "gcp-sev-snp",
    version: `1.${at}.0`,
    reference: referenceDigest(file, "r"),
  }));
  const upgrading = { ...await labOf("gcp-sev-snp", { images }), files };
  const told = await (await appraiserOf(upgrading)).appraise(upgrading.minted.envelope, NONCE, {});
  assert.equal(told.verdict, "lab-trusted");
  const done = await labOf("gcp-sev-snp", { images: images.slice(1) });
  const after = await appraiserOf({ ...done, files: files.slice(1) });
  const asked = after.appraise(done.minted.envelope, NONCE, {});
  assert.equal(await codeOf(asked), "tpm.register_mismatch");
});

Deno.test("nobody is judged under a manifest that is not in force", async () => {
  const late = await appraiserOf(GCP, { clock: { now: () => new Date("2030-01-01T00:00:00Z") } });
  assert.equal(await codeOf(late.appraise(GCP.minted.envelope, NONCE, {})), "manifest.expired");
});

Deno.test("collateral that is got goes before what the envelope brings, and what it leaves out does not come back", async () => {
  const without = await appraiserOf(GCP, {
    complete: (_variant: string, files: object) => {
      const { crls: _, ...rest } = Object.assign({ crls: [] }, files);
      return Promise.resolve(rest);
    },
  });
  assert.equal(
    await codeOf(without.appraise(GCP.minted.envelope, NONCE, {})),
    "snp.crl_missing",
  );
  const same = await appraiserOf(GCP, {
    complete: (variant: string, files: object) => {
      assert.equal(variant, "gcp-sev-snp");
      return Promise.resolve(files);
    },
  });
  assert.equal((await same.appraise(GCP.minted.envelope, NONCE, {})).verdict, "lab-trusted");
});

async function machineOf(lab: Lab): Promise<string> {
  return (await (await appraiserOf(lab)).appraise(lab.minted.envelope, NONCE, {})).machine;
}

Deno.test("a machine is known again by the key of its TPM, whatever boot it is", async () => {
  const { envelope, roots } = GCP.minted;
  const labRoots = [bytes(roots)];
  const terms = { now: NOW, profile: "crypto-only", labRoots } as const;
  const { claims } = await examine(inlineEngine, requestOfEnvelope(envelope, terms));
  const { vtpm: { key: { spkiSha256 } } } = Object(claims);
  const fields = ["gcp-sev-snp", spkiSha256].map(bytes);
  const expected = toHex(labelledHash("sha256", "casemate/machine/v1", ...fields));
  assert.equal(await machineOf(GCP), expected);
  // Each mint makes another TPM.
  const another = await labOf("gcp-sev-snp", {}, { bootId: "b1".repeat(16) });
  assert.notEqual(await machineOf(another), expected);
});

Deno.test("where evidence names no machine, each boot is one: a chip is shared by its host's guests", async () => {
  const snp = await labOf("sev-snp");
  const rebooted = await labOf("sev-snp", {}, { bootId: "b1".repeat(16) });
  assert.equal(await machineOf(snp), await machineOf(snp));
  assert.notEqual(await machineOf(snp), await machineOf(rebooted));
});

Deno.test("an account that the manifest demands is never taken on trust", async () => {
  const groups = INTENT.groups.map((group) => ({
    ...group,
    variant: "aws-nitro-tpm",
    account: "000000000000",
  }));
  const lab = await labOf("aws-nitro-tpm", { groups });
  const ask = async (change: object) =>
    await codeOf((await appraiserOf(lab, change)).appraise(lab.minted.envelope, NONCE, {}));
  // The region's certificate is the verifier's own to have: a node does not send it.
  assert.equal(await ask({}), "ec2.identity_missing");
  const complete = () => Promise.resolve(lab.minted.files);
  assert.equal(await ask({ complete }), "ec2.account_mismatch");
});

Deno.test("the manifest carries by what identity documents of its region are verified", async () => {
  const variant = "aws-nitro-tpm";
  const { files } = await mintedOf(variant);
  const { certificate: foreign } = await createRegion(NOW);
  const { identityCert: own } = files;
  assert.ok(own instanceof Uint8Array);
  const account = LAB_ACCOUNT;
  const inCluster = async (certificate: Uint8Array, named = account) =>
    await labOf(variant, {
      policy: {
        version: 1,
        acceptRoots: ROOTS,
        admitVariants: [variant],
        [variant]: { identityCertificate: pem("CERTIFICATE", certificate) },
      },
      groups: INTENT.groups.map((group) => ({ ...group, variant, account: named })),
    });
  const lab = await inCluster(own);
  const told = await (await appraiserOf(lab)).appraise(lab.minted.envelope, NONCE, {});
  assert.deepEqual([told.verdict, told.account], ["lab-trusted", account]);
  const ask = async (of: Lab, change: object = {}) =>
    await codeOf((await appraiserOf(of, change)).appraise(of.minted.envelope, NONCE, {}));
  const others = await inCluster(own, "000000000000");
  assert.equal(await ask(others), "ec2.account_mismatch");
  const wrong = await inCluster(foreign);
  assert.match(await ask(wrong), /^ec2\.(?:signer|signature)_mismatch$/);
  // Whatever brings evidence along, its certificate is not the one that is believed.
  const complete = () => Promise.resolve({ ...lab.minted.files, identityCert: foreign });
  assert.equal(await ask(lab, { complete }), "input.conflict");
});

Deno.test("createAppraiser() judges machines of Intel and of Azure", async () => {
  for (const variant of ["gcp-tdx", "azure-sev-snp"] as const) {
    const lab = await labOf(variant);
    const told = await (await appraiserOf(lab)).appraise(lab.minted.envelope, NONCE, {});
    assert.deepEqual([told.variant, told.verdict, told.account], [variant, "lab-trusted", ""]);
  }
});
