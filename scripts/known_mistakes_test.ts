import assert from "node:assert/strict";
import { renderPage } from "./generate_known_mistakes.ts";
import { TESTED, WAITING } from "./known_mistakes/table.ts";
import { findTests } from "./known_mistakes/tests.ts";

const EVERY = TESTED.map(({ id }) => ({ id, says: "holds", path: "a_test.ts" }));

Deno.test("findTests() finds names in each way of writing a test", () => {
  const source = [
    'Deno.test("SNP-01 plain", () => {});',
    "Deno.test(`SNP-02 ${what} with a gap`, () => {});",
    'Deno.test({\n  ...overReal(\n    "API-01 over real evidence",\n  ),',
    'Deno.test({ name: "SNP-03 by name" });',
    'Deno.test("without id", () => {});',
  ].join("\n");
  assert.deepEqual(findTests("a.ts", source).map(({ id, says }) => `${id} ${says}`), [
    "SNP-01 plain",
    "SNP-02 … with a gap",
    "API-01 over real evidence",
    "SNP-03 by name",
  ]);
  const rust = "#[test]\nfn snp_15_read_refuses() {}\nfn other() {}";
  assert.deepEqual(findTests("a.rs", rust), [{
    id: "SNP-15",
    says: "read refuses",
    path: "a.rs",
  }]);
});

Deno.test("renderPage() refuses a mistake without test and a test without mistake", () => {
  assert.match(renderPage(EVERY), /### SNP-01\n\n.+\n\n- `a_test\.ts`\n {2}- holds\n/);
  assert.throws(() => renderPage(EVERY.slice(1)), /SNP-01 has no test/);
  const stray = { id: "SNP-99", says: "x", path: "b_test.ts" };
  assert.throws(() => renderPage([...EVERY, stray]), /b_test\.ts: a test names SNP-99/);
});

Deno.test("the table names each mistake once", () => {
  const ids = [...TESTED, ...WAITING.flatMap(([, mistakes]) => mistakes)].map(({ id }) => id);
  assert.equal(new Set(ids).size, ids.length);
  for (let n = 1; n <= 21; n++) assert.ok(ids.includes(`SNP-${String(n).padStart(2, "0")}`));
});
