/**
 * Evidence of AWS that was put together by somebody else, or is called another's.
 *
 * @module
 */

import assert from "node:assert/strict";
import { examine, type Request } from "../../mod.ts";
import { readEnvelope } from "../../src/evidence/envelope/envelope.ts";
import { createAwsSnpAuthority, createTpmAuthority, mintTpm } from "../../src/lab/mod.ts";
import { mintAwsNitroTpm } from "../../src/lab/mod.ts";
import { labAuthority } from "../lab_authority.ts";
import { assertRefused, assertVerdict, shown } from "../result.ts";
import { ask, mintSnp, mintTpm as mintInstance, NONCE, NOW, pinsOf, stated } from "./ask.ts";

const tpm = await mintInstance();
const snp = await mintSnp();

/** Files of SEV-SNP. */
const OF_REPORT = { report: undefined, leaf: undefined, chainAskArk: undefined, crls: undefined };

Deno.test("evidence of AWS is accepted as what it is", async () => {
  for (const minted of [tpm, snp]) {
    const result = await ask(minted);
    assert.equal(result.verdict, "lab-trusted", shown(result));
    assert.equal(result.binding, "nonce");
    assert.deepEqual(result.findings.filter(({ kind }) => kind === "mismatch"), []);
  }
});

Deno.test("an envelope carries what a node has, and nothing that a verifier decides by", () => {
  assert.ok(snp.envelope);
  const { variant, files } = readEnvelope(snp.envelope);
  assert.equal(variant, "aws-sev-snp");
  assert.deepEqual(Object.keys(files).filter((role) => files[role] !== undefined).sort(), [
    ...["chainAskArk", "crls", "document", "identityDocument", "identitySignature"],
    ...["leaf", "report"],
  ]);
});

Deno.test("an instance with SEV-SNP that is called one without is refused", async () => {
  const variant = "aws-nitro-tpm";
  const result = await ask(snp, { variant, files: OF_REPORT });
  assertRefused(result, "nitro.user_data_mismatch");
  const codes = result.findings.map(({ code }) => code);
  assert.ok(codes.includes("statement.variant_mismatch"), shown(result));
  await assert.rejects(ask(snp, { variant }), { code: "input.unknown" });
});

Deno.test("an instance without SEV-SNP that is called one with it is refused", async () => {
  const variant = "aws-sev-snp";
  await assert.rejects(ask(tpm, { variant }), { code: "input.missing" });
  const { report, leaf, chainAskArk, crls } = snp.files;
  const files = { report, leaf, chainAskArk, crls };
  const labRoots = [new TextEncoder().encode(snp.report.root + tpm.root)];
  assertRefused(await ask(tpm, { variant, files, labRoots }), "nitro.user_data_mismatch");
});

Deno.test("parts of two instances are refused, whichever stands in the other's place", async () => {
  const other = await mintSnp();
  const { report, leaf, document } = other.files;
  const foreignReport = await ask(snp, { files: { report, leaf } });
  assertRefused(foreignReport, "nitro.user_data_mismatch");
  assertRefused(await ask(snp, { files: { document } }), "nitro.user_data_mismatch");
  const { identityDocument, identitySignature } = (await mintInstance({
    bends: { instance: { identity: { instanceId: "i-0fedcba9876543210" } } },
  })).files;
  const foreignIdentity = { files: { identityDocument, identitySignature } };
  assertRefused(await ask(snp, foreignIdentity), "ec2.instance_mismatch");
});

Deno.test("an instance id that begins as another's is not the other's", async () => {
  const { identityDocument, identitySignature } = (await mintInstance({
    bends: { instance: { identity: { instanceId: "i-0123456789abcde" } } },
  })).files;
  const result = await ask(tpm, { files: { identityDocument, identitySignature } });
  assertRefused(result, "ec2.instance_mismatch");
});

Deno.test("TPM-07 a program's key signs no attestation document", async () => {
  const stranger = await createAwsSnpAuthority(NOW, await labAuthority());
  const forged = await mintAwsNitroTpm(stranger, {
    now: NOW,
    nonce: NONCE,
    statement: stated("aws-nitro-tpm"),
  });
  const { document } = forged.files;
  assertRefused(await ask(tpm, { files: { document } }), "nitro.root_unknown");
  assertRefused(await ask(tpm, { files: { document }, labRoots: [] }), "nitro.lab_root");
});

Deno.test("TPM-07 a program's key dressed as an attestation key has the root none", async () => {
  const { quote, signature, akPublic, pcrs } = await mintTpm(
    await createTpmAuthority({ now: NOW }),
    { now: NOW, nonce: NONCE },
  );
  const files = {
    tpmQuoteMsg: quote,
    tpmQuoteSig: signature,
    akPub: akPublic,
    pcrs: new TextEncoder().encode(JSON.stringify(pcrs)),
  };
  await assert.rejects(ask(tpm, { files }), { code: "input.unknown" });
  const { "4": four, "11": eleven } = pcrs["sha256"] ?? {};
  const registers = { sha256: { "4": [four], "11": [eleven] } };
  const request: Request = {
    variant: "tpm",
    evidence: files,
    expect: { nonce: NONCE },
    policy: { version: 1, tpm: { registers } },
    now: NOW,
  };
  const result = await examine(request);
  assertVerdict(result, "platform-only", "trust.root_not_accepted");
  assert.equal(result.weakestRoot, "none");
});

Deno.test("registers are pinned for the document in hand, and no others stand in for them", async () => {
  const swapped = { vtpm: { registers: pinsOf(tpm, [0, 4]) } };
  assertVerdict(
    await ask(tpm, { section: swapped }),
    "platform-only",
    "nitro.registers_not_pinned",
  );
});

Deno.test("who is asked for an account gets an answer of AWS's, or none at all", async () => {
  const pinned = { vtpm: { registers: pinsOf(tpm) }, account: "012345678901" };
  assert.equal((await ask(tpm, { section: pinned })).verdict, "lab-trusted");
  const unverified = await ask(tpm, { section: pinned, files: { identityCert: undefined } });
  assertVerdict(unverified, "unavailable", "ec2.identity_missing");
  assert.equal(Object(unverified.claims)["instance"], null);
});

Deno.test("half of an identity document is no question", async () => {
  for (const role of ["identityDocument", "identitySignature"]) {
    await assert.rejects(ask(tpm, { files: { [role]: undefined } }), { code: "input.missing" });
  }
  const alone = { identityDocument: undefined, identitySignature: undefined };
  await assert.rejects(ask(tpm, { files: alone }), { code: "input.missing" });
});
