import assert from "node:assert/strict";
import { concat, equal, frame, fromBase64, fromHex, toBase64, toHex, uint64 } from "./bytes.ts";

Deno.test("toHex() and fromHex() agree with the platform's own on all byte values", () => {
  const all = Uint8Array.from({ length: 256 }, (_, i) => i);
  assert.equal(toHex(all), all.toHex());
  assert.deepEqual(fromHex(all.toHex().toUpperCase()), all);
});

Deno.test("fromHex() refuses odd lengths, other characters and prefixes", () => {
  for (const bad of ["0", "0x00", "zz", "00 00", "００"]) {
    assert.throws(() => fromHex(bad), RangeError, bad);
  }
});

Deno.test("toBase64() and fromBase64() agree with the platform's own", () => {
  for (const length of [0, 1, 2, 3, 64, 1000]) {
    const bytes = crypto.getRandomValues(new Uint8Array(length));
    assert.equal(toBase64(bytes), bytes.toBase64());
    assert.deepEqual(fromBase64(bytes.toBase64()), bytes);
  }
});

Deno.test("fromBase64() refuses line breaks, url-safe letters and missing padding", () => {
  for (const bad of ["QUI", "QUJD\n", "-_-_", "QQ=A"]) {
    assert.throws(() => fromBase64(bad), RangeError, bad);
  }
});

Deno.test("frame() keeps apart lists whose joined bytes are the same", () => {
  const one = frame([fromHex("aabb"), fromHex("cc")]);
  const other = frame([fromHex("aa"), fromHex("bbcc")]);
  assert.equal(toHex(one), "00000002aabb00000001cc");
  assert.equal(equal(one, other), false);
  assert.equal(toHex(frame([])), "");
});

Deno.test("equal() compares length too", () => {
  assert.equal(equal(fromHex("00"), fromHex("0000")), false);
  assert.equal(equal(concat(fromHex("00"), fromHex("01")), fromHex("0001")), true);
});

Deno.test("uint64() writes big-endian and refuses what it cannot hold", () => {
  assert.equal(toHex(uint64(2 ** 53 - 1)), "001fffffffffffff");
  for (const bad of [-1, 0.5, 2 ** 53, Number.NaN]) assert.throws(() => uint64(bad), RangeError);
});
