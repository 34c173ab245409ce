import assert from "node:assert/strict";
import canonicalize from "canonicalize";
import fc from "fast-check";
import { canonicalJson, type CanonicalValue } from "./canonical_json.ts";

const textOf = (value: CanonicalValue): string => new TextDecoder().decode(canonicalJson(value));

Deno.test("canonicalJson() writes the example of RFC 8785 §3.2.3", () => {
  // Names of that section, each with its place; by code points the last two would change places.
  const names = ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\u{1f600}", "\ufb33"];
  const value = Object.fromEntries([...names].reverse().map((name) => [name, names.indexOf(name)]));
  assert.equal(
    textOf(value),
    '{"\\r":0,"1":1,"\u0080":2,"\u00f6":3,"\u20ac":4,"\u{1f600}":5,"\ufb33":6}',
  );
});

Deno.test("canonicalJson() writes strings with the escapes of RFC 8785 §3.2.2.2", () => {
  const text = "\u20ac$\u000f\nA'\u0042\u0022\u005c\\\"/\b\t\f\r\u007f\u2028\u0000";
  assert.equal(
    textOf(text),
    '"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/\\b\\t\\f\\r\u007f\u2028\\u0000"',
  );
});

Deno.test("canonicalJson() writes whole numbers, names of JSON and lists in order", () => {
  assert.equal(
    textOf([0, -0, 9007199254740991, -7, true, false, null, [], {}, [[1], { b: 2, a: 1 }]]),
    '[0,0,9007199254740991,-7,true,false,null,[],{},[[1],{"a":1,"b":2}]]',
  );
});

Deno.test("canonicalJson() refuses what has no canonical form here", () => {
  const half = "\ud83d";
  for (const value of [0.5, NaN, Infinity, 2 ** 53, 1e21, half, { [half]: 1 }, [half]]) {
    assert.throws(() => canonicalJson(value), RangeError, String(value));
  }
  for (const value of [undefined, 1n, () => 1, Symbol(), { a: undefined }, [undefined], Array(1)]) {
    // Callers in plain JavaScript may give anything.
    assert.throws(() => canonicalJson(value as unknown as CanonicalValue), RangeError);
  }
});

Deno.test("canonicalJson() writes what another writer of RFC 8785 writes, whatever the order of members", () => {
  fc.assert(
    fc.property(anyValue(), (written) => {
      const text = textOf(written);
      assert.equal(text, canonicalize(written));
      assert.deepEqual(JSON.parse(text), JSON.parse(JSON.stringify(written)));
      assert.equal(textOf(reversed(written)), text);
    }),
    { numRuns: 100, seed: 0x8785 },
  );
});

function anyValue(): fc.Arbitrary<CanonicalValue> {
  const text = fc.string({ unit: "binary" });
  const { value } = fc.letrec<{ value: CanonicalValue }>((tie) => ({
    value: fc.oneof(
      { depthSize: "small" },
      fc.oneof(text, fc.maxSafeInteger(), fc.boolean(), fc.constant(null)),
      fc.array(tie("value"), { maxLength: 4 }),
      fc.dictionary(text, tie("value"), { maxKeys: 4 }),
    ),
  }));
  return value;
}

/** The same value with its members in the opposite order. */
function reversed(value: CanonicalValue): CanonicalValue {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).map(([name, member]) => [name, reversed(member)] as const);
  return Object.fromEntries(members.reverse());
}
