import assert from "node:assert/strict";
import { concat, toHex } from "../../../core/bytes.ts";
import {
  assertRefused,
  type Declared,
  event,
  extended,
  hashOf,
  header,
  headerData,
  locality,
  oldEvent,
  read,
  sized,
  u16,
  u32,
  utf8,
} from "./build_test.ts";

const BOTH = ["sha1", "sha256"] as const;
const DATA = utf8("measured");
const NO_ACTION = 3;
const COMPACT_HASH = 0x0c;
const SHA256: Declared = [0x0b, 32];

/** A log of one bank whose first event has some header. */
function under(data: Uint8Array, index = 0, digest: Uint8Array = new Uint8Array(20)): Uint8Array {
  return concat(oldEvent(index, NO_ACTION, data, digest), event(["sha256"], 4, COMPACT_HASH, DATA));
}

Deno.test("eventLog() reads a crypto-agile log and replays each of its banks", () => {
  const banks = ["sha512", "sha1", "sha256", "sha384"] as const;
  const [a, b] = [utf8("a"), utf8("b")];
  const log = read(concat(
    header(banks),
    event(banks, 0, COMPACT_HASH, a),
    event(banks, 23, COMPACT_HASH, a),
    event(banks, 0xffff_ffff, NO_ACTION, b),
    event(banks, 0, COMPACT_HASH, b),
  ));

  assert.deepEqual([log.format, log.registers, log.padding], ["tcg-2", "pcr", 0]);
  assert.deepEqual(log.header, {
    specification: "2.6 errata 7",
    platformClass: 1,
    vendorInfo: "",
  });
  assert.deepEqual(log.banks, banks);
  assert.deepEqual(log.events.map(({ register }) => register), [0, 23, null, 0]);
  assert.deepEqual(log.events[2], {
    number: 2,
    register: null,
    type: NO_ACTION,
    content: "pcclient_std",
    digests: Object.fromEntries(banks.map((bank) => [bank, toHex(hashOf(bank, b))])),
    data: toHex(b),
    covered: null,
  });
  const replay = (bank: typeof banks[number]) =>
    [bank, { 0: extended(bank, 0, a, b), 23: extended(bank, 0, a) }] as const;
  assert.deepEqual(log.replay, Object.fromEntries(banks.map(replay)));
});

Deno.test("eventLog() reads a log of TPM 1.2, whatever its first event is", () => {
  const other = utf8("Spec ID Event00\0 of TPM 1.2");
  const log = read(concat(oldEvent(0, NO_ACTION, other), oldEvent(17, 1, DATA)));

  assert.deepEqual([log.format, log.header, log.banks], ["tcg-1.2", null, ["sha1"]]);
  assert.deepEqual(log.events.map(({ register }) => register), [null, 17]);
  assert.deepEqual(log.replay, { sha1: { 17: extended("sha1", 0, DATA) } });
  // Without its NUL, or as another type, it is no header either.
  assert.equal(read(oldEvent(0, NO_ACTION, utf8("Spec ID Event03"))).format, "tcg-1.2");
  assert.equal(read(oldEvent(0, 1, headerData([SHA256]))).format, "tcg-1.2");
});

Deno.test("eventLog() reads registers of a TD, which a log numbers from 1", () => {
  const banks = ["sha384"] as const;
  const events = [1, 2, 3, 4].map((index) => event(banks, index, COMPACT_HASH, u16(index)));
  const log = read(
    concat(header(banks, 1), ...events, event(banks, 0, NO_ACTION, locality(3))),
    "RTMR",
  );

  assert.deepEqual([log.registers, log.startupLocality], ["rtmr", null]);
  assert.deepEqual(log.events.map(({ register }) => register), [0, 1, 2, 3, null]);
  const values = [1, 2, 3, 4].map((index) => [index - 1, extended("sha384", 0, u16(index))]);
  assert.deepEqual(log.replay, { sha384: Object.fromEntries(values) });
  for (const index of [0, 5, 0xffff_ffff]) {
    const file = concat(header(banks), ...events, event(banks, index, COMPACT_HASH, DATA));
    assertRefused(file, "logs.register", { asked: "RTMR", event: 4 });
  }
  for (const other of [["sha256"], ["sha384", "sha256"]] as const) {
    const file = concat(header(other), event(other, 1, COMPACT_HASH, DATA));
    assertRefused(file, "logs.header", { asked: "RTMR" });
  }
  assertRefused(oldEvent(1, 1, DATA), "logs.header", { asked: "RTMR" });
});

