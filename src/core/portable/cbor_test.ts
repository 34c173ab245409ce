import assert from "node:assert/strict";
import { encode } from "cborg";
import { fromHex } from "../bytes.ts";
import { type Cbor, readCbor } from "./cbor.ts";
import { Malformed } from "../malformed.ts";

/** A value as cborg has it. */
function plain(value: Cbor): unknown {
  switch (value.type) {
    case "array":
      return value.items.map(plain);
    case "map":
      return new Map(value.entries.map((entry) => [plain(entry.key), plain(entry.value)]));
    default:
      return value.value;
  }
}

/** Whole numbers at each length of a head, and beyond what a double tells apart. */
const NUMBERS = [0n, 23n, 24n, 255n, 256n, 65535n, 65536n, 2n ** 32n - 1n, 2n ** 32n, 2n ** 53n];

Deno.test("readCbor() reads what cborg writes, which is not ours", () => {
  for (const number of [...NUMBERS, 2n ** 64n - 1n]) {
    for (const value of [number, -1n - number]) {
      assert.deepEqual(plain(readCbor(encode(value))), value);
    }
  }
  for (const length of [0, 23, 24, 255, 256, 65536]) {
    const [bytes, text] = [new Uint8Array(length).fill(7), "é".repeat(length)];
    assert.deepEqual(plain(readCbor(encode(bytes))), bytes);
    assert.equal(plain(readCbor(encode(text))), text);
  }
  const nested = [new Map<unknown, unknown>([["a", null], [1n, [true, false]]]), []];
  assert.deepEqual(plain(readCbor(encode(nested))), nested);
});

/** Examples of RFC 8949, appendix A. */
const EXAMPLES: readonly (readonly [hex: string, value: unknown])[] = [
  ["00", 0n],
  ["1903e8", 1000n],
  ["1bffffffffffffffff", 18446744073709551615n],
  ["3bffffffffffffffff", -18446744073709551616n],
  ["3903e7", -1000n],
  ["4401020304", Uint8Array.of(1, 2, 3, 4)],
  ["62c3bc", "ü"],
  ["64f0908591", "𐅑"],
  ["8301820203820405", [1n, [2n, 3n], [4n, 5n]]],
  ["a201020304", new Map([[1n, 2n], [3n, 4n]])],
  ["f4", false],
  ["f6", null],
];

Deno.test("readCbor() reads the examples of RFC 8949 that it takes", () => {
  for (const [hex, value] of EXAMPLES) assert.deepEqual(plain(readCbor(fromHex(hex))), value, hex);
});

Deno.test("readCbor() takes a tag in front where it is expected", () => {
  for (const hex of ["d280", "80"]) {
    assert.deepEqual(plain(readCbor(fromHex(hex), 18n)), []);
  }
});

/** What is not CBOR, or not in its one form. */
const REFUSED: Readonly<Record<string, string>> = {
  "nothing": "",
  "a head that is cut short": "19ff",
  "bytes that are cut short": "4300",
  "an array that is cut short": "81",
  "a map without its last value": "a101",
  "a length beyond all bytes": "5bffffffffffffffff",
  "an array of 2^64 - 1 values": "9bffffffffffffffff",
  "bytes behind the value": "0000",
  "24 that could be shorter": "1817",
  "256 that could be shorter": "1900ff",
  "a length that could be shorter": "580100",
  "a number of entries that could be shorter": "b8010000",
  "65535 that could be shorter": "1a0000ffff",
  "2^32 - 1 that could be shorter": "1b00000000ffffffff",
  "bytes of no stated length": "5f4100ff",
  "a text of no stated length": "7f6161ff",
  "an array of no stated length": "9fff",
  "a map of no stated length": "bfff",
  "an end without a start": "ff",
  "a reserved form": "1c",
  "a reserved tag": "dc",
  "half a float": "f93c00",
  "a float": "fa3f800000",
  "a double": "fb3ff0000000000000",
  "undefined": "f7",
  "an unassigned simple value": "e0",
  "a simple value in two bytes": "f820",
  "a tag inside": "81c100",
  "a tag where none is expected": "d280",
  "a text that is no UTF-8": "62c328",
  "a text with a surrogate": "63eda080",
  "a key twice": "a200000001",
  "a key of bytes twice": "a2410100410101",
  "nine arrays inside one another": "818181818181818180",
};

for (const [what, hex] of Object.entries(REFUSED)) {
  Deno.test(`readCbor() refuses ${what}`, () => {
    assert.throws(() => readCbor(fromHex(hex)), Malformed);
  });
}

Deno.test("readCbor() refuses another tag, a second one, and one in more bytes than it needs", () => {
  for (const hex of ["d180", "d2d280", "d81280", "d2"]) {
    assert.throws(() => readCbor(fromHex(hex), 18n), Malformed, hex);
  }
});

Deno.test("readCbor() takes eight arrays inside one another, and keys of each type", () => {
  assert.ok(readCbor(fromHex("8181818181818180")));
  assert.ok(readCbor(fromHex("a50000200061000040008000")));
});

Deno.test("readCbor() takes 1024 values in all", () => {
  const array = (count: number) =>
    Uint8Array.of(0x99, count >> 8, count & 255, ...Array(count).fill(0x80));
  const two = (first: number, second: number) =>
    Uint8Array.of(0x82, ...array(first), ...array(second));
  readCbor(array(1023));
  readCbor(two(510, 511));
  for (const bytes of [array(1024), two(511, 511)]) {
    assert.throws(() => readCbor(bytes), /too many values/);
  }
});
