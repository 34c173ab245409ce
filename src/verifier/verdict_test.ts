import assert from "node:assert/strict";
import type { CodeClass } from "../core/code_entry.ts";
import type { Finding, Root } from "../evidence/finding.ts";
import { type Codes, decide } from "./verdict.ts";

const entry = (name: CodeClass) => ({ class: name, check: null, says: name, remedy: name });
const codes: Codes = {
  "t.bad": entry("rejected"),
  "t.missing": entry("unavailable"),
  "t.unpinned": entry("platform-only"),
};

function finding(
  kind: Finding["kind"],
  code: string | null,
  required = true,
  root: Root = "amd",
): Finding {
  return {
    id: "t.check",
    title: "Check",
    link: "evidence",
    kind,
    required,
    expected: null,
    actual: null,
    root,
    source: "test",
    code,
  };
}

const match = finding("match", null);

Deno.test("decide() trusts only when every required check matches", () => {
  assert.equal(decide([match], codes).verdict, "trusted");
  assert.equal(decide([match, finding("not-applicable", null)], codes).verdict, "trusted");
});

Deno.test("decide() lets the worst finding win, whatever the order", () => {
  const bad = finding("mismatch", "t.bad");
  const missing = finding("unchecked", "t.missing");
  const unpinned = finding("unchecked", "t.unpinned");
  assert.equal(decide([match, unpinned, missing, bad], codes).verdict, "rejected");
  assert.equal(decide([bad, missing, unpinned], codes).verdict, "rejected");
  assert.equal(decide([unpinned, missing, match], codes).verdict, "unavailable");
  assert.equal(decide([unpinned, match], codes).verdict, "platform-only");
});

Deno.test("API-01 decide() never takes a required check that was not done for a pass", () => {
  assert.equal(decide([match, finding("unchecked", "t.missing")], codes).verdict, "unavailable");
  // Without a code, or with one of no known class, it fails closed.
  assert.equal(decide([match, finding("unchecked", null)], codes).verdict, "rejected");
  assert.equal(decide([match, finding("mismatch", "t.nobody-knows")], codes).verdict, "rejected");
});

Deno.test("decide() passes over checks that are not required", () => {
  assert.equal(
    decide([match, finding("unchecked", null, false), finding("mismatch", "t.bad", false)], codes)
      .verdict,
    "trusted",
  );
});

Deno.test("decide() names the weakest root that is needed, and no other", () => {
  const provider = finding("match", null, true, "provider");
  assert.equal(decide([match, provider], codes).root, "provider");
  assert.equal(decide([match, finding("match", null, false, "none")], codes).root, "amd");
});

Deno.test("decide() never calls lab evidence trusted", () => {
  const lab = finding("match", null, true, "lab");
  assert.equal(decide([match, lab], codes).verdict, "lab-trusted");
  assert.equal(decide([lab, finding("mismatch", "t.bad", true, "lab")], codes).verdict, "rejected");
});

Deno.test("decide() refuses to decide over nothing", () => {
  assert.throws(() => decide([], codes), RangeError);
  assert.throws(() => decide([finding("match", null, false)], codes), RangeError);
});
