/**
 * A product line whose keys can be extracted: whatever rests on its report rests
 * on nobody, beside other parts too.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { VariantId } from "../../src/evidence/variants/facts.ts";
import { LAB_STATEMENT, type MintedVariant, mintVariant } from "../../src/lab/mod.ts";
import { labAuthority } from "../lab_authority.ts";
import { assertVerdict, shown } from "../result.ts";
import { AUTHORITIES, NONCE, NOW } from "./ask.ts";
import { askVendors, SIGNERS } from "./vendor.ts";

const OF_AMD: readonly VariantId[] = ["sev-snp", "aws-sev-snp", "gcp-sev-snp", "azure-sev-snp"];

function mintMilan(variant: VariantId): Promise<MintedVariant> {
  const authorities = { ...AUTHORITIES, amd: () => labAuthority("Milan") };
  return mintVariant(variant, authorities, { now: NOW, nonce: NONCE, statement: LAB_STATEMENT });
}

const UNTIL_TODAY = { acceptCompromised: { milan: "2026-11-21" } };
const UNTIL_YESTERDAY = { acceptCompromised: { milan: "2026-11-20" } };

for (const variant of OF_AMD) {
  Deno.test(`${variant} of Milan rests on nobody, whatever roots are accepted`, async () => {
    const minted = await mintMilan(variant);
    for (const policy of [{}, UNTIL_YESTERDAY]) {
      const result = await askVendors(SIGNERS[variant], minted, { policy });
      assertVerdict(result, "platform-only", "snp.product_compromised");
      assert.equal(result.weakestRoot, "none");
      const said = result.warnings.filter((warning) => warning.includes("Milan"));
      assert.equal(said.length, 1, "it is said before the verdict");
      const better = result.findings.filter(({ root }) => root === "amd" || root === "paravisor");
      assert.deepEqual(better.map(({ id }) => id), [], shown(result));
      const crypto = await askVendors(SIGNERS[variant], minted, {
        policy,
        profile: "crypto-only",
      });
      assert.deepEqual([crypto.weakestRoot, crypto.warnings.length], ["none", 1]);
    }
  });

  Deno.test(`${variant} of Milan is trusted until the day that the policy names, and warns first`, async () => {
    const result = await askVendors(SIGNERS[variant], await mintMilan(variant), {
      policy: UNTIL_TODAY,
    });
    assert.equal(result.verdict, "trusted", shown(result));
    assert.match(result.warnings.join(), /keys of Milan can be extracted.* until 2026-11-21/);
  });
}

Deno.test("that report and quote are of one machine rests on nobody where either can be forged", async () => {
  const minted = await mintMilan("gcp-sev-snp");
  const { findings } = await askVendors(SIGNERS["gcp-sev-snp"], minted);
  const binding = findings.find(({ id }) => id === "pairing.binding");
  assert.deepEqual([binding?.kind, binding?.root], ["match", "none"]);
});
