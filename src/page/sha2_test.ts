import assert from "node:assert/strict";
import * as known from "@noble/hashes/sha2.js";
import * as own from "./sha2.ts";

const LENGTHS = [
  0,
  1,
  3,
  55,
  56,
  57,
  63,
  64,
  65,
  111,
  112,
  113,
  119,
  120,
  127,
  128,
  129,
  255,
  1000,
  4097,
];

for (const name of ["sha256", "sha384", "sha512"] as const) {
  Deno.test(`${name}() is that of the standard for every length around a block`, () => {
    for (const length of LENGTHS) {
      const message = crypto.getRandomValues(new Uint8Array(length));
      assert.deepEqual(own[name](message), new Uint8Array(known[name](message)), `${length} bytes`);
    }
    const part = new Uint8Array(300).fill(7).subarray(100, 200);
    assert.deepEqual(own[name](part), new Uint8Array(known[name](part)));
  });
}