Deno.test("eventLog() tells by itself whether a log is of a TD, where nobody says", () => {
  const log = (bank: "sha256" | "sha384", ...indexes: readonly number[]) =>
    concat(header([bank]), ...indexes.map((index) => event([bank], index, COMPACT_HASH, DATA)));

  assert.equal(read(log("sha384", 1, 4), "ANY").registers, "rtmr");
  assert.equal(read(log("sha384", 1, 4, 0), "ANY").registers, "pcr");
  assert.equal(read(log("sha256", 1, 4), "ANY").registers, "pcr");
  assert.equal(read(oldEvent(1, 1, DATA), "ANY").registers, "pcr");
  assertRefused(log("sha384", 1, 24), "logs.register", { asked: "ANY", event: 1 });
  assert.throws(() => read(log("sha384", 1), "RTM" as "RTMR"), /no such registers/);
});

Deno.test("eventLog() keeps digests that it cannot compute, and replays the others", () => {
  const SM3 = 0x12;
  const digests = concat(u32(2), u16(SM3), u16(0xabcd), u16(0x0b), hashOf("sha256", DATA));
  const file = concat(
    oldEvent(0, NO_ACTION, headerData([SHA256, [SM3, 2]]), new Uint8Array(20)),
    concat(u32(1), u32(COMPACT_HASH), digests, sized(DATA)),
  );
  const log = read(file);

  assert.deepEqual(log.banks, ["sha256", "0x0012"]);
  assert.equal(log.events[0]?.digests["0x0012"], "cdab");
  assert.deepEqual(log.replay, { sha256: { 1: extended("sha256", 0, DATA) } });
  assert.equal(log.events[0]?.covered, "whole");
});

Deno.test("eventLog() takes padding of one kind for the end of a log", () => {
  for (const log of [oldEvent(0, 1, DATA), concat(header(BOTH), event(BOTH, 0, 1, DATA))]) {
    for (const byte of [0x00, 0xff]) {
      for (const length of [1, 31, 4000]) {
        const file = concat(log, new Uint8Array(length).fill(byte));
        assert.deepEqual(read(file), { ...read(log), padding: length });
      }
    }
    for (const end of [[0, 1], [1], [0xff, 0], [0, 0xff]]) {
      assertRefused(concat(log, Uint8Array.from(end)), "logs.truncated", { event: 1 });
    }
  }
  // Zeros that end an event belong to it.
  const separator = oldEvent(0, 4, u32(0));
  assert.equal(read(concat(separator, separator)).padding, 0);
});

Deno.test("eventLog() refuses what is no log at all", () => {
  assertRefused(new Uint8Array(), "input.empty");
  assertRefused(new Uint8Array(1024 * 1024 + 1), "input.too_large");
  for (
    const file of [
      utf8("x"),
      new Uint8Array(99),
      new Uint8Array(99).fill(0xff),
      utf8("0".repeat(99)),
    ]
  ) {
    assertRefused(file, "logs.format");
  }
  assertRefused(header(BOTH), "logs.format");
  assertRefused(concat(header(BOTH), new Uint8Array(9)), "logs.format");
});

Deno.test("eventLog() refuses a header that is not whole and exact", () => {
  assert.equal(read(under(headerData([SHA256], { words: 1 }))).format, "tcg-2");
  assert.equal(read(under(headerData([SHA256], { vendor: DATA }))).header?.vendorInfo, toHex(DATA));
  const good = headerData([SHA256]);
  const wrong = [
    ...[headerData([]), headerData([SHA256, SHA256]), headerData([[0x0b, 31]])],
    ...[headerData([SHA256, [0x12, 0]]), headerData([SHA256, [0x12, 65]])],
    ...[headerData([SHA256], { count: 2 }), headerData([SHA256], { words: 0 })],
    ...[headerData([SHA256], { words: 3 }), headerData([[0x0b, 32], [0x12, 1]], { count: 1 })],
    ...[concat(good, u16(0)), good.subarray(0, -1), utf8("Spec ID Event03\0")],
  ];
  for (const data of wrong) assertRefused(under(data), "logs.header");
  for (const index of [1, 0xffff_ffff]) assertRefused(under(good, index), "logs.header");
  const ofTd = (index: number) =>
    concat(header(["sha384"], index), event(["sha384"], 1, COMPACT_HASH, DATA));
  assert.equal(read(ofTd(1), "RTMR").events.length, 1);
  assertRefused(ofTd(2), "logs.header", { asked: "RTMR" });
  assertRefused(under(good, 0, hashOf("sha1", good)), "logs.header");
});

