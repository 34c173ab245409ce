import assert from "node:assert/strict";
import { concat, toHex } from "../../../core/bytes.ts";
import {
  assertRefused,
  extended,
  hashOf,
  locality,
  type NamedBank,
  read,
  utf8,
} from "./build_test.ts";

const DATA = utf8("measured");

/** Members of a record, each as JSON text; undefined leaves one out. */
type Parts = Readonly<Record<string, string | undefined>>;

function digests(banks: readonly NamedBank[], data: Uint8Array = DATA): string {
  return JSON.stringify(
    banks.map((hashAlg) => ({ hashAlg, digest: toHex(hashOf(hashAlg, data)) })),
  );
}

const EVENT: Parts = {
  recnum: "0",
  pcr: "7",
  digests: digests(["sha256", "sha1"]),
  content_type: '"pcclient_std"',
  content: `{"event_type":12,"event_data":"${toHex(DATA)}"}`,
};

function record(parts: Parts = {}): string {
  const members = Object.entries({ ...EVENT, ...parts })
    .flatMap(([name, text]) => text === undefined ? [] : [`"${name}":${text}`]);
  return `{${members.join(",")}}`;
}

function listOf(...records: readonly string[]): Uint8Array<ArrayBuffer> {
  return utf8(`[${records.join(",")}]`);
}

