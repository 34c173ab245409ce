import assert from "node:assert/strict";
import { concat, toHex } from "../bytes.ts";
import {
  explicit,
  ia5String,
  implicit,
  oid,
  sequence,
  tagged,
  utf8String,
} from "../x509_writer/der.ts";
import { extendedKeyUsage as writePurposes, subjectAltName } from "../../lab/extension.ts";
import { writeName } from "../../lab/name.ts";
import { directoryAttributes } from "./alternative_name.ts";
import { EXTENSION, type Extension } from "./extensions.ts";
import { Malformed } from "../malformed.ts";
import { extendedKeyUsage } from "./purposes.ts";

const NAME = writeName([{ type: "2.5.4.3", value: "one", encoding: "utf8" }]);
const DNS = implicit(2, ia5String("one.invalid"));

function attributesOf(value: Uint8Array): readonly string[] | undefined {
  const extension: Extension = { id: EXTENSION.alternativeName, critical: false, value };
  const found = directoryAttributes([extension]);
  return found?.map(({ type, value }) => toHex(concat(type, value.content)));
}

Deno.test("directoryAttributes() gives those of all directory names, and of no others", () => {
  const one = "5504036f6e65";
  assert.deepEqual(attributesOf(sequence(DNS, explicit(4, NAME), DNS, explicit(4, NAME))), [
    one,
    one,
  ]);
  assert.deepEqual(attributesOf(sequence(DNS)), []);
  assert.deepEqual(attributesOf(subjectAltName(NAME).value), [one]);
  assert.equal(directoryAttributes([]), undefined);
});

Deno.test("directoryAttributes() asks for no order within a set", () => {
  const [a, b] = ["b", "a"].map((text) => sequence(oid("2.5.4.3"), utf8String(text)));
  assert.ok(a !== undefined && b !== undefined);
  const unsorted = sequence(explicit(4, sequence(tagged(0x31, a, b))));
  assert.deepEqual(attributesOf(unsorted), ["55040362", "55040361"]);
});

Deno.test("directoryAttributes() refuses none, other types, and names that are not whole", () => {
  const attribute = sequence(oid("2.5.4.3"), utf8String("one"));
  const bad = [
    sequence(),
    sequence(NAME),
    sequence(explicit(4, NAME, NAME)),
    sequence(explicit(4, DNS)),
    sequence(tagged(0x84, NAME)),
    sequence(tagged(0x89, Uint8Array.of(1))),
    sequence(explicit(4, sequence(attribute))),
    sequence(explicit(4, sequence(tagged(0x31)))),
    sequence(explicit(4, sequence(tagged(0x31, oid("2.5.4.3"))))),
    sequence(explicit(4, sequence(tagged(0x31, sequence(oid("2.5.4.3")))))),
    sequence(explicit(4, sequence(tagged(0x31, sequence(attribute, attribute))))),
    NAME.subarray(1),
  ];
  for (const value of bad) assert.throws(() => attributesOf(value), Malformed);
});

Deno.test("extendedKeyUsage() gives the purposes, and refuses an empty list and other types", () => {
  const of = (value: Uint8Array) => {
    const extension: Extension = { id: EXTENSION.extendedKeyUsage, critical: false, value };
    return extendedKeyUsage([extension]);
  };
  const purposes = ["2.23.133.8.1", "1.3.6.1.5.5.7.3.1"];
  assert.deepEqual(of(writePurposes(...purposes).value), purposes);
  assert.equal(extendedKeyUsage([]), undefined);
  for (const value of [sequence(), oid("2.23.133.8.1"), sequence(NAME)]) {
    assert.throws(() => of(value), Malformed);
  }
});
