import assert from "node:assert/strict";
import { decode, encode } from "cborg";
import { toBase64url } from "../../core/base64url.ts";
import { concat, fromHex, toHex } from "../../core/bytes.ts";
import { InputError } from "../../core/errors.ts";
import { ENVELOPE_MEDIA_TYPE, openEnvelope, readCmw, writeCmwCbor, writeCmwJson } from "./cmw.ts";
import { writeEnvelope } from "./envelope.ts";
import { MAX_ENVELOPE_BYTES } from "./form.ts";

const ENVELOPE = writeEnvelope("sev-snp", Uint8Array.of(1), { report: new Uint8Array(300) });
const TYPE = ENVELOPE_MEDIA_TYPE;
const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const json = (value: unknown): Uint8Array => text(JSON.stringify(value));

/** The media type as a CBOR text: 40 bytes or more, so with a length of one byte. */
const TYPE_ITEM = concat(Uint8Array.of(0x78, TYPE.length), text(TYPE));
/** Three bytes as a CBOR byte string. */
const VALUE_ITEM = fromHex("43010203");

function assertRefused(bytes: Uint8Array, code: string): void {
  assert.throws(() => readCmw(bytes), (error: unknown) => {
    assert.ok(error instanceof InputError, String(error));
    assert.equal(error.code, code, `${toHex(bytes.subarray(0, 40))}: ${error.message}`);
    return true;
  });
}

Deno.test("readCmw() gives the envelope that was written, in both forms", () => {
  for (const write of [writeCmwJson, writeCmwCbor]) {
    assert.deepEqual(readCmw(write(ENVELOPE)), ENVELOPE);
    for (const size of [1, 23, 24, 255, 256, 65_535, 65_536, MAX_ENVELOPE_BYTES]) {
      const bytes = new Uint8Array(size).fill(0x7b);
      assert.deepEqual(readCmw(write(bytes)), bytes);
    }
  }
});

Deno.test("records are written as RFC 9999 has them", () => {
  assert.equal(
    new TextDecoder().decode(writeCmwJson(Uint8Array.of(1, 2, 3))),
    '["application/vnd.casemate.evidence+json","AQID",4]',
  );
  assert.deepEqual(
    writeCmwCbor(Uint8Array.of(1, 2, 3)),
    concat(fromHex("83"), TYPE_ITEM, VALUE_ITEM, fromHex("04")),
  );
});

Deno.test("records in CBOR are those of another writer and reader", () => {
  for (const size of [1, 23, 24, 255, 256, 65_535, 65_536, MAX_ENVELOPE_BYTES]) {
    const value = new Uint8Array(size).fill(0x5b);
    assert.deepEqual(writeCmwCbor(value), encode([TYPE, value, 4]));
    assert.deepEqual(decode(writeCmwCbor(value), { strict: true }), [TYPE, value, 4]);
    assert.deepEqual(readCmw(encode([TYPE, value])), value);
  }
});

Deno.test("readCmw() takes records without indicator, and with evidence among others", () => {
  const value = Uint8Array.of(1, 2, 3);
  assert.deepEqual(readCmw(json([TYPE, "AQID"])), value);
  assert.deepEqual(readCmw(concat(fromHex("82"), TYPE_ITEM, VALUE_ITEM)), value);
  for (const indicator of [4, 5, 31, 0xffff_ffff]) {
    assert.deepEqual(readCmw(json([TYPE, "AQID", indicator])), value);
  }
  for (const indicator of ["04", "07", "181f", "1affffffff"]) {
    const record = concat(fromHex("83"), TYPE_ITEM, VALUE_ITEM, fromHex(indicator));
    assert.deepEqual(readCmw(record), value);
  }
});

Deno.test("readCmw() refuses JSON that is no record", () => {
  for (
    const value of [
      ...[[], [TYPE], [TYPE, "AQID", 4, 4], [TYPE, "AQID", null], [TYPE, "AQID", "4"]],
      ...[[TYPE, "AQID", 4.5], [TYPE, "AQID", -4], [TYPE, "AQID", 2 ** 32 + 4]],
      ...[[TYPE, "AQID", 0], [TYPE, "AQID", 8], [TYPE, "AQID", 3], [null, "AQID"], [
        [TYPE],
        "AQID",
      ]],
      ...[[TYPE, "AQID="], [TYPE, "AQJ"], [TYPE, 1], [TYPE, null], [TYPE, [1, 2, 3]]],
      ...[{ "__cmwc_t": "tag:a", "x": [TYPE, "AQID"] }, {}],
    ]
  ) assertRefused(json(value), "envelope.cmw");
  for (const bad of [`["${TYPE}","AQID"],`, `["${TYPE}","AQID"`, `["${TYPE}" "AQID"]`]) {
    assertRefused(text(bad), "envelope.cmw");
  }
});

