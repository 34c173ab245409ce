import assert from "node:assert/strict";
import { byName, floors, pins, together } from "./direction.ts";

Deno.test("together() calls changes to both sides neither stronger nor weaker", () => {
  assert.equal(together([]), "same");
  assert.equal(together(["same", "weaker", "weaker"]), "weaker");
  assert.equal(together(["stronger", "same"]), "stronger");
  for (const both of [["weaker", "stronger"], ["stronger", "weaker"]] as const) {
    assert.equal(together(both), "other");
  }
});

Deno.test("byName() compares name by name, so that one demand less is not made good by another", () => {
  const { compare } = byName(pins<string>());
  const pcr4 = { 4: ["a"] };
  assert.equal(compare?.(pcr4, { 4: ["a"], 11: ["b"] }), "stronger");
  assert.equal(compare?.({ 4: ["a"], 11: ["b"] }, pcr4), "weaker");
  assert.equal(compare?.(pcr4, { 11: ["b"] }), "other");
  assert.equal(compare?.({ 4: ["a"], 11: ["b"] }, { 4: ["a", "c"] }), "weaker");
});

Deno.test("floors() takes a floor below everything for none", () => {
  const { compare, idle } = floors<number>((value) => value);
  for (const low of [-5, 0]) {
    assert.equal(compare?.(null, low), "same");
    assert.equal(compare?.(low, 1), "stronger");
    assert.equal(idle?.(low), "nothing is below this");
  }
  assert.deepEqual([idle?.(1), idle?.(null)], [null, null]);
});
