import assert from "node:assert/strict";
import { differences } from "./compare.ts";

const HERE: readonly string[] = [
  '{"name":"a","examined":{"verdict":"trusted","claims":[{"id":"x","value":1},{"id":"y"}]}}',
  '{"name":"b","examined":{"error":"InputError","code":"input.empty","fields":{"role":"report"}}}',
];
const LABELS: readonly string[] = ["tdx a (wasm)", "tdx b (wasm)"];

/** What is found when one text is replaced in the answers. */
function found(from: string, to: string): readonly string[] {
  const there = HERE.map((text) => text.replace(from, to));
  assert.notDeepEqual(there, HERE);
  return differences("workerd", there, HERE, LABELS);
}

Deno.test("differences() finds none where all is the same", () => {
  assert.deepEqual(differences("Node", [...HERE], HERE, LABELS), []);
});

Deno.test("differences() names case, runtime and the first place that differs", () => {
  assert.deepEqual(found('"value":1', '"value":2'), [
    "tdx a (wasm): in workerd, examined.claims.0.value is 2, expected 1",
  ]);
  assert.deepEqual(found('"code":"input.empty"', '"code":"input.missing"'), [
    'tdx b (wasm): in workerd, examined.code is "input.missing", expected "input.empty"',
  ]);
  assert.deepEqual(found('{"role":"report"}', "{}"), [
    'tdx b (wasm): in workerd, examined.fields.role is absent, expected "report"',
  ]);
  assert.deepEqual(found(',"fields"', ',"retryable":true,"fields"'), [
    "tdx b (wasm): in workerd, examined.retryable is true, expected absent",
  ]);
  assert.deepEqual(found('{"role":"report"}', "[]"), [
    'tdx b (wasm): in workerd, examined.fields is [], expected {"role":"report"}',
  ]);
});

Deno.test("differences() finds what values do not tell: order, form of a number, what is no JSON", () => {
  assert.deepEqual(found('"id":"x","value":1', '"value":1,"id":"x"').length, 1);
  assert.match(found('"value":1', '"value":1.0')[0] ?? "", /the text has "\.0\}.* at 73, expected/);
  assert.match(found('{"name":"a"', '{"name":"a')[0] ?? "", /the text has/);
});

Deno.test("differences() finds answers that are missing, too many, or of another case", () => {
  const [first = "", second = ""] = HERE;
  assert.deepEqual(differences("Chromium", [first], HERE, LABELS), [
    "Chromium gave 1 answers, not 2",
  ]);
  assert.deepEqual(differences("Chromium", [...HERE, first], HERE, LABELS), [
    "Chromium gave 3 answers, not 2",
  ]);
  assert.equal(differences("Chromium", [second, first], HERE, LABELS).length, 2);
  assert.throws(() => differences("Chromium", HERE, HERE, []), RangeError);
});