Deno.test("eventLog() refuses more banks and events than any genuine log has", () => {
  const many = Array.from({ length: 9 }, (_, i): Declared => [0x100 + i, 1]);
  const digests = many.flatMap(([id]) => [u16(id), Uint8Array.of(id)]);
  const events = (count: number) =>
    concat(u32(0), u32(1), u32(count), ...digests.slice(0, 2 * count), sized(DATA));
  const log = (count: number) =>
    concat(
      oldEvent(0, NO_ACTION, headerData(many.slice(0, count)), new Uint8Array(20)),
      events(count),
    );

  assert.equal(read(log(8)).banks.length, 8);
  assertRefused(log(9), "logs.limit");
  assertRefused(under(headerData([SHA256], { count: 0xffff_ffff })), "logs.limit");
  const full = concat(...Array.from({ length: 4096 }, () => oldEvent(0, 1, u16(0))));
  assert.equal(read(concat(full, u16(0))).events.length, 4096);
  assertRefused(concat(full, Uint8Array.of(1)), "logs.limit", { event: 4096 });
});

Deno.test("eventLog() refuses a log that is cut, wherever that is within an event", () => {
  const first = concat(header(BOTH), event(BOTH, 0, 1, DATA));
  const file = concat(first, event(BOTH, 1, 1, DATA));
  for (let length = first.length + 1; length < file.length; length++) {
    // What is left of the second event must not look like padding.
    if (file.subarray(first.length, length).every((byte) => byte === 0)) continue;
    assertRefused(file.subarray(0, length), "logs.truncated", { event: 1 });
  }
  const huge = concat(
    header(BOTH),
    event(BOTH, 0, 1, DATA).subarray(0, -12),
    u32(0xffff_ffff),
    DATA,
  );
  assertRefused(huge, "logs.truncated", { event: 0 });
});

Deno.test("eventLog() refuses registers that no TPM has", () => {
  for (const index of [24, 0x100, 0xffff_ffff]) {
    assertRefused(concat(oldEvent(0, 1, DATA), oldEvent(index, 1, DATA)), "logs.register", {
      event: 1,
    });
    const file = concat(header(BOTH), event(BOTH, index, 1, DATA));
    assertRefused(file, "logs.register", { event: 0 });
  }
});

Deno.test("eventLog() refuses an event without exactly one digest of each bank", () => {
  const digest = (id: number, size: number) => concat(u16(id), new Uint8Array(size).fill(7));
  const log = (...digests: readonly Uint8Array[]) =>
    concat(header(BOTH), u32(0), u32(1), u32(digests.length), ...digests, sized(DATA));

  assert.deepEqual(read(log(digest(11, 32), digest(4, 20))).events[0]?.digests, {
    sha1: "07".repeat(20),
    sha256: "07".repeat(32),
  });
  for (
    const file of [
      log(),
      log(digest(4, 20)),
      log(digest(4, 20), digest(4, 20)),
      log(digest(4, 20), digest(12, 48)),
      log(digest(4, 20), digest(11, 32), digest(12, 48)),
    ]
  ) assertRefused(file, "logs.digests", { event: 0 });
});

Deno.test("eventLog() begins PCR 0 with the locality that the TPM was started from", () => {
  for (const value of [0, 3, 4]) {
    const log = read(concat(
      header(BOTH),
      event(BOTH, 1, 1, DATA),
      event(BOTH, 0, NO_ACTION, locality(value)),
      event(BOTH, 0, 1, DATA),
    ));
    assert.equal(log.startupLocality, value);
    for (const bank of BOTH) {
      const expected = { 0: extended(bank, value, DATA), 1: extended(bank, 0, DATA) };
      assert.deepEqual(log.replay[bank], expected);
    }
  }
  // Of another length it states nothing.
  const longer = concat(locality(3), u16(0));
  assert.equal(read(oldEvent(0, NO_ACTION, longer)).startupLocality, null);
});

Deno.test("eventLog() refuses a locality that is stated wrongly, twice or too late", () => {
  const state = (value: number) => oldEvent(0, NO_ACTION, locality(value));
  const extend = oldEvent(0, 1, DATA);

  assertRefused(concat(state(1), extend), "logs.locality", { event: 0 });
  assertRefused(concat(state(3), state(3), extend), "logs.locality", { event: 1 });
  assertRefused(concat(extend, state(3)), "logs.locality", { event: 1 });
});
