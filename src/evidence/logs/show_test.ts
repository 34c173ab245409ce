import assert from "node:assert/strict";
import { corpusOf, overReal } from "../../../tests/corpus.ts";
import {
  action,
  application,
  ascii,
  fakeLog,
  grub,
  little,
  note,
  opaque,
  secureBoot,
  separator,
  utf16,
  variableData,
  whole,
} from "../../../tests/fakes/event_log.ts";
import { concat, fromHex, toHex } from "../../core/bytes.ts";
import { RejectedError } from "../../core/errors.ts";
import { createPortableEngine } from "../../core/portable/engine.ts";
import { describeEvent } from "./describe_event.ts";
import { tellDevicePath } from "./device_path.ts";
import { operations } from "./portable/mod.ts";
import { looksLikeLog } from "./recognise.ts";
import { show, showLog } from "./show.ts";

const engine = createPortableEngine(operations);

/** One node of a device path. */
function node(type: number, subtype: number, data: Uint8Array): Uint8Array<ArrayBuffer> {
  return concat(Uint8Array.of(type, subtype), little(4 + data.length, 2), data);
}

const END = node(0x7f, 0xff, new Uint8Array());
const PATH = concat(
  node(2, 1, fromHex("d041030a00000000")),
  node(1, 1, Uint8Array.of(0, 4)),
  node(4, 4, utf16("\\EFI\\BOOT\\BOOTX64.EFI\0")),
  END,
);

/** Events as they are shown: what it is. */
function told(...events: Parameters<typeof fakeLog>[0]): readonly string[] {
  return fakeLog(events).events.map(describeEvent);
}

Deno.test("describeEvent() tells actions, variables, texts and separators", () => {
  const image = concat(new Uint8Array(24), little(PATH.length, 8), PATH);
  const order = variableData("global", "BootOrder", fromHex("01000a00"));
  const option = concat(little(1, 4), little(PATH.length, 2), utf16("Linux\0"), PATH);
  assert.deepEqual(
    told(
      action(4, "Calling EFI Application from Boot Option"),
      secureBoot(true),
      separator(7),
      grub("grub_cmd: ", "set default=0"),
      opaque(4, 0x80000003, "x", image),
      whole(1, 0x80000002, order),
      whole(1, 0x80000002, variableData("global", "Boot0001", option)),
      whole(7, 0x80000001, variableData("imageSecurity", "dbx", new Uint8Array())),
      opaque(0, 0x01, "x", fromHex("0000a9ff00000000")),
      opaque(9, 0x06, "x", concat(little(0x8f3b22ed, 4), little(7, 4), ascii("Options"))),
      note(ascii("StartupLocality\0\x03")),
    ),
    [
      '"Calling EFI Application from Boot Option"',
      "SecureBoot = on",
      "the firmware hands over",
      '"grub_cmd: set default=0"',
      "Acpi(0)/Pci(4,0)\\EFI\\BOOT\\BOOTX64.EFI",
      "BootOrder = 0001, 000a",
      'Boot0001 = "Linux", Acpi(0)/Pci(4,0)\\EFI\\BOOT\\BOOTX64.EFI',
      "dbx = not set",
      "0000a9ff00000000",
      'tag 8f3b22ed: "Options"',
      '"StartupLocality", 03',
    ],
  );
});

Deno.test("describeEvent() tells any data of any type, and not too much of it", () => {
  const samples = [
    new Uint8Array(),
    new Uint8Array(7),
    new Uint8Array(40).fill(0xff),
    PATH,
    ascii("x".repeat(5000)),
    concat(new Uint8Array(24), little(2 ** 40, 8), PATH),
    concat(new Uint8Array(24), new Uint8Array(8).fill(0xff), PATH),
  ];
  for (
    const type of [
      0,
      1,
      3,
      4,
      6,
      13,
      ...Array.from({ length: 256 }, (_, n) => 0x80000000 + n),
    ]
  ) {
    for (const data of samples) {
      const [text = ""] = told(opaque(9, type, "x", data));
      assert.ok(text.length > 0 && text.length <= 160, `${type} ${toHex(data).slice(0, 80)}`);
    }
  }
});

Deno.test("tellDevicePath() gives up where lengths do not fit", () => {
  assert.equal(tellDevicePath(PATH.subarray(0, -4)), null);
  assert.equal(tellDevicePath(node(4, 4, utf16("x"))), null);
  assert.equal(tellDevicePath(concat(Uint8Array.of(1, 1, 3, 0), END)), null);
  assert.equal(tellDevicePath(concat(Uint8Array.of(1, 1, 0xff, 0xff), END)), null);
  assert.equal(tellDevicePath(concat(node(1, 1, new Uint8Array(1)), END)), "Path(1.1)");
  assert.equal(tellDevicePath(END), null);
});

