import assert from "node:assert/strict";
import { compared, mentioned, moment, whole } from "./value.ts";

Deno.test("whole() breaks nothing that is copied: without tags the value is itself", () => {
  const digest = "0123456789abcdef".repeat(4);
  for (const value of [digest, `RSA 2048, ${digest}`, "plain", `${digest}, of ${digest}`, ""]) {
    assert.equal(String(whole(value)).replaceAll(/<[^>]*>/g, ""), value);
  }
  assert.match(String(whole(digest)), /<span>01234567<\/span><span>89abcdef<\/span>/);
});

Deno.test("compared() marks what differs, and only where both are hex of one length", () => {
  const [one, other] = ["00".repeat(32), `${"00".repeat(28)}01020304`];
  assert.match(String(compared(one, other)), /<span>00000000<\/span><mark>01020304<\/mark>/);
  assert.doesNotMatch(String(compared(one, "00")), /<mark>/);
  assert.doesNotMatch(String(compared(one, one)), /<mark>/);
  assert.match(String(compared(`${one} or ${other}`, null)), /<dt>or<\/dt>/);
  assert.equal(compared(null, null), null);
});

Deno.test("mentioned() shortens hex, zeros and long text", () => {
  const cases = [
    ["ab".repeat(32), "abababababababab…abababab"],
    [`PCR 15 ${"ab".repeat(32)}`, "PCR 15 abababababababab…abababab"],
    ["00".repeat(48), "48 zero bytes"],
    [`${"ab".repeat(32)} or ${"cd".repeat(32)}`, "one of 2 values"],
    ["x".repeat(80), `${"x".repeat(63)}…`],
  ] as const;
  for (const [text, short] of cases) {
    assert.equal(String(mentioned(text)).replaceAll(/<[^>]*>/g, ""), short);
  }
});

Deno.test("moment() is read by people", () => {
  assert.equal(moment("2026-11-21T12:00:00.123Z"), "2026-11-21 12:00:00 UTC");
});
