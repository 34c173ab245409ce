import assert from "node:assert/strict";
import { concat, toHex } from "../../../core/bytes.ts";
import {
  assertRefused,
  big32,
  extended,
  hashOf,
  IDS,
  locality,
  type NamedBank,
  read,
  tlv,
  u16,
  u32,
  utf8,
} from "./build_test.ts";

const DATA = utf8("measured");
const NO_ACTION = 3;

/** Fields of a record, each as it stands. */
interface Fields {
  readonly number: Uint8Array;
  readonly index: Uint8Array;
  readonly digests: Uint8Array;
  readonly content: Uint8Array;
}

const EVENT: Fields = {
  number: numbered(0),
  index: tlv(1, Uint8Array.of(7)),
  digests: digests(["sha256", "sha1"]),
  content: firmware(0x0c),
};

function numbered(number: number): Uint8Array {
  return tlv(0, big32(0), big32(number));
}

function digests(banks: readonly NamedBank[], data: Uint8Array = DATA): Uint8Array {
  return tlv(3, ...banks.map((bank) => tlv(IDS[bank], hashOf(bank, data))));
}

function firmware(type: number, data: Uint8Array = DATA): Uint8Array {
  return tlv(5, tlv(0, big32(type)), tlv(1, data));
}

function record(fields: Partial<Fields> = {}): Uint8Array<ArrayBuffer> {
  const { number, index, digests, content } = { ...EVENT, ...fields };
  return concat(number, index, digests, content);
}

Deno.test("readCelTlv() reads events of the firmware and replays them", () => {
  const log = read(concat(
    record(),
    record({ number: numbered(1), index: tlv(1, big32(23)), digests: digests(["sha1", "sha256"]) }),
    record({ number: numbered(2), index: tlv(1, big32(99)), content: firmware(NO_ACTION) }),
  ));

  assert.deepEqual([log.format, log.registers, log.header, log.padding], [
    "cel-tlv",
    "pcr",
    null,
    0,
  ]);
  assert.deepEqual(log.banks, ["sha256", "sha1"]);
  assert.deepEqual(log.events.map(({ register }) => register), [7, 23, null]);
  assert.deepEqual(log.events[0], {
    number: 0,
    register: 7,
    type: 0x0c,
    content: "pcclient_std",
    digests: { sha1: toHex(hashOf("sha1", DATA)), sha256: toHex(hashOf("sha256", DATA)) },
    data: toHex(DATA),
    covered: "whole",
  });
  const replay = (bank: NamedBank) => {
    const value = extended(bank, 0, DATA);
    return { 7: value, 23: value };
  };
  assert.deepEqual(log.replay, { sha256: replay("sha256"), sha1: replay("sha1") });
});

Deno.test("readCelTlv() reads every kind of content", () => {
  const inner = tlv(1, DATA);
  const contents: readonly (readonly [Uint8Array, string, Uint8Array])[] = [
    [tlv(4, tlv(80, DATA)), "cel", tlv(80, DATA)],
    [tlv(6, DATA), "0x06", tlv(6, DATA)],
    [tlv(7, tlv(0, utf8("ima-ng")), inner), "ima_template", DATA],
    [tlv(8, DATA), "ima_tlv", DATA],
    [tlv(9, DATA), "systemd", DATA],
    // What no specification knows is hashed with type and length by those who write it.
    [tlv(80, inner), "0x50", tlv(80, inner)],
  ];
  for (const [content, name, data] of contents) {
    const event = read(record({ content, digests: digests(["sha256"], data) })).events[0];
    assert.equal(event?.content, name);
    assert.equal(event.data, toHex(data), name);
    assert.deepEqual([event.type, event.register, event.covered], [null, 7, "whole"], name);
  }
});

