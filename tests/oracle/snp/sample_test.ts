import assert from "node:assert/strict";
import type { PlannedCase } from "./case.ts";
import { sampled } from "./sample.ts";

const cases: readonly PlannedCase[] = Array.from({ length: 25 }, (_, i) => ({
  name: `${i}`,
  make: () => Promise.reject(new Error("nothing is made")),
}));

Deno.test("sampled() gives all cases, or one of so many", () => {
  assert.deepEqual(sampled(cases, []), { chosen: cases, whole: true });
  const { chosen, whole } = sampled(cases, ["--every=10"]);
  assert.deepEqual(chosen.map(({ name }) => name), ["0", "10", "20"]);
  assert.equal(whole, false);
  assert.equal(sampled(cases, ["--every=1"]).whole, true);
});

Deno.test("sampled() refuses what it does not understand", () => {
  for (const args of [["--every=0"], ["--every"], ["--every=ten"], ["--every=2", "more"], ["10"]]) {
    assert.throws(() => sampled(cases, args), RangeError);
  }
});
