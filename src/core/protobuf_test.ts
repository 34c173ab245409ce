import assert from "node:assert/strict";
import { fromHex, toHex } from "./bytes.ts";
import { Malformed } from "./malformed.ts";
import { type FieldKind, Message } from "./protobuf.ts";

const KNOWN: Readonly<Record<number, FieldKind>> = { 1: "number", 2: "bytes", 6: "repeated" };

const read = (hex: string): Message => new Message(fromHex(hex), KNOWN);

Deno.test("Message reads the examples of protobuf.dev", () => {
  // Test1 { a: 150 }, Test2 { b: "testing" }
  assert.equal(read("089601").number(1, 200n), 150n);
  assert.equal(new TextDecoder().decode(read("120774657374696e67").bytes(2)), "testing");
  // Test4 { e: [1, 2, 3] }, here of bytes: order is kept, other fields between.
  const all = read("320101" + "089601" + "320102").all(6, 2);
  assert.deepEqual(all.map(toHex), ["01", "02"]);
});

Deno.test("Message has defaults for what is absent; an empty message inside is there", () => {
  const empty = read("");
  assert.equal(empty.number(1, 0n), 0n);
  assert.equal(empty.bytes(2), undefined);
  assert.equal(empty.inner(2), undefined);
  assert.deepEqual(empty.all(6, 0), []);
  assert.deepEqual(read("1200").inner(2), new Uint8Array());
  assert.equal(read("1200").bytes(2), undefined);
});

Deno.test("Message passes over unknown fields of each wire type", () => {
  const unknown = "1801" + "190102030405060708" + "220101" + "2d01020304" + "f8ffffff0f01";
  assert.equal(read(unknown + "0801").number(1, 1n), 1n);
});

Deno.test("Message reads numbers up to 2^64 - 1, and refuses those beyond what is asked", () => {
  assert.equal(read("08ffffffffffffffffff01").number(1, 2n ** 64n - 1n), 2n ** 64n - 1n);
  assert.throws(() => read("0802").number(1, 1n), Malformed);
  assert.throws(() => read("320032003200").all(6, 2), Malformed);
});

const REFUSED: Readonly<Record<string, string>> = {
  "a number where bytes belong": "1001",
  "bytes where a number belongs": "0a0101",
  "four bytes where a number belongs": "0d01020304",
  "eight bytes where bytes belong": "110102030405060708",
  "a number twice": "08010801",
  "bytes twice": "12001200",
  "field 0": "0001",
  "a field beyond 2^29 - 1": "808080801001",
  "a group": "1b1c",
  "the end of a group": "1c",
  "wire type 6": "1e",
  "wire type 7": "1f",
  "a padded number": "088100",
  "a padded tag": "880001",
  "a padded length": "12810001",
  "a number of eleven bytes": "0880808080808080808080" + "01",
  "a number of 65 bits": "08ffffffffffffffffff02",
  "a number that is cut short": "0880",
  "a tag that is cut short": "80",
  "a tag alone": "08",
  "bytes that are cut short": "120201",
  "a length beyond all bytes": "12ffffffffffffffffff01",
  "eight bytes that are cut short": "1901",
};

for (const [what, hex] of Object.entries(REFUSED)) {
  Deno.test(`Message refuses ${what}`, () => {
    assert.throws(() => read(hex), Malformed);
  });
}
