import assert from "node:assert/strict";
import {
  boolean,
  date,
  DecodeError,
  type Decoder,
  hex,
  integer,
  list,
  nearest,
  object,
  oneOf,
  optional,
  record,
  required,
} from "./decode.ts";

const sample: Decoder<
  { readonly level: number; readonly mode: "a" | "b"; readonly keys: readonly string[] | null }
> = object({
  level: required(integer(0, 3), "a level"),
  mode: optional(oneOf("a", "b"), "a", "a mode"),
  keys: optional(list(hex(2), 2), null, "keys"),
});

function refusal(decoder: Decoder<unknown>, value: unknown): DecodeError {
  try {
    decoder.decode(value, "");
  } catch (error) {
    if (error instanceof DecodeError) return error;
    throw error;
  }
  throw new Error(`accepted ${JSON.stringify(value)}`);
}

Deno.test("object() fills defaults in and keeps what is given", () => {
  assert.deepEqual(sample.decode({ level: 2 }, ""), { level: 2, mode: "a", keys: null });
  assert.deepEqual(sample.decode({ level: 0, mode: "b", keys: ["ABCD"] }, ""), {
    level: 0,
    mode: "b",
    keys: ["abcd"],
  });
});

Deno.test("object() names an unknown key and the nearest known one", () => {
  const error = refusal(sample, { level: 1, mod: "a" });
  assert.equal(error.reason, "unknown_key");
  assert.equal(error.path, "mod");
  assert.match(error.message, /did you mean "mode"/);
});

Deno.test("object() refuses lists, null and keys of the prototype", () => {
  for (const bad of [null, [], 3, "x"]) assert.equal(refusal(sample, bad).path, "");
  const polluted: unknown = JSON.parse('{"level": 1, "__proto__": {"mode": "b"}}');
  assert.equal(refusal(sample, polluted).path, "__proto__");
});

Deno.test("list() refuses the empty list, too many items, and names the item", () => {
  assert.match(refusal(sample, { level: 1, keys: [] }).message, /1 to 2 items/);
  assert.match(
    refusal(sample, { level: 1, keys: ["aaaa", "bbbb", "cccc"] }).message,
    /1 to 2 items/,
  );
  assert.equal(refusal(sample, { level: 1, keys: ["aaaa", "b"] }).path, "keys[1]");
});

Deno.test("integer() refuses text, fractions and numbers out of range", () => {
  for (const bad of ["1", 1.5, -1, 4, Number.NaN, null, true]) refusal(integer(0, 3), bad);
});

Deno.test("boolean() refuses words and numbers that mean the same", () => {
  for (const bad of ["true", 1, null]) refusal(boolean(), bad);
});

Deno.test("hex() refuses another length, prefixes and the empty text", () => {
  for (const bad of ["", "aa", "aabbcc", "0xaabb", "aab ", 1234]) refusal(hex(2), bad);
});

Deno.test("date() refuses days that do not exist", () => {
  assert.equal(date().decode("2028-02-29", ""), "2028-02-29");
  for (const bad of ["2027-02-29", "2027-13-01", "2027-1-1", "2027-01-01T00:00:00Z", 20270101]) {
    refusal(date(), bad);
  }
});

Deno.test("record() refuses unknown keys and the empty record", () => {
  const floors = record(["snp", "tee"], integer(0, 255));
  assert.deepEqual(floors.decode({ snp: 3 }, ""), { snp: 3 });
  assert.equal(refusal(floors, { snpp: 3 }).path, "snpp");
  refusal(floors, {});
});

Deno.test("nearest() finds a typo and nothing where all is far", () => {
  assert.equal(nearest("mesurement", ["measurement", "report"]), "measurement");
  assert.equal(nearest("zzzzzz", ["measurement", "report"]), undefined);
});

Deno.test("nearest() finds what a word is short for, where that is one", () => {
  const known = ["azure-tdx", "azure-sev-snp", "gcp-sev-snp", "gcp-sev-es"];
  assert.equal(nearest("azure-snp", known), "azure-sev-snp");
  assert.equal(nearest("GCP-SNP", known), "gcp-sev-snp");
  assert.equal(nearest("azure-tdxx", known), "azure-tdx");
  assert.equal(nearest("gcp-sev", known), undefined);
});

Deno.test("list() reads holes, so that a list of nothing is no list", () => {
  assert.equal(refusal(list(hex(2), 2), new Array(1)).path, "[0]");
});

Deno.test("object() refuses what does not hold its keys itself", () => {
  const inherited: unknown = Object.create({ mode: "b" });
  for (const value of [new Map([["level", 1]]), new Set(["mode"]), new Date(), inherited]) {
    assert.match(refusal(sample, value).message, /an object of a class/);
    assert.match(refusal(record(["mode"], boolean()), value).message, /an object of a class/);
  }
  const bare: unknown = Object.assign(Object.create(null), { level: 1 });
  assert.equal(sample.decode(bare, "").level, 1);
});
