import assert from "node:assert/strict";
import { misfits, type Shape, unseen } from "./shape.ts";

Deno.test("misfits() sees what is missing, too much, and of another kind", () => {
  const shape: Shape = { a: "number", b: ["either", "string", null], c: ["list", /^x$/] };
  assert.deepEqual(misfits({ a: 1, b: null, c: ["x"] }, shape), []);
  assert.deepEqual(misfits({ a: 1.5, b: 2, c: ["y"] }, shape).length, 3);
  assert.deepEqual(misfits({ a: 1, b: "", c: [], d: 0 }, shape), ["answer.d is too much"]);
  assert.deepEqual(misfits({ a: 1, c: [] }, shape), ["answer.b is missing"]);
  const pair: Shape = ["each", "number", "string"];
  assert.deepEqual(misfits([1, ""], pair), []);
  assert.deepEqual(misfits(["", 1], pair).length, 2);
  for (const other of [[1], [1, "", ""]]) assert.equal(misfits(other, pair).length, 1);
});

Deno.test("unseen() tells alternatives that no value has, and lists that are always empty", () => {
  const shape: Shape = { a: ["either", "number", null], b: ["list", ["either", /^x$/, /^y$/]] };
  assert.deepEqual(unseen([{ a: 1, b: ["x"] }, { a: null, b: ["y"] }], shape), []);
  assert.deepEqual(unseen([{ a: 1, b: ["x"] }], shape), [
    "answer.a is never null",
    "answer.b[] is never choice 1",
  ]);
  assert.deepEqual(unseen([{ a: null, b: [] }], shape), [
    "answer.a is never choice 0",
    "answer.b is always empty",
  ]);
});
