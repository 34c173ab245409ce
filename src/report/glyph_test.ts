import assert from "node:assert/strict";
import { signOf, strength } from "./glyph.ts";

Deno.test("strength() draws what holds no stronger than whose word it is", () => {
  const signs = {
    amd: "holds",
    intel: "holds",
    paravisor: "holds",
    provider: "weak",
    none: "weak",
  };
  for (const [root, sign] of Object.entries(signs)) {
    assert.equal(strength("holds", root as "amd"), sign, root);
  }
  assert.equal(strength("holds", "lab"), "lab");
  assert.equal(strength("differs", "provider"), "differs");
});

Deno.test("signOf() draws no tick for what was not found to hold", () => {
  assert.equal(signOf("match", true), "tick");
  assert.equal(signOf("mismatch", false), "differs");
  assert.deepEqual([signOf("unchecked", true), signOf("unchecked", false)], [
    "not-examined",
    "not-asked",
  ]);
  assert.equal(signOf("not-applicable", true), "absent");
});
