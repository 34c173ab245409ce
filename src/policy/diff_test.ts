import assert from "node:assert/strict";
import { technologies } from "../evidence/registry.ts";
import { diffPolicies } from "./diff.ts";
import { readWhole } from "./policy.ts";

const NOW = new Date("2026-11-21T12:00:00Z");

function change(from: unknown, to: unknown): string | undefined {
  const whole = (debug: unknown) =>
    readWhole({ version: 1, "sev-snp": { debug } }, technologies, "given", NOW);
  return diffPolicies(whole(from), whole(to))[0]?.change;
}

const until = (day: string): object => ({ value: "allow", until: day });

Deno.test("diffPolicies() calls a weaker value that ends earlier stronger, and one that ends later weaker", () => {
  assert.equal(change(until("2027-06-30"), until("2027-01-31")), "stronger");
  assert.equal(change(until("2027-01-31"), until("2027-06-30")), "weaker");
  assert.equal(change("allow", until("2027-06-30")), "stronger");
  assert.equal(change(until("2027-06-30"), "allow"), "weaker");
  assert.equal(change(until("2027-06-30"), until("2027-06-30")), undefined);
});

Deno.test("diffPolicies() compares what counts: a value that ended is the default", () => {
  assert.equal(change("forbid", until("2026-11-20")), undefined);
  assert.equal(change("allow", until("2026-11-20")), "stronger");
  assert.equal(change("forbid", { value: "forbid", until: "2027-01-31" }), undefined);
});
