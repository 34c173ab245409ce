import assert from "node:assert/strict";
import { technologies } from "../evidence/registry.ts";
import { VARIANTS } from "../evidence/variants/table.ts";
import { saysOutcome, saysVerdict } from "./says.ts";

Deno.test("saysOutcome() writes meanings as the middle of a sentence, but names as they are", () => {
  const codes = {
    "x.a": { class: "rejected", check: "x", says: "The root is unknown", remedy: "" },
    "x.b": { class: "rejected", check: "x", says: "Intel revoked it", remedy: "" },
    "x.c": { class: "rejected", check: "x", says: "AMD revoked it", remedy: "" },
    "x.d": { class: "rejected", check: "x", says: "A root is unknown", remedy: "" },
  } as const;
  const says = (code: string): string => saysOutcome(code, "none", codes);
  assert.equal(says("x.a"), "Not genuine: the root is unknown");
  assert.equal(says("x.b"), "Not genuine: Intel revoked it");
  assert.equal(says("x.c"), "Not genuine: AMD revoked it");
  assert.equal(says("x.d"), "Not genuine: a root is unknown");
});

Deno.test("saysOutcome() tells of no chain where there was none", () => {
  assert.match(
    saysOutcome(null, "none", {}, false),
    /^The signature holds, without a chain, rooted/,
  );
  assert.match(saysOutcome(null, "amd", {}), /^Signatures and chain hold, rooted in AMD/);
});

Deno.test("saysOutcome() never makes a vendor small", () => {
  for (const { codes } of technologies) {
    for (const code of Object.keys(codes)) {
      assert.doesNotMatch(saysOutcome(code, "none", codes), /\b(?:intel|amd)\b/, code);
    }
  }
});

Deno.test("saysVerdict() calls nothing confidential that no TEE protects", () => {
  for (const root of ["amd", "intel", "paravisor", "provider", "none"] as const) {
    const decision = { verdict: "trusted", decisive: null, root, roots: [root] } as const;
    for (const technology of technologies) {
      const { id, facts, trustedMeans } = technology;
      const says = saysVerdict(decision, {}, technology);
      const protected_ = facts !== undefined && facts.tee !== null;
      assert.equal(trustedMeans === "Confidential", protected_, id);
      assert.equal(/^(?:Confidential|CPU confidential)/.test(says), protected_, `${id}: ${says}`);
    }
  }
});

Deno.test("saysVerdict() names every root that is needed, unless the variant's own words do", () => {
  const says = (roots: readonly ["amd" | "paravisor", ...("amd" | "paravisor" | "provider")[]]) =>
    saysVerdict(
      { verdict: "trusted", decisive: null, root: roots[roots.length - 1] ?? "none", roots },
      {},
      { trustedMeans: "Confidential", facts: VARIANTS["azure-sev-snp"] },
    );
  assert.equal(says(["amd", "paravisor"]), "Confidential, rooted in AMD and Azure's paravisor");
  assert.equal(
    says(["amd", "provider"]),
    "Confidential, rooted in AMD and the cloud provider's word",
  );
});