Deno.test("showLog() says of each event which part of its data may be believed", () => {
  const log = fakeLog([
    secureBoot(false),
    separator(7),
    application(4, "shim"),
    grub("grub_cmd: ", "true"),
    note(ascii("StartupLocality\0\x00")),
  ]);
  const { kind, title, usedBy, sections } = showLog(log);
  assert.deepEqual([kind, title], ["tpm-event-log", "TPM event log, 5 events (not verified)"]);
  assert.equal(usedBy, "casemate evidence verify tpm --event-log");
  const table = sections.find((section) => section.table !== undefined)?.table;
  assert.deepEqual(table?.columns, ["#", "PCR", "type", "digest", "trusted", "what it is"]);
  assert.deepEqual(
    table?.rows.map(([number, pcr, type, , trusted]) => [number, pcr, type, trusted]),
    [
      ["0", "7", "EV_EFI_VARIABLE_DRIVER_CONFIG", "whole"],
      ["1", "7", "EV_SEPARATOR", "whole"],
      ["2", "4", "EV_EFI_BOOT_SERVICES_APPLICATION", "no"],
      ["3", "8", "EV_IPL", "text"],
      ["4", "–", "EV_NO_ACTION", "never"],
    ],
  );
  assert.equal(table?.rows[1]?.[3], "df3f619804a9");
  const titles = sections.map((section) => section.title);
  assert.deepEqual(titles.slice(2), [
    "Registers that these events lead to, sha1",
    "Registers that these events lead to, sha256",
    "Remarks",
  ]);
  const td = showLog(fakeLog([separator(0)], { registers: "rtmr" }));
  assert.deepEqual([td.kind, td.usedBy], [
    "cc-event-log",
    "casemate evidence verify gcp-tdx --event-log",
  ]);
});

/** Events in the form of TPM 1.2: register, type, digest, size, data. */
function sha1Event(register: number, type: number, data: Uint8Array): Uint8Array<ArrayBuffer> {
  const head = concat(little(register, 4), little(type, 4), new Uint8Array(20).fill(0xab));
  return concat(head, little(data.length, 4), data);
}

const NAME = ascii("x");
const SHA1_LOG = concat(...[0, 1, 2].map((register) => sha1Event(register, 0x08, NAME)));

Deno.test("looksLikeLog() knows each form of a log by its begin", () => {
  const agile = concat(little(0, 4), little(3, 4), new Uint8Array(20), little(41, 4));
  for (
    const bytes of [
      concat(agile, ascii("Spec ID Event03\0")),
      fromHex("00000000080000000000000000" + "010000000107"),
      fromHex("000000000100" + "6c0000000101"),
      ascii('[{"recnum":0,"pcr":0,"digests":[{'),
      ascii('\x1e{"pcr" : 11, "digests" : [{'),
      SHA1_LOG,
    ]
  ) assert.ok(looksLikeLog(bytes), toHex(bytes));
});

Deno.test("looksLikeLog() mistakes nothing else for one", () => {
  for (
    const bytes of [
      new Uint8Array(),
      new Uint8Array(1184),
      new Uint8Array(5000).fill(0xff),
      ascii('{"tcbInfo":{"version":3}}'),
      ascii('{"digests":[]}'),
      ascii("-----BEGIN CERTIFICATE-----"),
      SHA1_LOG.subarray(0, -1),
      concat(sha1Event(0, 8, NAME), sha1Event(24, 8, NAME), sha1Event(0, 8, NAME)),
      concat(sha1Event(0, 8, NAME), sha1Event(0, 0x999, NAME), sha1Event(0, 8, NAME)),
    ]
  ) assert.ok(!looksLikeLog(bytes), toHex(bytes.subarray(0, 64)));
});

Deno.test("show() refuses a log that is damaged, and leaves to others what is none", async () => {
  const shown = await show(engine, SHA1_LOG);
  assert.equal(shown?.kind, "tpm-event-log");
  assert.equal(await show(engine, ascii("text")), null);
  const cut = concat(SHA1_LOG, SHA1_LOG.subarray(0, 20));
  await assert.rejects(
    () => show(engine, cut),
    (error: unknown) => error instanceof RejectedError && error.code === "logs.truncated",
  );
});

Deno.test({
  ...overReal("show() knows all real logs, and takes no other real evidence for one"),
  fn() {
    for (const [name, { input }] of corpusOf(() => true)) {
      for (const [role, bytes] of Object.entries(input.files)) {
        assert.equal(looksLikeLog(bytes), /event_?log|ccel$/.test(role), `${name}: ${role}`);
      }
    }
  },
});
