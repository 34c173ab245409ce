/**
 * Whose word a verdict rests on, as it would be with evidence of the vendors:
 * none is hidden, none is better than what it rests on, and each has to be
 * accepted.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { Result } from "../../mod.ts";
import { distinctRoots, type Root, weakestRoot } from "../../src/evidence/finding.ts";
import type { VariantFacts } from "../../src/evidence/variants/facts.ts";
import { VARIANTS } from "../../src/evidence/variants/table.ts";
import { LAB_VARIANTS } from "../../src/lab/mod.ts";
import { readPolicy } from "../../src/policy/policy.ts";
import { rootFinding } from "../../src/verifier/trust.ts";
import { assertVerdict, shown } from "../result.ts";
import { mintedOf } from "./ask.ts";
import { askVendors, SIGNERS } from "./vendor.ts";

const ROOTS: readonly Root[] = ["amd", "intel", "paravisor", "provider", "none"];

/** Every choice of some of them. */
const SUBSETS: readonly (readonly Root[])[] = Array.from(
  { length: 2 ** ROOTS.length },
  (_, i) => ROOTS.filter((_, bit) => i >> bit & 1),
);

const LAB = new Uint8Array(1);

function rootsOf({ roots: { cpu, channel, whatRuns } }: VariantFacts): readonly Root[] {
  return distinctRoots([...(cpu === null ? [] : [cpu]), channel, whatRuns]);
}

/** Roots of findings by what they begin with. */
function rootsAt(result: Result, ...beginnings: readonly string[]): readonly Root[] {
  const found = result.findings.filter(({ id }) => beginnings.some((one) => id.startsWith(one)));
  assert.ok(found.length > 0, beginnings.join());
  return distinctRoots(found.map(({ root }) => root));
}

for (const variant of LAB_VARIANTS) {
  const facts = VARIANTS[variant];
  const needed = rootsOf(facts);

  Deno.test(`${variant} under its vendors rests on ${needed.join(" and ")}, and says so`, async () => {
    const result = await askVendors(SIGNERS[variant], await mintedOf(variant));
    assert.equal(result.verdict, "trusted", shown(result));
    assert.deepEqual(result.roots, needed);
    assert.equal(result.weakestRoot, needed.at(-1));
    assert.equal(result.says, facts.trusted);
    const crypto = await askVendors(SIGNERS[variant], await mintedOf(variant), {
      profile: "crypto-only",
    });
    assert.equal(crypto.weakestRoot, needed.at(-1));
  });

  Deno.test(`each finding of ${variant} rests on what docs/variants.md says, and on nothing better`, async () => {
    const { roots } = facts;
    const result = await askVendors(SIGNERS[variant], await mintedOf(variant));
    if (facts.tee !== null) {
      assert.deepEqual(rootsAt(result, facts.tee === "tdx" ? "tdx." : "snp."), [roots.cpu]);
    }
    const statement = result.findings.filter(({ id }) =>
      id.startsWith("statement.") && id !== "statement.form"
    );
    assert.deepEqual(distinctRoots(statement.map(({ root }) => root)), [roots.channel]);
    assert.deepEqual(rootsAt(result, "phase."), [roots.whatRuns]);
    if (facts.reportData === "paravisor") {
      assert.deepEqual(rootsAt(result, "hcl."), [roots.whatRuns]);
    }
    if (facts.whatRuns === "pcrs") {
      assert.deepEqual(rootsAt(result, "tpm.", "nitro.", "logs."), [roots.whatRuns]);
    }
  });

  Deno.test(`${variant} is trusted where every root that it needs is accepted, and nowhere else`, async () => {
    const minted = await mintedOf(variant);
    const ask = (acceptRoots: readonly Root[]): Promise<Result> =>
      askVendors(SIGNERS[variant], minted, { policy: { acceptRoots } });
    assert.equal((await ask(needed)).verdict, "trusted");
    for (const missing of needed) {
      const result = await ask(ROOTS.filter((root) => root !== missing));
      assertVerdict(result, "platform-only", "trust.root_not_accepted");
    }
  });
}

Deno.test("rootFinding() accepts what the policy accepts of every choice of roots, and a lab where its root is given", () => {
  for (const acceptRoots of SUBSETS) {
    for (const [first, ...rest] of SUBSETS) {
      if (first === undefined) continue;
      const policy = { ...readPolicy(undefined, [], "given"), acceptRoots };
      const accepts = [first, ...rest].every((root) => acceptRoots.includes(root));
      const found = rootFinding({ policy, labRoots: [LAB] }, [first, ...rest]);
      assert.deepEqual([found.kind, found.required], [accepts ? "match" : "mismatch", true]);
      assert.equal(found.root, weakestRoot([first, ...rest]));
      const withLab = rootFinding({ policy, labRoots: [LAB] }, [first, ...rest, "lab"]);
      assert.deepEqual([withLab.kind, withLab.root], [accepts ? "match" : "mismatch", "lab"]);
      const without = rootFinding({ policy, labRoots: [] }, [first, ...rest, "lab"]);
      assert.equal(without.code, "trust.root_not_accepted");
    }
  }
});

Deno.test("without a policy, AMD's and Intel's word are enough, and nobody else's", async () => {
  for (const variant of LAB_VARIANTS) {
    const { verdict } = await askVendors(SIGNERS[variant], await mintedOf(variant), {
      policy: { acceptRoots: undefined },
    });
    const enough = rootsOf(VARIANTS[variant]).every((root) => root === "amd" || root === "intel");
    assert.equal(verdict, enough ? "trusted" : "platform-only", variant);
  }
});