Deno.test("readCelJson() reads a list of records and replays them", () => {
  const log = read(utf8(` [\n${record()} ,\r\n\t${record({ recnum: "1", pcr: "23" })}] \n`));

  assert.deepEqual([log.format, log.registers, log.header, log.padding], [
    "cel-json",
    "pcr",
    null,
    0,
  ]);
  assert.deepEqual(log.banks, ["sha256", "sha1"]);
  assert.deepEqual(log.events[0], {
    number: 0,
    register: 7,
    type: 12,
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

Deno.test("readCelJson() reads records one after the other, as systemd writes them", () => {
  const part = (string: string) =>
    record({
      recnum: undefined,
      digests: digests(["sha256"], utf8(string)),
      content_type: '"systemd"',
      content: JSON.stringify({ string, bootId: "0f", timestamp: 1, eventType: "phase" }),
    });
  const [a, b] = [part("enter-initrd"), part("l\u00e4uft")];
  for (
    const text of [`\x1e${a}\n\x1e${b}\n`, `${a}\n${b}`, `${a}${b}`, ` \x1e\x1e ${a} \x1e ${b}\x1e`]
  ) {
    const log = read(utf8(text));
    assert.deepEqual(log.events.map(({ data }) => data), [
      toHex(utf8("enter-initrd")),
      toHex(utf8("l\u00e4uft")),
    ]);
    assert.deepEqual(log.events.map(({ covered }) => covered), ["whole", "whole"]);
    assert.equal(
      log.replay.sha256?.["7"],
      extended("sha256", 0, utf8("enter-initrd"), utf8("läuft")),
    );
  }
  assert.equal(read(utf8(a)).events.length, 1);
});

Deno.test("readCelJson() reads every kind of content", () => {
  const hex = toHex(DATA);
  const contents: readonly (readonly [name: string, content: string, data: Uint8Array])[] = [
    ["ima_template", `{"template_name":"ima-ng","template_data":"${hex.toUpperCase()}"}`, DATA],
    ["ima_tlv", `"${hex}"`, DATA],
    ["systemd", `"${hex}"`, DATA],
    ["systemd", `{"string":"\\u006deasured","x":[]}`, DATA],
    ["systemd", "{}", utf8("")],
    [
      "cel",
      ` {"type":"state_trans", "data":"kexec"} `,
      utf8(`{"type":"state_trans", "data":"kexec"}`),
    ],
    ["something-else_2.0", " [ 1 ] ", utf8("[ 1 ]")],
  ];
  for (const [name, content, data] of contents) {
    const text = record({ content_type: `"${name}"`, content, digests: digests(["sha256"], data) });
    const event = read(utf8(text)).events[0];
    assert.deepEqual([event?.content, event?.type, event?.register], [name, null, 7]);
    assert.deepEqual([event?.data, event?.covered], [toHex(data), "whole"], name);
  }
});

Deno.test("readCelJson() knows types of events by name and number", () => {
  const typeOf = (type: string) =>
    read(utf8(record({ content: `{"event_type":${type},"event_data":""}` }))).events[0]?.type;

  assert.equal(typeOf("4294967295"), 0xffff_ffff);
  assert.equal(typeOf('"EV_IPL"'), 0x0d);
  assert.equal(typeOf('"ev_efi_variable_authority"'), 0x8000_00e0);
  for (const type of ['"EV_NONE"', '"ev_\u0131pl"', "4294967296", "-1", "1.0", "null", '"13"']) {
    const content = `{"event_type":${type},"event_data":""}`;
    assertRefused(utf8(record({ content })), "logs.syntax", { event: 0 });
  }
});

Deno.test("readCelJson() lets events without action and management of the log extend nothing", () => {
  const note = (...types: readonly string[]) =>
    types.map((type) => `{"type":"${type}","data":{}}`).join();
  const registerOf = (content_type: string, content: string) =>
    read(utf8(record({ content_type: `"${content_type}"`, content }))).events[0]?.register;

  assert.equal(registerOf("pcclient_std", '{"event_type":"EV_NO_ACTION","event_data":""}'), null);
  for (const type of ["cel_version", "firmware_end"]) {
    assert.equal(registerOf("cel", note(type)), null);
  }
  assert.equal(registerOf("cel", `[${note("cel_version", "firmware_end")}]`), null);
  assert.equal(registerOf("cel", `[${note("cel_version", "cel_timestamp")}]`), 7);
  assert.equal(registerOf("cel", note("cel_timestamp")), 7);
});

Deno.test("readCelJson() reads registers of confidential VMs, counted from 1", () => {
  const of = (ccmr: string) => record({ pcr: undefined, ccmr, digests: digests(["sha384"]) });

  assert.equal(read(utf8(of("4")), "RTMR").events[0]?.register, 3);
  assert.equal(read(utf8(of("1")), "ANY").registers, "rtmr");
  assert.equal(read(utf8(record()), "ANY").registers, "pcr");
  for (const index of ["0", "5"]) {
    assertRefused(utf8(of(index)), "logs.register", { asked: "RTMR", event: 0 });
  }
  assertRefused(utf8(of("1")), "logs.register", { event: 0 });
  assertRefused(utf8(record()), "logs.register", { asked: "RTMR", event: 0 });
  for (const parts of [{ pcr: "24" }, { pcr: undefined, nv_index: "25165824" }]) {
    assertRefused(listOf(record(), record({ recnum: "1", ...parts })), "logs.register", {
      event: 1,
    });
  }
});

Deno.test("readCelJson() refuses records that are numbered wrongly, or only in part", () => {
  const numbers: readonly (readonly (string | undefined)[])[] = [
    ["1"],
    ["0", "2"],
    ["0", undefined],
    [undefined, "1"],
    [undefined, "0"],
    ["0", "9007199254740991"],
  ];
  for (const given of numbers) {
    const log = listOf(...given.map((recnum) => record({ recnum })));
    assertRefused(log, "logs.record_number", { event: given.length - 1 });
  }
});

Deno.test("readCelJson() refuses what cannot be taken apart", () => {
  const [one, two] = [record({ recnum: undefined }), record()];
  for (
    const text of [
      ...[
        "{",
        "[",
        `[${one}`,
        `[${one},]`,
        `[${one}]]`,
        `[${one}]${one}`,
        `${one},${one}`,
        `${one}]`,
      ],
      ...[`[\x1e${one}]`, `{\x1e"pcr":1}`, `[${one},,${one}]`, `[${one} ${one}]`, `${one}x`, "[x]"],
      ...["{'a':1}", "{a:1}", '{"a":1,}', '{"a":"\t"}'],
    ]
  ) assertRefused(utf8(text), "logs.syntax");
  assertRefused(concat(utf8("["), Uint8Array.of(0xff), utf8("]")), "logs.syntax");
  for (const text of ["[]", " [ ] ", "\x1e", "\x1e\n\x1e"]) {
    assertRefused(utf8(text), "logs.format");
  }
  assertRefused(utf8(`\ufeff[${two}]`), "logs.format");
});

Deno.test("readCelJson() refuses what is no record", () => {
  for (const text of ["1", '"x"', "null", "[]", `[${record()}]`]) {
    assertRefused(utf8(`[${text}]`), "logs.syntax", { event: 0 });
    assertRefused(utf8(`\x1e${text}`), "logs.syntax", { event: 0 });
  }
  const digest = (hashAlg: string, text: string) => `[{"hashAlg":${hashAlg},"digest":${text}}]`;
  const wrong: readonly Parts[] = [
    ...["pcr", "digests", "content_type", "content"].map((name) => ({ [name]: undefined })),
    ...["-1", "1.0", "1e0", "4294967296", '"7"', "null", "true"].map((pcr) => ({ pcr })),
    ...["-1", "9007199254740992", '"0"', "null"].map((recnum) => ({ recnum })),
    ...[{ ccmr: "1" }, { nv_index: "1" }, { index: "1" }, { "p\\u0063r": "7" }],
    ...["{}", "[{}]", "[1]", digest('"sha3"', '""'), digest('"SHA256"', '""')].map((digests) => ({
      digests,
    })),
    ...[digest("11", '""'), digest('"sha1"', '"0"'), digest('"sha1"', '"0g"')].map((digests) => ({
      digests,
    })),
    ...['""', '"A"', '"a b"', `"${"a".repeat(33)}"`, "5"].map((content_type) => ({ content_type })),
  ];
  for (const parts of wrong) {
    const log = listOf(record(), record({ recnum: "1", ...parts }));
    assertRefused(log, "logs.syntax", { event: 1 });
  }
});

Deno.test("readCelJson() refuses contents that are not of their kind", () => {
  const wrong: readonly (readonly [kind: string, content: string])[] = [
    ...['{"event_type":1}', '{"event_type":1,"event_data":"AA=="}', '"00"']
      .map((content) => ["pcclient_std", content] as const),
    ...['{"event_type":1,"event_data":"","x":1}', '{"event_type":1,"event_type":1,"event_data":""}']
      .map((content) => ["pcclient_std", content] as const),
    ...['{"template_data":""}', '{"template_name":1,"template_data":""}', '"00"']
      .map((content) => ["ima_template", content] as const),
    ...["{}", "1", '"0"'].map((content) => ["ima_tlv", content] as const),
    ...['"x"', "1", '{"string":1}', '{"string":null}', '{"a":1,"a":2}', '{"string":"\\ud800"}']
      .map((content) => ["systemd", content] as const),
    ...["{}", '{"type":1}', "[]", '{"type":"cel_version","x":1}', '["cel_version"]']
      .map((content) => ["cel", content] as const),
    ["cel", `[${Array.from({ length: 17 }, () => '{"type":"cel_version"}').join()}]`],
  ];
  for (const [kind, content] of wrong) {
    const text = record({ content_type: `"${kind}"`, content });
    assertRefused(utf8(text), "logs.syntax", { event: 0 });
  }
});

Deno.test("readCelJson() refuses a record whose digests are not those of the log's banks", () => {
  const short = '[{"hashAlg":"sha1","digest":"00"}]';
  for (const wrong of ["[]", short, digests(["sha1", "sha1"])]) {
    assertRefused(utf8(record({ digests: wrong })), "logs.digests", { event: 0 });
  }
  for (const banks of [["sha1"], ["sha1", "sha384"], ["sha1", "sha256", "sha384"]] as const) {
    const log = listOf(record(), record({ recnum: "1", digests: digests(banks) }));
    assertRefused(log, "logs.digests", { event: 1 });
  }
  // How a record is written is judged before what its digests are.
  assertRefused(utf8(record({ digests: short, extra: "1" })), "logs.syntax", { event: 0 });
});

Deno.test("readCelJson() refuses more records than any genuine log has, before it looks at them", () => {
  const values = (count: number) => utf8(`[${Array.from({ length: count }, () => "0").join()}]`);
  assertRefused(values(4096), "logs.syntax", { event: 0 });
  assertRefused(values(4097), "logs.limit");
  assertRefused(utf8(`\x1e${"0 ".repeat(4096)}x`), "logs.limit");
});

Deno.test("readCelJson() reads from which locality the TPM was started", () => {
  const of = (value: number) =>
    utf8(record({ content: `{"event_type":3,"event_data":"${toHex(locality(value))}"}` }));
  assert.equal(read(of(3)).startupLocality, 3);
  assertRefused(of(1), "logs.locality", { event: 0 });
});