Deno.test("readCelTlv() lets management of the log extend nothing", () => {
  const [version, end, time] = [tlv(1, DATA), tlv(2), tlv(80, DATA)];
  const none = tlv(3);
  const note = (...notes: readonly Uint8Array[]) => ({ content: tlv(4, ...notes) });

  const log = read(concat(
    record({ ...note(version, end), digests: none }),
    record({ number: numbered(1), ...note(end), digests: digests(["sha256"]) }),
    record({ number: numbered(2), ...note(end, time), digests: digests(["sha256"]) }),
  ));
  assert.deepEqual(log.events.map(({ register }) => register), [null, null, 7]);
  assert.deepEqual(log.banks, ["sha256"]);
  assert.deepEqual(log.replay, { sha256: { 7: extended("sha256", 0, DATA) } });
  assert.deepEqual(read(record({ ...note(version), digests: none })).banks, []);
  assertRefused(record({ ...note(end, time), digests: none }), "logs.digests", { event: 0 });
});

Deno.test("readCelTlv() reads registers of confidential VMs as go-eventlog counts them", () => {
  const of = (number: number, index: number, banks: readonly NamedBank[] = ["sha384"]) =>
    record({
      number: numbered(number),
      index: tlv(108, Uint8Array.of(index)),
      digests: digests(banks),
    });

  const log = concat(of(0, 1), of(1, 4));
  assert.deepEqual(read(log, "RTMR").events.map(({ register }) => register), [0, 3]);
  assert.deepEqual(read(log, "ANY"), read(log, "RTMR"));
  assert.equal(read(record(), "ANY").registers, "pcr");
  for (const index of [0, 5]) {
    assertRefused(concat(log, of(2, index)), "logs.register", { asked: "RTMR", event: 2 });
  }
  assertRefused(log, "logs.register", { event: 0 });
  assertRefused(record(), "logs.register", { asked: "RTMR", event: 0 });
  assertRefused(concat(log, record({ number: numbered(2) })), "logs.register", {
    asked: "RTMR",
    event: 2,
  });
  assertRefused(of(0, 1, ["sha256"]), "logs.digests", { asked: "RTMR", event: 0 });
  assertRefused(of(0, 1, ["sha384", "sha256"]), "logs.digests", { asked: "RTMR", event: 0 });
});

Deno.test("readCelTlv() takes records that are numbered over the log, or over each register", () => {
  const of = (number: number, index: number) =>
    record({ number: numbered(number), index: tlv(1, Uint8Array.of(index)) });

  for (const numbers of [[0, 1, 2, 3], [0, 0, 1, 1]]) {
    const [a = 0, b = 0, c = 0, d = 0] = numbers;
    assert.equal(read(concat(of(a, 1), of(b, 2), of(c, 1), of(d, 2))).events.length, 4);
  }
  for (
    const [number, at] of [[[0, 2], 1], [[0, 1, 1], 2], [[0, 0, 2], 2], [[0, 0, 1, 3], 3]] as const
  ) {
    const records = number.map((number, i) => of(number, 1 + i % 2));
    assertRefused(concat(...records), "logs.record_number", { event: at });
  }
  const huge = record({ number: tlv(0, new Uint8Array(8).fill(0xff)) });
  assertRefused(concat(record(), huge), "logs.record_number", { event: 1 });
});

Deno.test("readCelTlv() takes numbers of any length that fits", () => {
  for (let bytes = 1; bytes <= 8; bytes++) {
    const log = record({ number: tlv(0, new Uint8Array(bytes)) });
    assert.equal(read(log).format, "cel-tlv");
  }
  const short = record({ index: tlv(1, u16(0x0700)), content: tlv(5, tlv(0, u16(0x0d)), tlv(1)) });
  assert.deepEqual(read(short).events.map(({ register, type }) => [register, type]), [[7, 0x0d00]]);
  // Longer ones are not even taken for a log of this encoding.
  assertRefused(record({ number: tlv(0, new Uint8Array(9)) }), "logs.format");
});

