import assert from "node:assert/strict";
import fc from "fast-check";
import type { CanonicalValue } from "../core/canonical_json.ts";
import { canonicalJson } from "../core/canonical_json.ts";
import { firstDifference } from "./first_difference.ts";
import { plainOf } from "./plain.ts";

Deno.test("firstDifference() names the first path by the order of the canonical form", () => {
  const before = { b: [1, { c: "x", d: null }], a: true };
  const cases: readonly (readonly [CanonicalValue, string | null])[] = [
    [{ a: true, b: [1, { d: null, c: "x" }] }, null],
    [{ a: false, b: [2] }, "a"],
    [{ a: true, b: [1, { c: "y", d: 1 }] }, "b[1].c"],
    [{ a: true, b: [1] }, "b[1]"],
    [{ a: true, b: [1, { c: "x", d: null }], e: null }, "e"],
    [{ a: true, b: { 0: 1 } }, "b"],
    [[], ""],
  ];
  for (const [after, path] of cases) {
    assert.equal(firstDifference(before, after)?.path ?? null, path);
  }
});

Deno.test("firstDifference() names the beginning of a long name", () => {
  const name = "x".repeat(100_000);
  const { path = "" } = firstDifference({ a: { [name]: 1 } }, { a: {} }) ?? {};
  assert.match(path, /^a\.x{50,60}…$/);
});

Deno.test("firstDifference() finds nothing in what has the same bytes, and something in all else", () => {
  const value = fc.jsonValue({ maxDepth: 3 }).map((json) =>
    plainOf(JSON.parse(JSON.stringify(json, (_, one) => typeof one === "number" ? one | 0 : one)))
  );
  fc.assert(
    fc.property(value, value, (one, other) => {
      const same = String(canonicalJson(one)) === String(canonicalJson(other));
      assert.equal(firstDifference(one, other) === null, same);
      assert.equal(firstDifference(one, plainOf(one)), null);
    }),
    { numRuns: 200 },
  );
});

Deno.test("plainOf() leaves out what is undefined and mends halves of surrogate pairs", () => {
  assert.deepEqual(plainOf({ a: undefined, b: ["\ud800x", undefined] }), { b: ["\ufffdx", null] });
  assert.throws(() => plainOf({ a: 1n }), RangeError);
});
