import assert from "node:assert/strict";
import { printable, printableData, printableJson } from "./printable.ts";

Deno.test("printable() escapes controls, marks of direction and invisible characters, and nothing else", () => {
  assert.equal(
    printable("a\x1b[2Jb\x9bc\u202ed\u200be\ufefff\r\n\t"),
    "a\\u001b[2Jb\\u009bc\\u202ed\\u200be\\ufefff\\u000d\\u000a\\u0009",
  );
  assert.equal(
    printable("\u00ad\u3164\ufff0\u{e0041}\ufdd0\uffff\u{1fffe}"),
    "\\u00ad\\u3164\\ufff0\\udb40\\udc41\\ufdd0\\uffff\\ud83f\\udffe",
  );
  assert.equal(printable("\ud800"), "\ud800", "halves of a pair are for others to mend");
  assert.equal(printable("Käse → ≤ ✔ 漢字 🔒\n", "\n"), "Käse → ≤ ✔ 漢字 🔒\n");
});

Deno.test("printableData() reaches every text and keeps everything else", () => {
  assert.deepEqual(printableData({ a: ["\x1b", 1, null, { b: "\x07", c: true }] }), {
    a: ["\\u001b", 1, null, { b: "\\u0007", c: true }],
  });
});

Deno.test("printableJson() means the same as JSON.stringify", () => {
  const data = { "k\u202e": "v\x9b\u2028\x1b\u{e0041}", n: [1, null] };
  assert.deepEqual(JSON.parse(printableJson(data)), data);
  assert.equal(printable(printableJson(data), "\n"), printableJson(data));
});
