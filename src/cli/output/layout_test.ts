import assert from "node:assert/strict";
import { brief, bulleted, cut, elide, labelled, usableWidth, wrap } from "./layout.ts";

Deno.test("wrap() breaks between words and cuts what is longer than a line", () => {
  assert.deepEqual(wrap("one two three", 7), ["one two", "three"]);
  assert.deepEqual(wrap("a abcdefghij b", 4), ["a", "abcd", "efgh", "ij b"]);
  assert.deepEqual(wrap("", 4), [""]);
});

Deno.test("cut() splits hex between bytes, at 16 or 4 bytes where that fits", () => {
  const hex = "0123456789abcdef".repeat(6);
  assert.deepEqual(cut(hex, 70).map((piece) => piece.length), [64, 32]);
  assert.deepEqual(cut(hex, 31).map((piece) => piece.length), [24, 24, 24, 24]);
  assert.deepEqual(cut(hex, 7).map((piece) => piece.length), Array.from({ length: 16 }, () => 6));
  assert.equal(cut(hex, 70).join(""), hex);
});

Deno.test("cut() leaves addresses whole, to be copied", () => {
  const address = "https://api.example.com/tdx/certification/v4/tcb?fmspc=90c06f000000";
  assert.deepEqual(cut(address, 40), [address]);
  assert.deepEqual(wrap(`at ${address} now`, 40), ["at", address, "now"]);
  assert.equal(cut(address.slice("https".length), 40).length, 2);
});

Deno.test("elide() and brief() keep to their width", () => {
  assert.equal(elide("abcdefghij", 7), "abcd…ij");
  assert.equal(brief("ab".repeat(48), 60), `${"ab".repeat(8)}…abababab`);
  assert.equal(brief("00".repeat(32), 60), "32 zero bytes");
  assert.equal(brief("one two three", 9), "one two…");
  for (const width of [8, 12, 20]) assert.ok(brief("ab".repeat(48), width).length <= width);
});

Deno.test("labelled() sets labels and wrapped texts in columns", () => {
  assert.deepEqual(
    labelled([["a", "one two three four"], ["long", "x"]], { width: 24, indent: "  " }),
    [
      "  a     one two three",
      "        four",
      "  long  x",
    ],
  );
});

Deno.test("bulleted() hangs lines under the first", () => {
  assert.deepEqual(bulleted("+ ", ["one two three four five"], { width: 20, indent: "  " }), [
    "  + one two three",
    "    four five",
  ]);
});

Deno.test("usableWidth() has a least and a most", () => {
  assert.deepEqual([0, 20, 72, 400].map(usableWidth), [40, 40, 72, 110]);
});