Deno.test("readCmw() refuses CBOR that is no record, and each second form of one", () => {
  const record = (head: string, ...items: readonly (string | Uint8Array)[]): Uint8Array =>
    concat(fromHex(head), ...items.map((item) => typeof item === "string" ? fromHex(item) : item));
  const bad: Readonly<Record<string, Uint8Array>> = {
    "nothing": new Uint8Array(),
    "one item": record("81", TYPE_ITEM),
    "four items": record("84", TYPE_ITEM, VALUE_ITEM, "04", "04"),
    "an array without end": record("9f", TYPE_ITEM, VALUE_ITEM, "ff"),
    "a longer head of the array": record("9802", TYPE_ITEM, VALUE_ITEM),
    "a longer head of the type": record("82", "790026", text(TYPE), VALUE_ITEM),
    "a longer head of the value": record("82", TYPE_ITEM, "5803010203"),
    "a much longer head of the value": record("82", TYPE_ITEM, "5b0000000000000003010203"),
    "a longer head of the indicator": record("83", TYPE_ITEM, VALUE_ITEM, "1804"),
    "a type in chunks": record("82", "7f", TYPE_ITEM, "ff", VALUE_ITEM),
    "a value in chunks": record("82", TYPE_ITEM, "5f", VALUE_ITEM, "ff"),
    "a type of bytes": record("82", VALUE_ITEM, VALUE_ITEM),
    "a type that is not UTF-8": record("82", "61ff", VALUE_ITEM),
    "a value of text": record("82", TYPE_ITEM, "63414243"),
    "a negative indicator": record("83", TYPE_ITEM, VALUE_ITEM, "23"),
    "an indicator of text": record("83", TYPE_ITEM, VALUE_ITEM, "6134"),
    "an indicator of 33 bits": record("83", TYPE_ITEM, VALUE_ITEM, "1b0000000100000004"),
    "an indicator that is no evidence": record("83", TYPE_ITEM, VALUE_ITEM, "03"),
    "null": record("f6"),
    "a collection": record("a1", TYPE_ITEM, "82", TYPE_ITEM, VALUE_ITEM),
    "a tag around a record": record("d9023b82", TYPE_ITEM, VALUE_ITEM),
    "a tag for the type": record("da63740101", VALUE_ITEM),
    "a byte behind it": record("82", TYPE_ITEM, VALUE_ITEM, "00"),
    "a value cut short": record("82", TYPE_ITEM, "44010203"),
    "a value of all there is": record("82", TYPE_ITEM, "5bffffffffffffffff"),
    "a reserved head": record("82", TYPE_ITEM, "5c"),
  };
  for (const bytes of Object.values(bad)) assertRefused(bytes, "envelope.cmw");
  const whole = writeCmwCbor(ENVELOPE);
  for (const length of [...whole.keys()]) assertRefused(whole.subarray(0, length), "envelope.cmw");
});

Deno.test("readCmw() refuses records of anything else", () => {
  const others = [
    "",
    TYPE.toUpperCase(),
    `${TYPE};v=1`,
    "application/eat+jwt",
    ` ${TYPE}`,
    `${TYPE}\0`,
  ];
  for (const type of others) assertRefused(json([type, "AQID", 4]), "envelope.media_type");
  assertRefused(json([263, "AQID"]), "envelope.media_type");
  assertRefused(concat(fromHex("82190107"), VALUE_ITEM), "envelope.media_type");
  assertRefused(concat(fromHex("8260"), VALUE_ITEM), "envelope.media_type");
});

Deno.test("readCmw() refuses what is larger than an envelope can be", () => {
  const large = new Uint8Array(MAX_ENVELOPE_BYTES + 1);
  for (const write of [writeCmwJson, writeCmwCbor]) assertRefused(write(large), "input.too_large");
  assertRefused(new Uint8Array(2 * MAX_ENVELOPE_BYTES), "input.too_large");
});

Deno.test("openEnvelope() tells an envelope from a record by its first sign", () => {
  const forms = [ENVELOPE, writeCmwJson(ENVELOPE), writeCmwCbor(ENVELOPE)];
  const blank = text(" \n\r\t");
  for (const bytes of [...forms, ...forms.slice(0, 2).map((form) => concat(blank, form))]) {
    assert.equal(openEnvelope(bytes).variant, "sev-snp");
  }
  assert.throws(() => openEnvelope(json([TYPE, toBase64url(writeCmwJson(ENVELOPE))])), {
    code: "envelope.member",
  });
  assert.throws(() => openEnvelope(new Uint8Array()), { code: "envelope.cmw" });
  assert.throws(() => openEnvelope(text("{}")), { code: "envelope.member" });
});
