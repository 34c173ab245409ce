import assert from "node:assert/strict";
import type { RuntimeRegister } from "../evidence/evidence.ts";
import { judgeRuntime } from "./runtime.ts";

const [ONE, TWO] = ["11".repeat(32), "22".repeat(32)];
const LONG = "33".repeat(48);

const pcr = (value: string, bank: RuntimeRegister["bank"] = "sha256"): RuntimeRegister => ({
  bank,
  register: 15,
  value,
});

const RUNTIME = { cluster: { sha256: [ONE] }, member: { sha256: [TWO], sha384: [LONG] } };

Deno.test("judgeRuntime() holds the register against the phase that the statement claims", () => {
  assert.equal(judgeRuntime(RUNTIME, [pcr(ONE)], "cluster").holds, true);
  assert.equal(judgeRuntime(RUNTIME, [pcr(TWO)], "member").holds, true);
  const crossed = judgeRuntime(RUNTIME, [pcr(ONE)], "member");
  assert.deepEqual([crossed.holds, crossed.code], [false, "reference.runtime_mismatch"]);
});

Deno.test("judgeRuntime() without a statement takes any listed phase, and says which", () => {
  const judged = judgeRuntime(RUNTIME, [pcr(TWO)], null);
  assert.deepEqual([judged.holds, judged.actual], [true, `PCR 15 sha256 ${TWO}: phase member`]);
  assert.equal(judgeRuntime(RUNTIME, [pcr("44".repeat(32))], null).holds, false);
});

Deno.test("judgeRuntime() refuses a phase that is not listed", () => {
  const judged = judgeRuntime(RUNTIME, [pcr("00".repeat(32))], "zero");
  assert.deepEqual([judged.holds, judged.expected, judged.actual], [
    false,
    "phase cluster or member",
    "phase zero",
  ]);
});

Deno.test("judgeRuntime() demands each listed bank that is quoted, and one of them at least", () => {
  const banks = [pcr(TWO), pcr(LONG, "sha384")];
  assert.equal(judgeRuntime(RUNTIME, banks, "member").holds, true);
  const half = [pcr(TWO), pcr("44".repeat(48), "sha384")];
  assert.equal(judgeRuntime(RUNTIME, half, "member").holds, false);
  for (const none of [[], [pcr(LONG, "sha384")]]) {
    const judged = judgeRuntime(RUNTIME, none, "cluster");
    assert.deepEqual([judged.holds, judged.code], [null, "reference.runtime_not_quoted"]);
    assert.notEqual(judged.required, false);
  }
});

Deno.test("judgeRuntime() refuses a register that nothing extended", () => {
  const judged = judgeRuntime({ cluster: { sha384: [LONG] } }, null, "cluster");
  assert.deepEqual([judged.holds, judged.actual], [false, "never extended"]);
  assert.equal(judgeRuntime({ cluster: { sha384: [LONG] } }, null, null).holds, false);
});
