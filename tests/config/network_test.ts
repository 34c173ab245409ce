/**
 * Ranges of addresses.
 *
 * @module
 */

import assert from "node:assert/strict";
import fc from "fast-check";
import { isPrivate, overlap, partsOf, RANGE, rangeOf } from "../../src/cluster/config/network.ts";

const prefix = fc.nat({ max: 32 });
const address = fc.nat({ max: 2 ** 32 - 1 });

/** Whether two ranges meet, by their bits. */
function byBits(a: number, b: number, bits: number): boolean {
  return bits === 0 || a >>> (32 - bits) === b >>> (32 - bits);
}

Deno.test("overlap() is that the shorter prefix is one of both", () => {
  fc.assert(
    fc.property(address, prefix, address, prefix, (a, p, b, q) => {
      const [one, other] = [text(a, p), text(b, q)];
      const wanted = byBits(a, b, Math.min(p, q));
      assert.equal(overlap(rangeOf(one), rangeOf(other)), wanted, `${one} ${other}`);
      assert.equal(overlap(rangeOf(other), rangeOf(one)), wanted);
      assert.equal(RANGE.decode(one, ""), one);
    }),
    { numRuns: 300 },
  );
});

/** The range in which an address lies. */
function text(any: number, bits: number): string {
  const first = bits === 0 ? 0 : ((any >>> (32 - bits)) << (32 - bits)) >>> 0;
  const octets = [24, 16, 8, 0].map((shift) => (first >>> shift) & 255);
  return `${octets.join(".")}/${bits}`;
}

Deno.test("RANGE refuses bits behind the prefix, and says the range that is meant", () => {
  assert.throws(() => RANGE.decode("10.244.3.1/16", "pods"), /did you mean "10\.244\.0\.0\/16"\?/);
  for (const bad of ["10.0.0.0", "10.0.0.256/8", "10.0.0/8", "10.0.0.0/33", "::/0", 7, null]) {
    assert.throws(() => RANGE.decode(bad, "pods"), `${bad}`);
  }
});

Deno.test("partsOf() counts, isPrivate() knows networks of one's own", () => {
  assert.equal(partsOf(rangeOf("10.244.0.0/16"), 24), 256);
  assert.equal(partsOf(rangeOf("10.244.0.0/24"), 24), 1);
  assert.equal(partsOf(rangeOf("10.244.0.0/25"), 24), 0);
  for (const own of ["10.0.0.0/8", "172.31.0.0/16", "192.168.7.0/24", "100.64.0.0/12"]) {
    assert.ok(isPrivate(rangeOf(own)), own);
  }
  for (const open of ["8.8.8.0/24", "172.32.0.0/16", "0.0.0.0/0", "192.0.0.0/8"]) {
    assert.ok(!isPrivate(rangeOf(open)), open);
  }
});
