import assert from "node:assert/strict";
import type { Finding, FindingKind } from "../evidence/finding.ts";
import { provenBy } from "./proven.ts";

const finding = (id: string, kind: FindingKind): Finding => ({
  id,
  title: "A check",
  link: "guest",
  kind,
  required: true,
  expected: null,
  actual: null,
  root: "amd",
  source: "policy",
  code: null,
});

const technology = {
  proves: {
    yes: [{ says: "it is so", needs: ["a.one", "a.two"], otherwise: "that it is so" }],
    no: ["that it stays so"],
  },
};

const isProven = (...findings: readonly Finding[]): boolean =>
  provenBy({ verdict: "trusted", findings }, technology)?.yes.length === 1;

Deno.test("provenBy() claims what every check that it needs shows, and each part of it", () => {
  const one = finding("a.one", "match");
  assert.equal(isProven(one, finding("a.two", "match")), true);
  assert.equal(isProven(one), false, "a check that there is not shows nothing");
  assert.equal(isProven(one, finding("a.twofold", "match")), false);
  for (const kind of ["mismatch", "unchecked", "not-applicable"] as const) {
    assert.equal(isProven(one, finding("a.two", kind)), false, kind);
    assert.equal(isProven(one, finding("a.two", "match"), finding("a.two.part", kind)), false);
  }
});

Deno.test("provenBy() claims nothing of what is not trusted", () => {
  const findings = [finding("a.one", "match"), finding("a.two", "match")];
  for (const verdict of ["rejected", "unavailable", "platform-only", null] as const) {
    assert.equal(provenBy({ verdict, findings }, technology), null);
  }
  assert.deepEqual(provenBy({ verdict: "trusted", findings: [] }, technology), {
    yes: [],
    no: ["that it is so", "that it stays so"],
  });
});
