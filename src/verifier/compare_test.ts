import assert from "node:assert/strict";
import type { Engine } from "../core/crypto.ts";
import { RejectedError } from "../core/errors.ts";
import { refusal } from "../core/refusal.ts";
import { compareEngines } from "./compare.ts";

/** An engine that always says the same. */
const saying = (answer: unknown): Engine => ({ run: () => Promise.resolve(answer) });
const refusing = (code: string): Engine => ({ run: () => Promise.reject(refusal(code, {})) });
const failing: Engine = { run: () => Promise.reject(new TypeError("stopped")) };

const ask = (one: Engine, other: Engine): Promise<unknown> =>
  compareEngines(one, other).run("snp_report", []);

/** What each of two engines is said to have said. */
async function disagreement(one: Engine, other: Engine): Promise<readonly (string | undefined)[]> {
  const engine = compareEngines(one, other);
  const error: unknown = await engine.run("snp_report", []).catch((error: unknown) => error);
  assert.ok(error instanceof RejectedError);
  assert.equal(error.code, "engine.disagreement");
  assert.equal(error.fields["operation"], "snp_report");
  assert.equal(engine.disagreement(), error);
  return [error.fields["wasm"], error.fields["portable"]];
}

Deno.test("compareEngines() answers where both say the same", async () => {
  const answer = { a: [1, { b: null }], c: "d" };
  assert.deepEqual(await ask(saying(answer), saying(structuredClone(answer))), answer);
  assert.equal(await ask(saying(null), saying(null)), null);
  const engine = compareEngines(saying(1), saying(1));
  assert.equal(engine.compared(), 0);
  await engine.run("snp_report", []);
  assert.equal(engine.disagreement(), undefined);
  assert.equal(engine.compared(), 1);
});

Deno.test("compareEngines() refuses where both refuse with the same code", async () => {
  await assert.rejects(
    ask(refusing("snp.unsigned"), refusing("snp.unsigned")),
    { code: "snp.unsigned" },
  );
  await assert.rejects(ask(refusing("input.empty"), refusing("input.empty")), {
    name: "InputError",
  });
});

Deno.test("compareEngines() says who accepts what the other refuses", async () => {
  assert.deepEqual(
    await disagreement(saying({}), refusing("snp.revoked")),
    ["accepts", "refuses with snp.revoked"],
  );
  assert.deepEqual(
    await disagreement(refusing("input.empty"), saying({})),
    ["refuses with input.empty", "accepts"],
  );
  assert.deepEqual(
    await disagreement(refusing("snp.unsigned"), refusing("snp.revoked")),
    ["refuses with snp.unsigned", "refuses with snp.revoked"],
  );
});

Deno.test("compareEngines() says where two answers differ", async () => {
  const cases: readonly (readonly [unknown, unknown, string, string])[] = [
    [{ a: { b: 1 } }, { a: { b: 2 } }, "a.b is 1", "a.b is 2"],
    [{ a: [1, 2] }, { a: [1] }, "a.1 is there", "a.1 is absent"],
    [{}, { a: null }, "a is absent", "a is there"],
    [{ a: "1" }, { a: 1 }, 'a is "1"', "a is 1"],
    [{ a: null }, { a: {} }, "a is null", "a is {}"],
    [{ a: [] }, { a: {} }, "a is []", "a is {}"],
    [{ a: 0 }, { a: -0 }, "a is 0", "a is 0"],
    [{ a: {} }, { a: new Map([[1, 2]]) }, "a is {}", "a is {}"],
    [{ a: [1] }, { a: Uint8Array.of(1) }, "a is [1]", 'a is {"0":1}'],
    [1, 2, "1", "2"],
  ];
  for (const [one, other, wasm, portable] of cases) {
    assert.deepEqual(await disagreement(saying(one), saying(other)), [wasm, portable]);
  }
  const [text = ""] = await disagreement(saying("x".repeat(1000)), saying("y"));
  assert.ok(text.length < 110, text);
});

Deno.test("compareEngines() takes no failure for an answer or a refusal, and names who failed", async () => {
  const cases: readonly (readonly [Engine, Engine, string])[] = [
    [failing, saying(1), "wasm"],
    [saying(1), failing, "portable"],
    [failing, refusing("snp.unsigned"), "wasm"],
    [refusing("snp.unsigned"), failing, "portable"],
    [failing, failing, "(wasm|portable)"],
  ];
  for (const [one, other, name] of cases) {
    const engine = compareEngines(one, other);
    await assert.rejects(engine.run("snp_report", []), (error: Error) => {
      assert.equal(error.name, "Error");
      assert.match(error.message, new RegExp(`${name} failed \\[engine\\.failed\\]`));
      return error.cause instanceof TypeError;
    });
    // Nobody may take a failure for what was compared.
    assert.equal(engine.disagreement(), undefined);
    assert.equal(engine.compared(), 0);
  }
});

Deno.test("compareEngines() keeps the first disagreement, whoever takes it for something else", async () => {
  const engine = compareEngines(saying(1), refusing("snp.unsigned"));
  const [first] = await Promise.allSettled([engine.run("snp_leaf", [])]);
  await Promise.allSettled([engine.run("snp_report", [])]);
  assert.ok(first?.status === "rejected");
  assert.equal(engine.disagreement(), first.reason);
});
