/**
 * TPM-10 on AWS: the provider's TPM, and its firmware's measurement, are not the guest's.
 *
 * @module
 */

import assert from "node:assert/strict";
import { toHex } from "../../../src/core/bytes.ts";
import { createPortableEngine } from "../../../src/core/portable/engine.ts";
import { awsSevSnp, type AwsSevSnpEvidence } from "../../../src/evidence/aws_sev_snp/mod.ts";
import type { Verified } from "../../../src/evidence/evidence.ts";
import { assertRefused, assertVerdict } from "../../result.ts";
import { ask, mintSnp, NOW, pinsOf } from "../ask.ts";

const snp = await mintSnp();
const tee = { measurements: [toHex(snp.report.measurement)] };
const vtpm = { registers: pinsOf(snp) };

Deno.test("TPM-10 the launch measurement of AWS's firmware says nothing of what runs", async () => {
  const measured = await ask(snp, { section: { tee } });
  assertVerdict(measured, "platform-only", "nitro.registers_not_pinned");
  assert.equal((await ask(snp, { section: { tee, vtpm } })).verdict, "lab-trusted");
  const other = { tee: { measurements: ["ee".repeat(48)] }, vtpm };
  assertRefused(await ask(snp, { section: other }), "snp.measurement_mismatch");
});

Deno.test("TPM-10 registers of AWS's TPM rest on AWS's word, beside a report of AMD's too", async () => {
  const engine = createPortableEngine(await awsSevSnp.portable?.() ?? {});
  const labRoots = [new TextEncoder().encode(snp.root)];
  const files = awsSevSnp.readFiles(snp.files);
  const proven = await awsSevSnp.verify(engine, files, { now: NOW, labRoots });
  // As the same evidence would be under the vendors' own roots.
  const real = {
    tee: { ...proven.tee, chain: { ...proven.tee.chain, lab: false } },
    vtpm: { ...proven.vtpm, lab: false },
    instance: null,
  } as AwsSevSnpEvidence as Verified<AwsSevSnpEvidence>;
  const context = { now: NOW, acceptCompromised: {} };
  const { root, of, channel } = awsSevSnp.root(real, context);
  assert.deepEqual([root, channel], ["provider", "amd"]);
  const words = ["snp.signature", "ec2.csp", "nitro.signature", "phase.measured", "ec2.identity"];
  assert.deepEqual(words.map((id) => of?.(id)), [
    ...["amd", "amd", "provider", "provider", "provider"],
  ]);
  const policy = awsSevSnp.policy.decode({ tee, vtpm }, "");
  const findings = awsSevSnp.appraise(real, policy, { ...context, freshness: { kind: "none" } });
  for (const { id, root } of findings) {
    assert.equal(root, id.startsWith("snp.") ? "amd" : "provider", id);
  }
});
