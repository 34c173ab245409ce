import assert from "node:assert/strict";
import { InputError, RejectedError } from "./errors.ts";
import { refusal } from "./refusal.ts";

Deno.test("refusal() gives the class that a code belongs to, and its fields", () => {
  const rejected = refusal("x509.count", { expected: "1", actual: "2" });

  assert.ok(rejected instanceof RejectedError);
  assert.deepEqual(rejected.fields, { expected: "1", actual: "2" });
  assert.match(rejected.message, /: expected 1, actual 2$/);
  assert.ok(refusal("input.empty", {}) instanceof InputError);
});

Deno.test("refusal() cuts texts to what a person reads", () => {
  const actual = (text: string): string | undefined =>
    refusal("x509.count", { text }).fields["text"];

  assert.equal(actual("a".repeat(500)), "a".repeat(500));
  assert.equal(actual("a".repeat(501)), `${"a".repeat(500)}…`);
  assert.equal(actual("\u{1f600}".repeat(500)), "\u{1f600}".repeat(500));
  assert.equal(actual("\u{1f600}".repeat(501)), `${"\u{1f600}".repeat(500)}…`);
});

Deno.test("refusal() writes controls of a terminal out, once however often it is asked", () => {
  const { fields } = refusal("x509.count", {
    text: `\x1b[2J\x00\x7f\u009b\u00e4${"b".repeat(900)}`,
  });

  assert.ok(fields["text"]?.startsWith("\\u{1b}[2J\\u{0}\\u{7f}\\u{9b}\u00e4b"));
  assert.deepEqual(refusal("x509.count", fields).fields, fields);
});
