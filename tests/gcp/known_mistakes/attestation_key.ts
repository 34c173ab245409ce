/**
 * TPM-07 on Google Cloud: whose key signed the quotes, and of which instance it is.
 *
 * @module
 */

import assert from "node:assert/strict";
import { examine } from "../../../mod.ts";
import { GOOGLE_ISSUERS, GOOGLE_ROOTS } from "../../../src/evidence/gce/authorities.ts";
import { inlineEngine } from "../../../src/core/crypto_inline.ts";
import { describeCertificates } from "../../../src/core/x509.ts";
import { overReal, realEntry } from "../../corpus.ts";
import { assertRefused, assertVerdict, shown } from "../../result.ts";
import { ask } from "../vectors.ts";

Deno.test("TPM-07 a key in software is no instance's, whatever stands beside it", async () => {
  const attacks = [
    ["bent-software-uncertified", "gce.instance_missing"],
    ["bent-software-other-certificate", "tpm.ak_key_mismatch"],
    ["bent-software-own-authority", "tpm.chain_signature"],
    ["bent-no-instance", "gce.instance_missing"],
  ] as const;
  for (const [name, code] of attacks) assertRefused(await ask("gcp-sev-es", name), code);
  // The guest itself may bind its report to any key.
  assertRefused(await ask("gcp-sev-snp", "bent-software-key"), "gce.instance_missing");
});

Deno.test("TPM-07 whose instance it is must be known: anybody can start the same image", async () => {
  for (const id of ["gcp-sev-es", "gcp-sev-snp"] as const) {
    assertRefused(await ask(id, "bent-foreign-project"), "gce.project_mismatch");
  }
});

Deno.test("TPM-07 Google's authorities are those that are pinned, by certificate and key", async () => {
  for (const { pem, ...authority } of [...GOOGLE_ROOTS, ...GOOGLE_ISSUERS]) {
    const [one] = await describeCertificates(inlineEngine, new TextEncoder().encode(pem));
    const { sha256, spkiSha256, subject, issuer } = one?.summary ?? assert.fail(authority.says);
    assert.deepEqual(
      { sha256, spkiSha256, subject },
      { sha256: authority.sha256, spkiSha256: authority.spkiSha256, subject: authority.subject },
    );
    assert.ok(GOOGLE_ROOTS.some((root) => root.subject === issuer), authority.says);
    assert.equal(one?.isCa, true);
  }
});

Deno.test({
  ...overReal("TPM-07 a real key of Google's is the provider's word, which a policy must accept"),
  fn: async () => {
    const { input } = realEntry("gcp/gce-cos85-tpm-quote-nonce9009");
    const { attestation_pb: attestationPb, ak_cert: akCert } = input.files;
    assert.ok(attestationPb && akCert && input.verifyAt);
    const asked = (acceptRoots: readonly string[], project: string) =>
      examine({
        variant: "gcp-sev-es",
        evidence: { attestationPb },
        expect: { nonce: Uint8Array.of(0x90, 0x09) },
        now: input.verifyAt ?? new Date(0),
        policy: {
          version: 1,
          acceptRoots,
          "gcp-sev-es": {
            project,
            vtpm: { akRevocation: "skip", whatRuns: [4], registers: { sha256: { 4: [PCR4] } } },
          },
        },
      });
    const own = "google.com:wuale-gcp-testing";
    const accepted = await asked(["provider"], own);
    assert.equal(accepted.verdict, "trusted", shown(accepted));
    assert.deepEqual(accepted.roots, ["provider"]);
    // By its number, too.
    assert.equal((await asked(["provider"], "117478743145")).verdict, "trusted");
    assertVerdict(await asked(["amd"], own), "platform-only", "trust.root_not_accepted");
    assertRefused(await asked(["provider"], "another-project"), "gce.project_mismatch");
  },
});

/** Of the real machine. */
const PCR4 = "d690bdac2aa8b73a1d718cb91990df07d0747b07ea57b3b2d0f0d511f0d90491";
