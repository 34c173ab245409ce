import assert from "node:assert/strict";
import { Malformed } from "../malformed.ts";
import {
  bytes,
  list,
  moment,
  number,
  object,
  oneOf,
  type Read,
  readObject,
  string,
} from "./json.ts";
import { JsonScanner } from "./json_scanner.ts";

/** Reads `{"a": value}` for a value. */
function readMember<T>(value: string, read: Read<T>): T {
  return readObject(`{"a":${value}}`, (members) => members.need("a", read));
}

function assertMalformed(value: string, read: Read<unknown>): void {
  assert.throws(() => readMember(value, read), Malformed, value);
}

Deno.test("readObject() takes one object with the members that are known", () => {
  const read = (text: string) =>
    readObject(text, (members) => [members.need("a", number(9)), members.may("b", string)]);

  assert.deepEqual(read(' {"a" :\t1\r\n, "b":"x"} '), [1, "x"]);
  assert.deepEqual(read('{"\\u0061":1}'), [1, undefined]);
  for (
    const text of [
      ...["", "null", "[]", "{}", '{"a":1', '{"a":1,}', '{"a":1}{}', '{"a":1},', "{a:1}"],
      ...['{"a":1,"a":1}', '{"a":1,"\\u0061":1}', '{"a":1,"c":1}', '{"a":1,"b":null}'],
      ...['{"a":null}', '{"A":1}', '{"a":1}\u00a0', '\ufeff{"a":1}', '{"a":1}\0', '{"a" 1}'],
      ...['{"a":1 "b":"x"}', '{"a":1,"b":"\\ud800"}', '{"\\udc00":1,"a":1}'],
    ]
  ) assert.throws(() => read(text), Malformed, text);
});

Deno.test("number() takes whole numbers that are written as such", () => {
  assert.equal(readMember("0", number(255)), 0);
  assert.equal(readMember(" 255 ", number(255)), 255);
  for (
    const text of [
      ...["256", "-0", "-1", "+1", "00", "01", "1.0", "1e0", "1E2", "0x1", "1_0", '"1"', "null"],
      ...["18446744073709551616", "1e400", "NaN", "Infinity", "1.", ".5", "- 1", "[1]", ""],
    ]
  ) assertMalformed(text, number(255));
});

Deno.test("string() takes every escape of RFC 8259, and no half of a pair", () => {
  assert.equal(readMember('"\\"\\\\\\/\\b\\f\\n\\r\\t"', string), '"\\/\b\f\n\r\t');
  assert.equal(readMember('"\\ud83d\\ude00\\u00E4"', string), "\u{1f600}\u00e4");
  for (
    const text of ['"\\x"', '"\\u12"', '"\t"', '"\n"', '"a', "'a'", '"\\ud83d"', '"\\ude00\\ud83d"']
  ) {
    assertMalformed(text, string);
  }
});

Deno.test("bytes() takes two digits of either case for each byte", () => {
  assert.deepEqual(readMember('"0aBc"', bytes(2)), Uint8Array.of(0x0a, 0xbc));
  for (
    const text of ['""', '"0ab"', '"0abc0"', '"0abc00"', '"0x0a"', '" 0ab"', '"0\u00e4bc"', "1234"]
  ) {
    assertMalformed(text, bytes(2));
  }
});

Deno.test("moment() takes moments that exist, in one form", () => {
  assert.equal(readMember('"1970-01-01T00:00:00Z"', moment), 0);
  assert.equal(readMember('"2024-02-29T23:59:59Z"', moment), 1709251199);
  assert.equal(readMember('"9999-12-31T23:59:59Z"', moment), 253402300799);
  for (
    const text of [
      ...["2026-02-29T00:00:00Z", "2026-11-31T00:00:00Z", "2026-13-01T00:00:00Z"],
      ...["2026-11-21T24:00:00Z", "2026-11-21T23:60:00Z", "2026-06-30T23:59:60Z"],
      ...["1969-12-31T23:59:59Z", "2026-11-21t00:00:00z", "2026-11-21T00:00:00.0Z"],
      ...["2026-11-21T00:00:00+00:00", "2026-11-21T00:00:00", "2026-11-21", "20261121T000000Z"],
      ...[" 2026-11-21T00:00:00Z", "2026-11-21T00:00:00Z\\n", "+2026-11-21T00:00:00Z", ""],
    ]
  ) assertMalformed(`"${text}"`, moment);
});

Deno.test("list() and oneOf() hold to what is known", () => {
  const words = list(oneOf("x", "y"), 1, 2);

  assert.deepEqual(readMember('["y", "x"]', words), ["y", "x"]);
  for (
    const text of ["[]", '["x","x","x"]', '["z"]', '["x",]', '[,"x"]', '{"0":"x"}', '"x"', '["x"']
  ) {
    assertMalformed(text, words);
  }
  const objects = list(object((members) => members.need("b", number(1))), 0, 9);
  assert.deepEqual(readMember('[{"b":1}]', objects), [1]);
  for (const text of ['[{"b":1,"c":2}]', "[[1]]", "[1]", '[{"b":1,"b":1}]']) {
    assertMalformed(text, objects);
  }
});

Deno.test("JsonScanner.skip() passes over what is deep without a stack, and gives it as it stands", () => {
  const deep = `${"[".repeat(100_000)}1${"]".repeat(100_000)}`;
  assert.equal(new JsonScanner(` ${deep} `).skip(), deep);
  for (const text of ['{"a":[1,{"b":{}}],"c":"}"}', "[]", "{}", "true", "-1.5e+3", '"\\ud800"']) {
    assert.equal(new JsonScanner(`${text},`).skip(), text);
  }
  for (const text of ["[", "[1", "[1}", '{"a"}', '{"a":}', "{1:1}", "[1 2]", "tru", "]", "-"]) {
    assert.throws(() => new JsonScanner(text).skip(), Malformed, text);
  }
});
