import assert from "node:assert/strict";
import { type JsonTree, readTree } from "./json_tree.ts";
import { Malformed } from "../malformed.ts";

const plain = (value: JsonTree): unknown => {
  switch (value.kind) {
    case "object":
      return [...value.members].map(([name, one]) => [name, plain(one)]);
    case "list":
      return value.items.map(plain);
    case "string":
      return value.text;
    default:
      return value.value;
  }
};

Deno.test("readTree reads every kind of value, members in order", () => {
  const text =
    ' {"b":[1,-20,0,[],{}],"7":{"x":null},"a":true,"\\u0063":"\\ud83d\\ude00","":false} ';
  assert.deepEqual(plain(readTree(text)), [
    ["b", [1, -20, 0, [], []]],
    ["7", [["x", null]]],
    ["a", true],
    ["c", "\u{1f600}"],
    ["", false],
  ]);
});

const nested = (levels: number): string =>
  '{"a":' + "[".repeat(levels - 1) + "]".repeat(levels - 1) + "}";

Deno.test("readTree reads 32 levels and the largest numbers", () => {
  readTree(nested(32));
  readTree('{"a":[9007199254740991,-9007199254740991]}');
});

const REFUSED: readonly (readonly [string, string])[] = [
  ["nothing", ""],
  ["a list", "[]"],
  ["a string", '"a"'],
  ["two objects", "{}{}"],
  ["a mark in front", "\ufeff{}"],
  ["a comma too many", '{"a":1,}'],
  ["a comma in front", '{,"a":1}'],
  ["a name without quotes", "{a:1}"],
  ["a member without a value", '{"a":}'],
  ["a member twice", '{"a":1,"a":1}'],
  ["a member twice, once escaped", '{"a":1,"\\u0061":1}'],
  ["a member twice, deep down", '{"a":[{"b":{"c":1,"c":2}}]}'],
  ["half of a pair", '{"a":"\\ud800"}'],
  ["half of a pair in a name", '{"\\udc00":1}'],
  ["a line in a string", '{"a":"\n"}'],
  ["a number beyond 2^53 - 1", '{"a":9007199254740992}'],
  ["a number below -2^53 + 1", '{"a":[-9007199254740992]}'],
  ["a large exponent", '{"a":1e400}'],
  ["a fraction", '{"a":[1.5]}'],
  ["a fraction of nothing", '{"a":1.0}'],
  ["an exponent", '{"a":1e2}'],
  ["a zero with a sign", '{"a":-0}'],
  ["a zero in front", '{"a":01}'],
  ["a plus", '{"a":+1}'],
  ["a bare point", '{"a":1.}'],
  ["not a number", '{"a":NaN}'],
  ["a comment", '{"a":1/**/}'],
  ["another blank", '{"a":\u00a01}'],
  ["a name in capitals", '{"a":True}'],
  ["33 levels", nested(33)],
  ["levels without end", '{"a":' + "[".repeat(10_000)],
];

for (const [what, text] of REFUSED) {
  Deno.test(`readTree refuses ${what}`, () => assert.throws(() => readTree(text), Malformed));
}
