/**
 * Verdicts over real evidence.
 *
 * @module
 */

import assert from "node:assert/strict";
import { examine, NotTrustedError, type RequestOf, verify } from "../../../mod.ts";
import { toHex } from "../../../src/core/bytes.ts";
import { assertRefused, assertVerdict } from "../../result.ts";
import { ask, assertGood, mint } from "../ask.ts";
import { overReal, realCase } from "../corpus.ts";

const GENOA = "snp/genoa-v5-lunal";

/** Real evidence with all of it pinned; no revocation list of AMD's is here. */
function genoa(policy: Readonly<Record<string, unknown>> = {}): RequestOf<"sev-snp"> {
  const { files, now } = realCase(GENOA);
  const section = {
    measurements: [toHex(files.report.subarray(0x90, 0xc0))],
    revocation: "if-given",
    vmpl: [0, 1, 2, 3],
    provisionalFirmware: "allow",
    migration: "allow",
    debug: "allow",
  };
  return {
    variant: "sev-snp",
    evidence: files,
    expect: { reportData: files.report.subarray(0x50, 0x90) },
    policy: { version: 1, ...policy, "sev-snp": section },
    now,
  };
}

Deno.test({
  ...overReal("API-01 real evidence is trusted where all of it is pinned, rooted in AMD"),
  fn: async () => {
    const result = await verify(genoa());
    assert.deepEqual([result.verdict, result.code, result.weakestRoot], ["trusted", null, "amd"]);
  },
});

Deno.test({
  ...overReal("API-01 real evidence is unavailable without revocation list by default"),
  fn: async () => {
    const { policy: _, ...request } = genoa();
    const measured = { measurements: [toHex(request.evidence.report.subarray(0x90, 0xc0))] };
    const policy = { version: 1, "sev-snp": { ...measured, vmpl: [0, 1, 2, 3] } };
    const result = await examine({ ...request, policy });
    assertVerdict(result, "unavailable", "snp.crl_missing");
  },
});

Deno.test({
  ...overReal("API-01 a root that the policy does not accept is platform-only"),
  fn: async () => {
    const result = await examine(genoa({ acceptRoots: ["intel"] }));
    const finding = assertVerdict(result, "platform-only", "trust.root_not_accepted");
    assert.deepEqual([finding.expected, finding.actual], ["intel", "amd"]);
    await assert.rejects(verify(genoa({ acceptRoots: ["intel", "paravisor"] })), NotTrustedError);
  },
});

Deno.test({
  ...overReal(
    "API-01 vendor evidence stays the vendor's where lab roots are given, even its own root",
  ),
  fn: async () => {
    const lab = await mint();
    const { der: { ark } } = lab;
    const request = genoa();
    const real = await verify({ ...request, labRoots: [ark] });
    assert.deepEqual([real.verdict, real.weakestRoot], ["trusted", "amd"]);
    const root = realArk(request.evidence.chainAskArk);
    const own = await verify({ ...request, labRoots: [root] });
    assert.deepEqual([own.verdict, own.weakestRoot], ["trusted", "amd"]);
    assertGood(await ask(lab, { request: { labRoots: [ark, root] } }));
  },
});

/** The second certificate of a PEM chain. */
function realArk(chain: Uint8Array): Uint8Array {
  const [, , ark = ""] = new TextDecoder().decode(chain).split("-----BEGIN CERTIFICATE-----");
  return new TextEncoder().encode(`-----BEGIN CERTIFICATE-----${ark}`);
}

Deno.test({
  ...overReal(
    "API-01 a root that is neither AMD's nor a lab's is refused, as given and as lab root",
  ),
  fn: async () => {
    const { files, now } = realCase("snp/synth-baseline");
    const request = {
      variant: "sev-snp",
      evidence: files,
      expect: { freshness: "none" },
      now,
    } as const;
    assertRefused(await examine(request), "snp.root_unknown");
    const labRoots = [realArk(files.chainAskArk)];
    assertRefused(await examine({ ...request, labRoots }), "snp.lab_extension_missing");
  },
});
