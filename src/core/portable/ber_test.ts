import assert from "node:assert/strict";
import { fromHex, toHex } from "../bytes.ts";
import { rewriteBer } from "./ber.ts";
import { Malformed } from "../malformed.ts";

const rewritten = (hex: string): string => toHex(rewriteBer(fromHex(hex)));

Deno.test("rewriteBer leaves DER as it is", () => {
  const long = `308184048181${"00".repeat(129)}`;
  for (const hex of ["0500", "3000", "30030101ff", "a003020102", "040130", long]) {
    assert.equal(rewritten(hex), hex);
  }
});

const REWRITTEN: readonly (readonly [string, string, string])[] = [
  ["an empty sequence", "30800000", "3000"],
  ["an indefinite in an indefinite", "3080a080020101000002010200 00", "3008a003020101020102"],
  ["a definite around an indefinite", "30073080020101 0000", "30053003020101"],
  ["an octet string in pieces", "2480040161 0402 6263 0000", "0403616263"],
  ["an octet string in pieces of known length", "2407 040161 0402 6263", "0403616263"],
  ["an octet string in no pieces", "24800000", "0400"],
  ["pieces of pieces", "2480 2480 040161 0000 2403 040162 0000", "04026162"],
];

for (const [what, ber, der] of REWRITTEN) {
  Deno.test(`rewriteBer rewrites ${what}`, () => {
    assert.equal(rewritten(ber.replaceAll(" ", "")), der);
  });
}

Deno.test("rewriteBer writes lengths in as few octets as possible", () => {
  for (
    const [size, head] of [[127, "047f"], [128, "048180"], [255, "0481ff"], [
      256,
      "04820100",
    ]] as const
  ) {
    const half = "00".repeat(size - 100);
    const length = (size - 100) < 128
      ? (size - 100).toString(16).padStart(2, "0")
      : `81${(size - 100).toString(16)}`;
    const ber = `24800464${"00".repeat(100)}04${length}${half}0000`;
    assert.equal(rewritten(ber), head + "00".repeat(size), `${size}`);
  }
});

const around = (depth: number): string => "3080".repeat(depth) + "0000".repeat(depth);

Deno.test("rewriteBer takes 16 levels", () => {
  assert.equal(rewritten(around(16)).length, 2 * 32);
});

const REFUSED: readonly (readonly [string, string])[] = [
  ["nothing", ""],
  ["a lone identifier", "30"],
  ["a missing end", "3080020101"],
  ["half an end", "308002010100"],
  ["an end with contents", "308002010100010000"],
  ["an end where no one is open", "0000"],
  ["an end in a value of known length", "30020000"],
  ["a primitive value of unknown length", "0480040161 0000"],
  ["something behind", "30000500"],
  ["a part beyond its whole", "3003020201ff"],
  ["a value that is cut short", "0405616263"],
  ["a length with an octet too many", "04810161"],
  ["a length with a leading zero", "0482000161"],
  ["a length of five octets", "0485000000000161"],
  ["a piece that is none", "2480020101 0000"],
  ["a piece that is a sequence", "2480 3000 0000"],
  ["an identifier of two octets", "1f8100"],
  ["17 levels", around(17)],
];

for (const [what, ber] of REFUSED) {
  Deno.test(`rewriteBer refuses ${what}`, () => {
    assert.throws(() => rewritten(ber.replaceAll(" ", "")), Malformed);
  });
}
