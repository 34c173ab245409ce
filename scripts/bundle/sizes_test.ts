import assert from "node:assert/strict";
import { judgeTable, sizeOf, type Sizes, writeTable } from "./sizes.ts";

const PAGE = "Before\n\n<!-- sizes -->\n<!-- /sizes -->\n\nAfter\n";

function sizes(gzip: number): Sizes {
  return new Map([["./snp", { bytes: 100_000, gzip }], ["./x", { bytes: 2_000, gzip: 900 }]]);
}

Deno.test("judgeTable() takes what writeTable() wrote, and little more or less", () => {
  const page = writeTable(PAGE, sizes(40_000));
  assert.ok(page.startsWith("Before") && page.endsWith("After\n"));
  assert.equal(writeTable(page, sizes(40_000)), page);
  for (const gzip of [40_000, 41_000, 36_000]) {
    assert.deepEqual(judgeTable(page, sizes(gzip)), [], String(gzip));
  }
});

Deno.test("judgeTable() names what grew, what shrank, what is missing and what is gone", () => {
  const page = writeTable(PAGE, sizes(40_000));
  for (const gzip of [42_000, 30_000]) assert.equal(judgeTable(page, sizes(gzip)).length, 1);
  assert.equal(judgeTable(PAGE, sizes(40_000)).length, 2);
  assert.equal(judgeTable(page, new Map()).length, 2);
});

Deno.test("sizeOf() counts bytes, not characters", () => {
  assert.equal(sizeOf("ü").bytes, 2);
});
