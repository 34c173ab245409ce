/**
 * Long and deep event logs end in the same typed outcome in both engines,
 * whatever their size.
 *
 * @module
 */

import assert from "node:assert/strict";
import { concat } from "../../src/core/bytes.ts";
import { inlineEngine } from "../../src/core/crypto_inline.ts";
import { writeAgileLog, writeOldLog } from "../../src/lab/mod.ts";
import { little, utf8 } from "../bends/log_events.ts";
import { outcomeOf, portableEngine } from "./strict.ts";

const portable = await portableEngine();

/** Most that is read. */
const LIMIT = 1024 * 1024;

/** A log of a size. */
type Make = (size: number) => Uint8Array;

/** A text over and over, up to a size, between two others. */
function filled(text: string, before = "", after = ""): Make {
  return (size) => {
    const room = size - before.length - after.length;
    return utf8(before + text.repeat(Math.max(0, Math.floor(room / text.length))) + after);
  };
}

/** Bytes over and over, behind others. */
function repeated(part: Uint8Array, before: Uint8Array = new Uint8Array()): Make {
  return (size) => {
    const all = new Uint8Array(size - (size - before.length) % part.length);
    all.set(before);
    for (let at = before.length; at < all.length; at += part.length) all.set(part, at);
    return all;
  };
}

const header = await writeAgileLog([], ["sha256"]);
const silent = { register: 0, type: 3, data: new Uint8Array(), hashed: null };
const agile = (await writeAgileLog([silent], ["sha256"])).subarray(header.length);
const old = await writeOldLog([silent]);
const big = concat(old.subarray(0, 28), little(LIMIT, 4));
const record = Uint8Array.of(
  0,
  0,
  0,
  0,
  1,
  0,
  1,
  0,
  0,
  0,
  1,
  0,
  3,
  0,
  0,
  0,
  0,
  4,
  0,
  0,
  0,
  5,
  2,
  0,
  0,
  0,
  0,
);

/** Fields of CEL-TLV within each other, each as long as what is left. */
const nested: Make = (size) => {
  const depth = Math.floor((size - 22) / 5);
  const fields = new Uint8Array(5 * depth);
  const view = new DataView(fields.buffer);
  for (let i = 0; i < depth; i++) {
    fields[5 * i] = 4;
    view.setUint32(5 * i + 1, fields.length - 5 * (i + 1));
  }
  return concat(record.subarray(0, 17), fields);
};

const MEMBERS = '{"recnum":0,"pcr":0,"digests":[],"content_type":"cel","content":';

const HOSTILE: Readonly<Record<string, Make>> = {
  "brackets": filled("["),
  "brackets in a list": filled("[", "["),
  "nested objects": filled('{"a":', "["),
  "nested objects as content": filled('{"a":', `[${MEMBERS}`),
  "nested lists as content that end": (size) => {
    const depth = Math.floor((size - 90) / 2);
    return utf8(`[${MEMBERS}${"[".repeat(depth)}${"]".repeat(depth)}}]`);
  },
  "empty lists": filled("[],", "[", "[]]"),
  "separators": filled("\u001e"),
  "separators and blanks": filled("\u001e ", "\u001e", "{}"),
  "numbers in a row": filled("1 ", "\u001e"),
  "one number": filled("1", "\u001e"),
  "digits after a point": filled("1", "\u001e1."),
  "one string": filled("a", '["', '"]'),
  "escapes": filled("\\u0041", '["', '"]'),
  "quotation marks": filled('\\"', '["', '"]'),
  "members of one name": filled('"a":1,', "[{", '"a":1}]'),
  "digests": filled("{},", '[{"recnum":0,"pcr":0,"digests":[', "{}]}]"),
  "blanks": filled(" ", "[", "]"),
  "records that are small": filled("{},", "[", "{}]"),
  "records of CEL-TLV that extend nothing": repeated(record),
  "fields of CEL-TLV within each other": nested,
  "empty fields of CEL-TLV": repeated(Uint8Array.of(3, 0, 0, 0, 0), record.subarray(0, 12)),
  "events of TPM 1.2 that extend nothing": repeated(old),
  "events that extend nothing": repeated(agile, header),
  "an event that is as long as all": repeated(Uint8Array.of(1), big),
  "zeros behind a header": repeated(Uint8Array.of(0), header),
  "ones behind a header": repeated(Uint8Array.of(0xff), header),
  "zeros with a one behind": (size) => concat(header, new Uint8Array(size), Uint8Array.of(1)),
  "zeros": repeated(Uint8Array.of(0)),
};

for (const [title, make] of Object.entries(HOSTILE)) {
  Deno.test(`both engines say the same of an event log of ${title}`, async () => {
    for (const size of [8 * 1024, 64 * 1024, LIMIT - 64, LIMIT + 64]) {
      const parts = [utf8("ANY"), make(size)];
      const outcome = await outcomeOf(portable, "event_log", parts);
      assert.deepEqual(outcome, await outcomeOf(inlineEngine, "event_log", parts), `${size} bytes`);
      assert.ok("answer" in outcome || "code" in outcome, "it is read or refused");
    }
  });
}
