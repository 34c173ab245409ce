/**
 * TPM-10 on Google Cloud: the provider's TPM, and its firmware's measurement, are
 * not the guest's.
 *
 * @module
 */

import assert from "node:assert/strict";
import { toHex } from "../../../src/core/bytes.ts";
import { createPortableEngine } from "../../../src/core/portable/engine.ts";
import type { Verified } from "../../../src/evidence/evidence.ts";
import { gcpSevSnp, type GcpSevSnpEvidence } from "../../../src/evidence/gcp_sev_snp/mod.ts";
import { fileOf } from "../../contracts/change.ts";
import { assertRefused, assertVerdict } from "../../result.ts";
import { ask, section, vector } from "../vectors.ts";

const join = await vector("gcp-sev-snp", "join");
const own = await section("gcp-sev-snp", "join");
const measurement = toHex(fileOf(join, "report").subarray(0x90, 0xc0));

Deno.test("TPM-10 the launch measurement of Google's firmware says nothing of what runs", async () => {
  const tee = { measurements: [measurement] };
  const { vtpm: _, ...unpinned } = own;
  const measured = await ask("gcp-sev-snp", "join", {
    section: { ...unpinned, tee, vtpm: { notInLog: [15] } },
  });
  assertVerdict(measured, "platform-only", "tpm.registers_not_pinned");
  const both = await ask("gcp-sev-snp", "join", { section: { ...own, tee } });
  assert.equal(both.verdict, "lab-trusted");
  const other = { ...own, tee: { measurements: ["ee".repeat(48)] } };
  assertRefused(
    await ask("gcp-sev-snp", "join", { section: other }),
    "snp.measurement_mismatch",
  );
});

Deno.test("TPM-10 Google's endorsement of the firmware does not stand for what runs, either", async () => {
  const endorsed = await ask("gcp-sev-snp", "join", {
    section: { ...own, vtpm: { notInLog: [15] } },
  });
  assertVerdict(endorsed, "platform-only", "tpm.registers_not_pinned");
  assert.equal(endorsed.findings.find(({ id }) => id === "gce.firmware")?.kind, "match");
});

Deno.test("TPM-10 registers of Google's TPM rest on Google's word, beside a report of AMD's too", async () => {
  const engine = createPortableEngine(await gcpSevSnp.portable?.() ?? {});
  const files = gcpSevSnp.readFiles(join.files);
  const proven = await gcpSevSnp.verify(engine, files, { now: join.now, labRoots: join.labRoots });
  const context = { now: join.now, acceptCompromised: {} };
  const real = underVendors(proven);
  const { root, of, channel } = gcpSevSnp.root(real, context);
  assert.deepEqual([root, channel], ["provider", "amd"]);
  const words = ["snp.signature", "tpm.signature", "gce.instance", "phase.measured"];
  assert.deepEqual(words.map((id) => of?.(id)), ["amd", "provider", "provider", "provider"]);
  const policy = gcpSevSnp.policy.decode(own, "");
  const findings = gcpSevSnp.appraise(real, policy, { ...context, freshness: { kind: "none" } });
  for (const { id, root } of findings) {
    assert.equal(root, id.startsWith("snp.") ? "amd" : "provider", id);
  }
});

/** As the same evidence would be under the vendors' own roots. */
function underVendors(proven: Verified<GcpSevSnpEvidence>): Verified<GcpSevSnpEvidence> {
  const { tee, vtpm, firmware } = proven;
  assert.ok(vtpm.certificate && firmware);
  const real: GcpSevSnpEvidence = {
    ...proven,
    tee: { ...tee, chain: { ...tee.chain, lab: false } },
    vtpm: { ...vtpm, certificate: { ...vtpm.certificate, lab: false } },
    firmware: { ...firmware, lab: false },
  };
  return real as Verified<GcpSevSnpEvidence>;
}
