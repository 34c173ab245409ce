import assert from "node:assert/strict";
import {
  action,
  ascii,
  believeAll,
  type FakeEvent,
  fakeLog,
  grub,
  hashed,
  little,
  opaque,
  separator,
  variableData,
  whole,
} from "../../../tests/fakes/event_log.ts";
import { concat, fromHex } from "../../core/bytes.ts";
import { MAX_LISTED_TEXTS, MAX_TEXT_CHARACTERS } from "./boot_loader_texts.ts";
import { type LogClaims, readClaims } from "./claims.ts";
import type { Registers } from "./event_log.ts";

async function read(
  events: readonly FakeEvent[],
  registers: Registers = "pcr",
): Promise<{ readonly found: LogClaims; readonly kinds: readonly string[] }> {
  const log = fakeLog(events, { registers });
  const { found, remarks } = await readClaims(log, believeAll(log));
  return { found, kinds: remarks.map(({ kind }) => kind) };
}

const INVOCATION = action(5, "Exit Boot Services Invocation");
const SUCCESS = action(5, "Exit Boot Services Returned with Success");
const FAILURE = action(5, "Exit Boot Services Returned with Failure");
const OWNER = fromHex("bd9afa775903324dbd6028f4e78f784b");

/** What looks like a certificate: one DER SEQUENCE. */
const certificate = concat(fromHex("30820100"), new Uint8Array(256));

Deno.test("readBootServices() knows the end of boot services, at once or after failures", async () => {
  const { found } = await read([separator(5), INVOCATION, SUCCESS]);
  assert.deepEqual([found.bootServicesExit?.events, found.bootServicesExit?.failures], [[1, 2], 0]);
  const failed = await read([separator(5), INVOCATION, FAILURE, INVOCATION, SUCCESS]);
  assert.equal(failed.found.bootServicesExit?.failures, 1);
});

Deno.test("readBootServices() claims nothing where the steps do not fit", async () => {
  for (
    const [events, kinds] of [
      [[separator(5), INVOCATION, SUCCESS, INVOCATION, SUCCESS], ["boot-services-ambiguous"]],
      [[separator(5), SUCCESS, INVOCATION], ["boot-services-ambiguous"]],
      [[separator(5), SUCCESS], ["boot-services-ambiguous"]],
      [[separator(5), INVOCATION, SUCCESS, FAILURE], ["boot-services-ambiguous"]],
      [[separator(5), INVOCATION], []],
      [[INVOCATION, SUCCESS], []],
      [[INVOCATION, SUCCESS, separator(5)], []],
      [[separator(5), INVOCATION, SUCCESS, separator(5)], []],
    ] as const
  ) {
    const { found, kinds: said } = await read(events);
    assert.deepEqual([found.bootServicesExit, said], [null, kinds]);
  }
});

Deno.test("readAuthorities() tells whose key vouched, and who says so", async () => {
  const db = variableData("imageSecurity", "db", concat(OWNER, certificate));
  const level = variableData("shim", "SbatLevel", ascii("sbat,1\n"));
  const { found, kinds } = await read([
    separator(7),
    whole(7, 0x800000e0, db),
    whole(7, 0x800000e0, level),
    whole(7, 0x800000e0, variableData("shim", "Shim", certificate)),
  ]);
  const [first, second, third] = found.authorities;
  const sha256 = hashed("sha256", certificate);
  assert.deepEqual(first?.certificate, { owner: "77fa9abd-0359-4d32-bd60-28f4e78f784b", sha256 });
  assert.deepEqual([first?.variable?.name, first?.by, first?.handedOver], ["db", "firmware", true]);
  assert.deepEqual([second?.text, second?.by, second?.certificate], ["sbat,1\n", "shim", null]);
  assert.deepEqual(third?.certificate, { owner: null, sha256 });
  assert.deepEqual(kinds, []);
});

Deno.test("readAuthorities() gives no name to a value whose name is not covered", async () => {
  const data = variableData("imageSecurity", "db", concat(OWNER, certificate));
  const value = { ...whole(7, 0x800000e0, data), measured: concat(OWNER, certificate) };
  const event: FakeEvent = { ...value, covered: "value" };
  const { found } = await read([separator(7), event]);
  assert.deepEqual(found.authorities.map(({ variable, by }) => [variable, by]), [
    [null, "boot loader"],
  ]);
  const uncovered = await read([separator(7), { ...event, covered: null }]);
  assert.deepEqual(uncovered.found.authorities, []);
  // In the register of a TD, a value without a name could be any boot variable's.
  const td = await read([separator(0), { ...event, register: 0 }], "rtmr");
  assert.deepEqual(td.found.authorities, []);
});

Deno.test("readAuthorities() takes no database for an authority", async () => {
  const lists = concat(
    fromHex("2616c4c14c509240aca941f936934328"),
    little(76, 4),
    little(0, 4),
    little(48, 4),
    new Uint8Array(48),
  );
  const dbx = whole(7, 0x800000e0, variableData("imageSecurity", "dbx", lists));
  const { found, kinds } = await read([separator(7), dbx]);
  assert.deepEqual([found.authorities, kinds], [[], ["variable-changed"]]);
});

Deno.test("readBootLoaderTexts() lists commands, cut where they are long", async () => {
  const long = "x".repeat(MAX_TEXT_CHARACTERS + 1);
  const many = Array.from({ length: MAX_LISTED_TEXTS }, (_, n) => grub("grub_cmd: ", `set n=${n}`));
  const { found } = await read([grub("grub_cmd: ", long), ...many]);
  const { bootLoader } = found;
  assert.deepEqual([bootLoader?.count, bootLoader?.texts.length], [257, MAX_LISTED_TEXTS]);
  assert.deepEqual(bootLoader?.texts[0], {
    text: long.slice(1),
    cut: true,
    statedPrefix: "grub_cmd",
  });
  assert.equal(bootLoader?.complete, true);
  assert.equal((await read([opaque(8, 0x0d, "x")])).found.bootLoader, null);
});

Deno.test("readOwnerKeys() tells digests, and the name that the log states", async () => {
  const list = opaque(14, 0x0d, "contents", ascii("MokList\0"));
  const { found } = await read([list, opaque(14, 0x0d, "else", ascii("\x01\x02"))]);
  assert.deepEqual(found.ownerKeys.map(({ digests, statedName }) => [digests, statedName]), [
    [{ sha256: hashed("sha256", ascii("contents")) }, "MokList"],
    [{ sha256: hashed("sha256", ascii("else")) }, null],
  ]);
  const td = await read([{ ...list, register: 2 }], "rtmr");
  assert.deepEqual(td.found.ownerKeys, []);
});
