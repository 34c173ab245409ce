import assert from "node:assert/strict";
import { explicit, ia5String, implicit, oid, sequence, tagged } from "../../lab/der_writer.ts";
import { extendedKeyUsage as writePurposes, subjectAltName } from "../../lab/extension.ts";
import { writeName } from "../../lab/name.ts";
import { alternativeNames } from "./alternative_name.ts";
import { EXTENSION, type Extension } from "./extensions.ts";
import { Malformed } from "./malformed.ts";
import { commonName } from "./name.ts";
import { extendedKeyUsage } from "./purposes.ts";

const NAME = writeName([{ type: "2.5.4.3", value: "one", encoding: "utf8" }]);
const DNS = implicit(2, ia5String("one.invalid"));

function namesOf(value: Uint8Array): ReturnType<typeof alternativeNames> {
  return alternativeNames([{ id: EXTENSION.alternativeName, critical: false, value }]);
}

Deno.test("alternativeNames() gives the directory names alone", () => {
  const found = namesOf(sequence(DNS, explicit(4, NAME), DNS, explicit(4, NAME))) ?? [];
  assert.deepEqual(found.map(commonName), ["one", "one"]);
  assert.deepEqual(namesOf(sequence(DNS)), []);
  assert.equal(namesOf(subjectAltName(NAME).value)?.length, 1);
  assert.equal(alternativeNames([]), undefined);
});

Deno.test("alternativeNames() refuses none, other types, and names that are not whole", () => {
  const bad = [
    sequence(),
    sequence(NAME),
    sequence(explicit(4, NAME, NAME)),
    sequence(explicit(4, DNS)),
    sequence(tagged(0x89, Uint8Array.of(1))),
    NAME.subarray(1),
  ];
  for (const value of bad) assert.throws(() => namesOf(value), Malformed);
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