Deno.test("readCelTlv() refuses what is not written as the encoding demands", () => {
  const pair = (first: number, second: number) => tlv(5, tlv(first, big32(1)), tlv(second, DATA));
  const wrong: readonly Partial<Fields>[] = [
    ...[tlv(1, big32(0)), tlv(0), tlv(0, new Uint8Array(9))].map((number) => ({ number })),
    ...[tlv(0, u16(7)), tlv(3, u16(7)), tlv(1), tlv(1, new Uint8Array(5)), tlv(108)].map((
      index,
    ) => ({ index })),
    ...[tlv(1, u16(7)), tlv(4)].map((digests) => ({ digests })),
    ...[0, 1, 2, 3].map((type) => ({ content: tlv(type, DATA) })),
    ...[pair(1, 1), pair(0, 0), tlv(5, tlv(1), u16(0))].map((content) => ({ content })),
    ...[
      tlv(7, tlv(0), tlv(1), tlv(2)),
      tlv(5, tlv(0), tlv(1)),
      tlv(5, tlv(0, new Uint8Array(5)), tlv(1)),
    ]
      .map((content) => ({ content })),
  ];
  for (const fields of wrong) {
    const second = record({ number: numbered(1), ...fields });
    assertRefused(concat(record(), second), "logs.syntax", { event: 1 });
  }
});

Deno.test("readCelTlv() refuses a log that is cut, and fields that are longer than what holds them", () => {
  const whole = concat(record(), record({ number: numbered(1) }));
  for (let length = record().length + 1; length < whole.length; length++) {
    assertRefused(whole.subarray(0, length), "logs.truncated", { event: 1 });
  }
  const short = Uint8Array.of(1, 0, 0, 0, 2, 9);
  for (
    const fields of [
      ...[tlv(3, short), tlv(3, u32(0))].map((digests) => ({ digests })),
      ...[
        tlv(4),
        tlv(4, short),
        tlv(5, tlv(0, big32(1)), short),
        tlv(5, tlv(0, big32(1))),
        tlv(7, short),
      ]
        .map((content) => ({ content })),
    ]
  ) assertRefused(record(fields), "logs.truncated", { event: 0 });
});

Deno.test("readCelTlv() refuses registers that it cannot replay", () => {
  assertRefused(record({ index: tlv(2, big32(0x0180_0000)) }), "logs.register", { event: 0 });
  assertRefused(record({ index: tlv(1, Uint8Array.of(24)) }), "logs.register", { event: 0 });
});

Deno.test("readCelTlv() refuses a record whose digests are not those of the log's banks", () => {
  const sha1 = tlv(4, new Uint8Array(20));
  for (
    const digests of [
      tlv(3),
      tlv(3, sha1, sha1),
      tlv(3, tlv(4, new Uint8Array(19))),
      tlv(3, tlv(0x12)),
      tlv(3, tlv(0x12, new Uint8Array(65))),
    ]
  ) assertRefused(record({ digests }), "logs.digests", { event: 0 });
  for (const banks of [["sha1"], ["sha1", "sha384"], ["sha1", "sha256", "sha384"]] as const) {
    const second = record({ number: numbered(1), digests: digests(banks) });
    assertRefused(concat(record(), second), "logs.digests", { event: 1 });
  }
  const log = read(record({ digests: tlv(3, sha1, tlv(0x12, DATA)) }));
  assert.deepEqual(log.banks, ["sha1", "0x0012"]);
});

Deno.test("readCelTlv() refuses more banks and records than any genuine log has", () => {
  const banks = (count: number) =>
    tlv(3, ...Array.from({ length: count }, (_, i) => tlv(0x20 + i, DATA)));
  assert.equal(read(record({ digests: banks(8) })).banks.length, 8);
  assertRefused(record({ digests: banks(9) }), "logs.limit", { event: 0 });

  const small = { digests: tlv(3, tlv(0x20, u16(0))), content: tlv(9) };
  const records = Array.from({ length: 4096 }, (_, i) => record({ number: numbered(i), ...small }));
  assert.equal(read(concat(...records)).events.length, 4096);
  assertRefused(concat(...records, u16(0)), "logs.limit", { event: 4096 });
});

Deno.test("readCelTlv() reads from which locality the TPM was started", () => {
  const of = (number: number, value: number) =>
    record({ number: numbered(number), content: firmware(NO_ACTION, locality(value)) });
  assert.equal(read(of(0, 4)).startupLocality, 4);
  assertRefused(of(0, 2), "logs.locality", { event: 0 });
  assertRefused(concat(of(0, 3), of(1, 3)), "logs.locality", { event: 1 });
});
