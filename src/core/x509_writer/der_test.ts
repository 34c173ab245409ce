import assert from "node:assert/strict";
import { fromHex, toHex } from "../bytes.ts";
import * as der from "./der.ts";
import { noOpenssl, openssl } from "../../lab/openssl_test.ts";

const hex = (bytes: Uint8Array): string => toHex(bytes);

Deno.test("tagged() writes lengths in the fewest octets", () => {
  const header = (length: number): string =>
    hex(der.octetString(new Uint8Array(length)).subarray(0, 5));
  assert.equal(header(0), "0400");
  assert.equal(header(127), "047f000000");
  assert.equal(header(128), "0481800000");
  assert.equal(header(255), "0481ff0000");
  assert.equal(header(256), "0482010000");
  assert.equal(header(65536), "0483010000");
});

Deno.test("integer() writes the fewest octets and keeps the sign bit zero", () => {
  assert.equal(hex(der.integer(0)), "020100");
  assert.equal(hex(der.integer(127)), "02017f");
  assert.equal(hex(der.integer(128)), "02020080");
  assert.equal(hex(der.integer(256)), "02020100");
  assert.equal(hex(der.integer(2n ** 64n)), "0209010000000000000000");
});

Deno.test("integer() refuses negative and broken numbers", () => {
  assert.throws(() => der.integer(-1), RangeError);
  assert.throws(() => der.integer(1.5), RangeError);
});

Deno.test("oid() writes arcs in base 128, the first two together", () => {
  assert.equal(hex(der.oid("2.5.4.3")), "0603550403");
  assert.equal(hex(der.oid("1.2.840.113549")), "06062a864886f70d");
  assert.equal(hex(der.oid("2.999.67.1")), "060488374301");
  assert.equal(hex(der.oid("0.0")), "060100");
});

Deno.test("oid() refuses what is no object identifier", () => {
  for (const text of ["", "1", "3.1", "1.40", "1.2.", "1.02", "1.-2", "1.2.x"]) {
    assert.throws(() => der.oid(text), RangeError, text);
  }
});

Deno.test("setOf() sorts by octets, a prefix first", () => {
  const [a, b, c] = [fromHex("0201"), fromHex("020100"), fromHex("0101")];
  assert.equal(hex(der.setOf(a, b, c)), "3107" + "0101" + "0201" + "020100");
});

Deno.test("namedBits() drops trailing zero bits", () => {
  assert.equal(hex(der.namedBits([5, 6])), "03020106");
  assert.equal(hex(der.namedBits([0])), "03020780");
  assert.equal(hex(der.namedBits([8])), "0303070080");
  assert.equal(hex(der.namedBits([])), "030100");
});

Deno.test("namedBits() keeps trailing zero bits on demand", () => {
  assert.equal(hex(der.namedBits([5], 7)), "03020104");
});

Deno.test("boolean(), nullValue() and bitString() write their fixed forms", () => {
  assert.equal(hex(der.boolean(true)), "0101ff");
  assert.equal(hex(der.boolean(false)), "010100");
  assert.equal(hex(der.nullValue()), "0500");
  assert.equal(hex(der.bitString(Uint8Array.of(0xab))), "030200ab");
});

Deno.test("time() is UTCTime through 2049 and GeneralizedTime beyond, whole seconds", () => {
  const text = (iso: string): string => {
    const bytes = der.time(new Date(iso));
    return `${bytes[0]?.toString(16)} ${new TextDecoder().decode(bytes.subarray(2))}`;
  };
  assert.equal(text("2026-02-05T01:04:33.999Z"), "17 260205010433Z");
  assert.equal(text("1950-01-01T00:00:00Z"), "17 500101000000Z");
  assert.equal(text("2049-12-31T23:59:59Z"), "17 491231235959Z");
  assert.equal(text("2050-01-01T00:00:00Z"), "18 20500101000000Z");
  assert.equal(text("1949-12-31T23:59:59Z"), "18 19491231235959Z");
});

Deno.test("time() refuses what has no date or five digits of year", () => {
  assert.throws(() => der.time(new Date("never")), RangeError);
  assert.throws(() => der.time(new Date(Date.UTC(10000, 0, 1))), RangeError);
});

Deno.test("printableString() and ia5String() refuse characters that they lack", () => {
  assert.equal(hex(der.printableString("US")), "13025553");
  assert.equal(hex(der.ia5String("a@b")), "1603614062");
  assert.equal(hex(der.utf8String("é")), "0c02c3a9");
  assert.throws(() => der.printableString("a@b"), RangeError);
  assert.throws(() => der.ia5String("é"), RangeError);
});

Deno.test("explicit() wraps and implicit() replaces the tag", () => {
  assert.equal(hex(der.explicit(3, der.integer(1))), "a303020101");
  assert.equal(hex(der.implicit(6, der.ia5String("a"))), "860161");
  assert.equal(hex(der.implicit(1, der.sequence(der.integer(1)))), "a103020101");
});

Deno.test({
  name: "sequence() and its contents are read by openssl as they were meant",
  ignore: noOpenssl,
  fn: async () => {
    const whole = der.sequence(
      der.boolean(true),
      der.integer(65536),
      der.oid("1.3.6.1.4.1.3704.1.3.8"),
      der.nullValue(),
      der.setOf(der.utf8String("lab"), der.printableString("US")),
      der.time(new Date("2050-01-01T00:00:00Z")),
      der.octetString(new Uint8Array(300)),
    );
    const { ok, text } = await openssl(["asn1parse", "-inform", "DER", "-in", "it"], { it: whole });
    assert.ok(ok, text);
    const lines = text.trimEnd().split("\n").map((line) =>
      line.replace(/^.*?(prim|cons): /, "").slice(0, 50)
    );
    assert.deepEqual(lines.map((line) => line.replace(/ +:/, ":").trimEnd()), [
      "SEQUENCE",
      "BOOLEAN:255",
      "INTEGER:010000",
      "OBJECT:1.3.6.1.4.1.3704.1.3.8",
      "NULL",
      "SET",
      "UTF8STRING:lab",
      "PRINTABLESTRING:US",
      "GENERALIZEDTIME:20500101000000Z",
      `OCTET STRING      [HEX DUMP]:${"0".repeat(21)}`,
    ]);
  },
});
