import assert from "node:assert/strict";
import { fromBase64, toBase64 } from "./bytes.ts";
import { base64url, fromBase64url, toBase64url } from "./base64url.ts";
import { DecodeError } from "./decode.ts";

/** A test as it is, and where the runtime has no base64 of its own. */
function testInBoth(name: string, fn: () => void): void {
  Deno.test(name, fn);
  Deno.test(`${name} (a runtime without its own)`, () => {
    const own = [
      [Uint8Array.prototype, "toBase64", Uint8Array.prototype.toBase64],
      [Uint8Array, "fromBase64", Uint8Array.fromBase64],
    ] as const;
    try {
      for (const [on, key] of own) Reflect.deleteProperty(on, key);
      fn();
    } finally {
      for (const [on, key, value] of own) {
        Object.defineProperty(on, key, { value, configurable: true, writable: true });
      }
    }
  });
}

testInBoth("toBase64url() writes what Node's Buffer writes, and fromBase64url() reads it", () => {
  for (let length = 0; length < 70; length++) {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 151 + length * 37) & 0xff);
    const text = toBase64url(bytes);
    assert.equal(text, Buffer.from(bytes).toString("base64url"));
    assert.deepEqual(fromBase64url(text), bytes);
  }
});

testInBoth("fromBase64url() refuses every second form of the same bytes", () => {
  for (
    const text of [
      ...[
        "YQ==",
        "YR",
        "YWI=",
        "YWJ",
        "+_-_",
        "/_-_",
        "Y",
        "YWJjZ",
        " YQ",
        "YQ\n",
        "Y Q",
        "ä",
        "YQ=",
      ],
    ]
  ) assert.throws(() => fromBase64url(text), RangeError, text);
});

testInBoth("base64url() takes bytes up to a size, and its schema the same texts", () => {
  const decoder = base64url(4);
  const pattern = new RegExp(String(decoder.schema["pattern"]));
  for (const text of ["AA", "AAA", "AAAA", "_-_w", "AAAAAA"]) {
    assert.equal(toBase64url(decoder.decode(text, "")), text);
    assert.match(text, pattern);
  }
  for (const text of ["YR", "YWJ", "Y", "YQ==", "+_", "YQ\n", "AAAAA"]) {
    assert.throws(() => decoder.decode(text, "a"), DecodeError);
    assert.doesNotMatch(text, pattern);
  }
  for (const other of ["", "AAAAAAA", null, 1, ["AA"], new Uint8Array(1)]) {
    assert.throws(() => decoder.decode(other, "a"), DecodeError);
  }
});

testInBoth("toBase64() writes what Node's Buffer writes, of many bytes too", () => {
  for (const length of [0, 1, 2, 3, 8192, 8193, 20_000]) {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 151 + length) & 0xff);
    const text = toBase64(bytes);
    assert.equal(text, Buffer.from(bytes).toString("base64"));
    assert.deepEqual(fromBase64(text), bytes);
  }
});
