/**
 * NET-06: what evidence calls itself chooses among what the policy admits, and nothing more.
 *
 * @module
 */

import assert from "node:assert/strict";
import { assertRefused, assertVerdict } from "../../result.ts";
import { ask, mintSnp, mintTpm } from "../ask.ts";

const tpm = await mintTpm();
const snp = await mintSnp();

Deno.test("NET-06 there is no variant whose evidence nobody signs", async () => {
  for (const variant of ["sample", "test", "lab", "none", "insecure", "", "AWS-NITRO-TPM"]) {
    await assert.rejects(ask(tpm, { variant, section: {} }), {
      code: /^(?:input\.unknown|policy\.unknown_key)$/,
    });
  }
});

Deno.test("NET-06 a variant that the policy does not admit is refused, though its evidence is right", async () => {
  const policy = { admitVariants: ["aws-sev-snp"] };
  assertRefused(await ask(tpm, { policy }), "trust.variant_not_admitted");
  assert.equal((await ask(snp, { policy })).verdict, "lab-trusted");
});

Deno.test("NET-06 evidence of a lab is never trusted because it says so", async () => {
  const pretends: readonly object[] = [
    {},
    { allowLab: true },
    { acceptRoots: ["provider", "amd", "none"] },
    { allowLab: true, acceptRoots: ["none"], admitVariants: ["aws-nitro-tpm"] },
  ];
  for (const policy of pretends) {
    assertRefused(await ask(tpm, { policy, labRoots: [] }), "nitro.lab_root");
  }
  for (const policy of pretends) {
    const { verdict } = await ask(tpm, { policy });
    assert.ok(verdict !== "trusted", verdict ?? "");
  }
});

Deno.test("NET-06 no member of a statement chooses how it is verified", async () => {
  const asks = [tpm, snp].map(async (minted) => {
    const variant = minted === tpm ? "aws-sev-snp" : "aws-nitro-tpm";
    const files = { ...tpm.files, ...snp.files };
    const roles = variant === "aws-nitro-tpm"
      ? { ...files, report: undefined, leaf: undefined, chainAskArk: undefined, crls: undefined }
      : files;
    return await ask(minted, {
      variant,
      files: roles,
      labRoots: [new TextEncoder().encode(snp.root + tpm.root)],
    });
  });
  for (const result of await Promise.all(asks)) assert.equal(result.verdict, "rejected");
});

Deno.test("NET-06 what a lab certifies of an instance is a lab's word, whoever signed the rest", async () => {
  const section = { account: "012345678901" };
  const result = await ask(tpm, { section });
  assertVerdict(result, "platform-only", "nitro.registers_not_pinned");
  const account = result.findings.find(({ id }) => id === "ec2.account");
  assert.deepEqual([account?.kind, account?.root], ["match", "lab"]);
});
