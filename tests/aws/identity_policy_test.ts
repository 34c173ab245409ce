/**
 * The region's certificate as a policy has it: who believes it says so, and
 * nobody who brings evidence does.
 *
 * @module
 */

import assert from "node:assert/strict";
import { InputError } from "../../src/core/errors.ts";
import { LAB_REGION } from "../../src/lab/aws/identity.ts";
import { createRegion } from "../../src/lab/mod.ts";
import { pem } from "../../src/lab/pem.ts";
import { shown } from "../result.ts";
import { ask, mintSnp, mintTpm, NOW, pinsOf } from "./ask.ts";

for (
  const [variant, minted] of [["aws-nitro-tpm", await mintTpm()], [
    "aws-sev-snp",
    await mintSnp(),
  ]] as const
) {
  const { identityCert: own } = minted.files;
  assert.ok(own instanceof Uint8Array);
  const pinned = { vtpm: { registers: pinsOf(minted) }, regions: [LAB_REGION] };
  const withCert = (der: Uint8Array) => ({
    ...pinned,
    identityCertificate: pem("CERTIFICATE", der),
  });

  Deno.test(`${variant}: the policy's certificate verifies the identity document, and no file is needed`, async () => {
    const without = { identityCert: undefined };
    const result = await ask(minted, { files: without, section: withCert(own) });
    const region = result.findings.find(({ id }) => id === "ec2.region");
    assert.equal(result.verdict, "lab-trusted", shown(result));
    assert.equal(region?.kind, "match");
    const { verdict, code } = await ask(minted, { files: without, section: pinned });
    assert.deepEqual([verdict, code], ["unavailable", "ec2.identity_missing"]);
  });

  Deno.test(`${variant}: whoever brings evidence brings no other certificate than the policy's`, async () => {
    const { certificate: foreign } = await createRegion(NOW);
    const same = [own, new TextEncoder().encode(`\n${pem("CERTIFICATE", own)}`)];
    for (const identityCert of same) {
      const result = await ask(minted, { files: { identityCert }, section: withCert(own) });
      assert.equal(result.verdict, "lab-trusted", shown(result));
    }
    const others = [
      foreign,
      new Uint8Array(0),
      new Uint8Array(3),
      new TextEncoder().encode("PEM"),
      [own],
    ];
    for (const identityCert of others) {
      const asked = ask(minted, { files: { identityCert }, section: withCert(own) });
      await assert.rejects(
        asked,
        (error) => error instanceof InputError && error.code === "input.conflict",
      );
    }
    const wrong = await ask(minted, {
      files: { identityCert: undefined },
      section: withCert(foreign),
    });
    assert.equal(wrong.verdict, "rejected");
    assert.match(wrong.code ?? "", /^ec2\.(?:signer|signature)_mismatch$/);
  });

  Deno.test(`${variant}: a certificate in the policy proves nothing of evidence without identity document`, async () => {
    const none = {
      identityDocument: undefined,
      identitySignature: undefined,
      identityCert: undefined,
    };
    const { verdict, code } = await ask(minted, { files: none, section: withCert(own) });
    assert.deepEqual([verdict, code], ["unavailable", "ec2.identity_missing"]);
    const alone = { ...none, identityCert: own };
    await assert.rejects(ask(minted, { files: alone, section: withCert(own) }), {
      code: "input.missing",
    });
  });
}
