import assert from "node:assert/strict";
import fc from "fast-check";
import { equal, fromHex, toHex } from "../../src/core/bytes.ts";
import { batchNonce, type BatchQuestion, makeBatch, MAX_BATCH } from "../../src/channel/batch.ts";
import vectors from "./crypto_vectors.json" with { type: "json" };

function questions(count: number): readonly BatchQuestion[] {
  return Array.from({ length: count }, (_, index) => ({
    nonce: new Uint8Array(32).fill(index & 0xff, 0, 31).fill(index >> 8, 31),
    audience: "a5".repeat(32),
  }));
}

Deno.test("batches have the roots and paths that the protocol's text gives in Python", () => {
  for (const { questions: asked, expected } of vectors.batches) {
    const own = asked.map(({ nonce, audience }) => ({ nonce: fromHex(nonce), audience }));
    const batch = makeBatch(own);
    assert.equal(toHex(batch.root), expected.root);
    assert.deepEqual(own.map((_, index) => batch.path(index)), expected.paths);
    for (const [index, question] of own.entries()) {
      assert.equal(toHex(batchNonce(question, batch.path(index))), expected.root);
    }
  }
});

Deno.test("every question's path leads to the root, and no other question's does", () => {
  const cases = fc.tuple(fc.integer({ min: 2, max: 40 }), fc.nat(), fc.nat());
  fc.assert(
    fc.property(cases, ([count, one, two]) => {
      const asked = questions(count);
      const batch = makeBatch(asked);
      const [i, j] = [one % count, two % count];
      const question = asked[i] ?? assert.fail();
      assert.ok(equal(batchNonce(question, batch.path(i)), batch.root));
      assert.equal(equal(batchNonce(question, batch.path(j)), batch.root), i === j);
    }),
    { numRuns: 60 },
  );
});

Deno.test("a path that is bent anywhere leads elsewhere", () => {
  const asked = questions(13);
  const batch = makeBatch(asked);
  for (const [index, question] of asked.entries()) {
    const path = batch.path(index);
    const bent = path.flatMap((step, at) => [
      path.with(at, { ...step, left: !step.left }),
      path.with(at, {
        ...step,
        hash: `${step.hash.startsWith("0") ? "1" : "0"}${step.hash.slice(1)}`,
      }),
      path.toSpliced(at, 1),
      path.toSpliced(at, 0, step),
    ]);
    assert.equal(bent.length, 4 * path.length);
    for (const other of bent) assert.ok(!equal(batchNonce(question, other), batch.root));
    const foreign = { ...question, audience: "a6".repeat(32) };
    assert.ok(!equal(batchNonce(foreign, path), batch.root));
  }
});

Deno.test("an inner node is nobody's question", () => {
  const asked = questions(4);
  const batch = makeBatch(asked);
  // Who asks with the halves of the tree as nonce and audience gets another leaf than the root.
  const halves = [batch.path(2)[1], batch.path(0)[1]].map((step) => step?.hash ?? assert.fail());
  const [left = "", right = ""] = halves;
  assert.ok(!equal(batchNonce({ nonce: fromHex(left), audience: right }, []), batch.root));
});

Deno.test("paths longer than any batch, and steps of another size, are refused", () => {
  const [question] = questions(1);
  assert.ok(question);
  const step = { hash: "00".repeat(32), left: false };
  assert.equal(batchNonce(question, Array(20).fill(step)).length, 32);
  const refused = { code: "channel.batch" };
  assert.throws(() => batchNonce(question, Array(21).fill(step)), refused);
  for (
    const hash of ["", "00", "00".repeat(31), "00".repeat(33), "0g".repeat(32), "AA".repeat(32)]
  ) {
    assert.throws(() => batchNonce(question, [{ hash, left: true }]), refused);
  }
});

Deno.test("a batch has one question at least, as many as paths reach at most, and all of one size", () => {
  const [question] = questions(1);
  assert.ok(question);
  assert.throws(() => makeBatch([]), RangeError);
  assert.throws(() => makeBatch(Array(MAX_BATCH + 1).fill(question)), RangeError);
  assert.throws(() => makeBatch([{ ...question, nonce: new Uint8Array(31) }]), RangeError);
  assert.throws(() => makeBatch([{ ...question, audience: "batch" }]), RangeError);
  assert.throws(() => makeBatch([{ ...question, audience: "aa" }]), RangeError);
  const batch = makeBatch(questions(3));
  for (const index of [-1, 3, 0.5, NaN]) assert.throws(() => batch.path(index), RangeError);
});

Deno.test("a batch of thousands has paths of a dozen steps", () => {
  const asked = questions(4097);
  const batch = makeBatch(asked);
  assert.deepEqual([0, 4095, 4096].map((index) => batch.path(index).length), [13, 13, 1]);
  const last = asked[4096] ?? assert.fail();
  assert.ok(equal(batchNonce(last, batch.path(4096)), batch.root));
});
