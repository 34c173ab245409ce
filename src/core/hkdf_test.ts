import assert from "node:assert/strict";
import { fromHex, toHex } from "./bytes.ts";
import { hkdfSha256 } from "./hkdf.ts";

/** A run of bytes that count up. */
function run(first: number, count: number): Uint8Array {
  return Uint8Array.from({ length: count }, (_, index) => first + index);
}

/** RFC 5869, Appendix A: the cases of SHA-256. */
const CASES: readonly (readonly [string, Uint8Array, Uint8Array, Uint8Array, string])[] = [
  [
    "A.1",
    new Uint8Array(22).fill(0x0b),
    run(0x00, 13),
    run(0xf0, 10),
    "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
  ],
  [
    "A.2",
    run(0x00, 80),
    run(0x60, 80),
    run(0xb0, 80),
    "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87",
  ],
  [
    "A.3",
    new Uint8Array(22).fill(0x0b),
    new Uint8Array(),
    new Uint8Array(),
    "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
  ],
];

for (const [name, secret, salt, info, expected] of CASES) {
  Deno.test(`hkdfSha256() gives what RFC 5869 ${name} does`, async () => {
    const length = expected.length / 2;
    assert.equal(toHex(await hkdfSha256(secret, salt, info, length)), expected);
    const first = await hkdfSha256(secret, salt, info, 1);
    assert.deepEqual(first, fromHex(expected.slice(0, 2)));
  });
}

Deno.test("hkdfSha256() reads views of a larger buffer, and refuses lengths that it cannot give", async () => {
  const [, , salt, info, expected] = CASES[0] ?? assert.fail();
  const within = new Uint8Array(40).fill(0x0b).subarray(9, 31);
  assert.equal(toHex(await hkdfSha256(within, salt, info, 42)), expected);
  assert.equal((await hkdfSha256(within, salt, info, 8160)).length, 8160);
  for (const length of [0, -1, 1.5, NaN, 8161]) {
    await assert.rejects(hkdfSha256(within, salt, info, length), RangeError);
  }
  await assert.rejects(hkdfSha256(new Uint8Array(), salt, info, 32), RangeError);
});
