import assert from "node:assert/strict";
import { parseStrictJson } from "./strict_json.ts";

const read = (text: string): unknown => parseStrictJson(new TextEncoder().encode(text));

Deno.test("parseStrictJson() gives what JSON.parse() gives", () => {
  const texts = [
    ...[
      "null",
      "true",
      " 1 ",
      "-0.5e-3",
      '"a"',
      "[]",
      "{}",
      '"\\"{[:"',
      '"\\\\"',
      '"\\ud83d\\ude00"',
    ],
    ...['{"a":{"a":[{"a":1},{"a":2}]},"b":{"a":1}}', '["a","a"]', '{"a":"a","b":"a"}', '{"":""}'],
    ...['{"a":"\\"b\\":1","b":2}', `${"[".repeat(16)}${"]".repeat(16)}`, "9007199254740991"],
  ];
  for (const text of texts) assert.deepEqual(read(text), JSON.parse(text), text);
});

Deno.test("parseStrictJson() refuses what is no JSON, or can be read in two ways", () => {
  for (
    const text of [
      ...["", "{", "[1,]", '{"a":1}}', "01", "'a'", "NaN", "\ufeff{}", '{"a" 1}', "{}{}", '"\t"'],
      ...['{"a":1,"a":1}', '{"a":1,"\\u0061":1}', '{"b":[{"a":1,"c":{},"a" : 2}]}', '{"":1,"":2}'],
      ...['{"a":"\\"","a":1}', '{"a":[],"a":{}}', '{"__proto__":1,"__proto__":2}'],
      ...["9007199254740992", "-9007199254740992", "1e400", "1e16", "[123456789012345678]"],
      ...['"\\ud800"', '{"\\udc00":1}', `${"[".repeat(17)}${"]".repeat(17)}`, "[".repeat(500_000)],
    ]
  ) assert.throws(() => read(text), SyntaxError, text.slice(0, 60));
  for (const bytes of [[0xff], [0x22, 0xc0, 0x80, 0x22], [0x22, 0xed, 0xa0, 0x80, 0x22]]) {
    assert.throws(() => parseStrictJson(Uint8Array.from(bytes)), SyntaxError);
  }
});

Deno.test("parseStrictJson() takes what is long and refuses what does not end, in time that grows with its length", () => {
  const size = 400_000;
  for (const part of ["a", '\\"', "\\u0061", " ", "ä"]) {
    const long = part.repeat(size / part.length);
    assert.equal(read(`{"a":"${long}"}`) !== undefined, true);
    for (const text of [`"${long}`, `{"a":"${long}`, `"${long}\\`, `"${long}\\"`]) {
      assert.throws(() => read(text), SyntaxError);
    }
  }
});

Deno.test("parseStrictJson() says what is wrong in words of its own, and nothing of the text", () => {
  for (
    const text of ["secret", '{"a":secret}', "", '"\\q secret"', '{"\\q secret":1}', "{}secret"]
  ) {
    assert.throws(() => read(text), { name: "SyntaxError", message: "it is no JSON" }, text);
  }
});
