import assert from "node:assert/strict";
import { toHex } from "../../core/bytes.ts";
import { describeBoot, inTrustDomain } from "./boot.ts";
import { EVENT_TYPES, extendAll, type LabEvent, wholeEvent } from "./event.ts";
import { writeAgileLog, writeCcel, writeOldLog } from "./log_tcg.ts";
import { createTpmAuthority } from "./authority.ts";
import { mintTpm } from "./tpm.ts";
import { noTpm2Tools, onBench } from "./tpm2_tools_test.ts";
import { utf16 } from "./uefi.ts";

const NOW = new Date("2026-11-21T12:00:00Z");
const authority = await createTpmAuthority({ now: NOW });

/** What tpm2_eventlog makes of a log. */
async function readLog(log: Uint8Array): Promise<string> {
  return await onBench(async ({ write, run }) => {
    await write("log", log);
    const { ok, text } = await run("tpm2_eventlog", "log");
    assert.ok(ok, text);
    return text;
  });
}

/** Values that it replays a bank to, by register. */
function replayed(text: string, bank: string): ReadonlyMap<number, string> {
  const part = new RegExp(`^  ${bank}:\\n((?:    \\d.*\\n?)+)`, "m").exec(text)?.[1] ?? "";
  const lines = [...part.matchAll(/^ {4}(\d+) *: 0x([0-9a-f]+)$/gm)];
  return new Map(lines.map(([, register = "", value = ""]) => [Number(register), value]));
}

Deno.test({
  name: "describeBoot() is a boot that tpm2_eventlog replays to the same registers",
  ignore: noTpm2Tools,
  fn: async () => {
    for (const boot of [{}, { locality: 3, secureBoot: false, cmdlineOutside: true }]) {
      const { eventLog, registers, events } = await mintTpm(authority, { now: NOW, boot });
      const text = await readLog(eventLog);
      const used = new Set(events.map(({ register }) => register));
      // Not every version of tpm2_eventlog knows of localities.
      const unknown = "locality" in boot ? [0] : [];
      for (const [bank, values] of registers) {
        const found = replayed(text, bank);
        assert.equal(found.size, used.size, text);
        for (const [register, value] of found) {
          if (unknown.includes(register)) continue;
          assert.equal(value, toHex(values[register] ?? new Uint8Array()), `${bank} ${register}`);
        }
      }
    }
  },
});

Deno.test({
  name: "describeBoot() says of itself what tpm2_eventlog reads",
  ignore: noTpm2Tools,
  fn: async () => {
    const events = await describeBoot({ locality: 3 });
    const text = await readLog(await writeAgileLog(events, ["sha1", "sha256"]));
    const words = [
      'UnicodeName: SecureBoot\n VariableData: "01"',
      "UnicodeName: dbx",
      "EventType: EV_EFI_BOOT_SERVICES_APPLICATION",
      "Calling EFI Application from Boot Option",
      "Exit Boot Services Returned with Success",
      "EventType: EV_EFI_GPT_EVENT",
      "UnicodeName: Boot0000",
    ];
    const flat = text.replaceAll(/ +/g, " ");
    for (const word of words) {
      assert.ok(flat.includes(word.replaceAll(/ +/g, " ")), `${word}\n${text}`);
    }
  },
});

Deno.test({
  name: "writeOldLog() is replayed by tpm2_eventlog",
  ignore: noTpm2Tools,
  fn: async () => {
    const events = await describeBoot();
    const found = replayed(await readLog(await writeOldLog(events)), "sha1");
    const values = await extendAll(events, "sha1");
    assert.ok(found.size > 8);
    for (const [register, value] of found) {
      assert.equal(value, toHex(values[register] ?? new Uint8Array()), String(register));
    }
  },
});

Deno.test({
  name: "writeCcel() is replayed by tpm2_eventlog",
  ignore: noTpm2Tools,
  fn: async () => {
    const events = inTrustDomain(await describeBoot());
    // tpm2_eventlog knows logs of TPMs, whose header stands under register 0.
    const log = (await writeCcel(events)).with(0, 0);
    const found = replayed(await readLog(log), "sha384");
    const values = await extendAll(events, "sha384");
    assert.deepEqual([...found.keys()], [1, 2, 3]);
    for (const [register, value] of found) {
      assert.equal(value, toHex(values[register] ?? new Uint8Array()), String(register));
    }
  },
});

Deno.test("describeBoot() measures the command line where it comes from", async () => {
  const cmdline = "root=/dev/vda ro";
  const measured = (events: readonly LabEvent[], text: Uint8Array): readonly number[] =>
    events.filter(({ hashed }) => hashed !== null && toHex(hashed) === toHex(text))
      .map(({ register }) => register);
  const [inside, outside] = [
    await describeBoot({ cmdline }),
    await describeBoot({ cmdline, cmdlineOutside: true }),
  ];
  const section = new TextEncoder().encode(cmdline);
  assert.deepEqual(measured(inside, section), [11]);
  assert.deepEqual(measured(inside, utf16(`${cmdline}\0`)), [9]);
  assert.deepEqual(measured(outside, section), []);
  assert.deepEqual(measured(outside, utf16(`${cmdline}\0`)), [12, 9]);
});

Deno.test("describeBoot() has one separator in each of PCR 0 to 7", async () => {
  const separators = (await describeBoot()).filter(({ type }) => type === EVENT_TYPES.separator);
  assert.deepEqual(separators.map(({ register }) => register).sort(), [0, 1, 2, 3, 4, 5, 6, 7]);
});

Deno.test("inTrustDomain() numbers registers from 1, with one separator in each of the firmware's", async () => {
  const events = inTrustDomain(await describeBoot({ locality: 3, cmdlineOutside: true }));
  assert.deepEqual([...new Set(events.map(({ register }) => register))].sort(), [1, 2, 3]);
  const separators = events.filter(({ type }) => type === EVENT_TYPES.separator);
  assert.deepEqual(separators.map(({ register }) => register), [1, 2]);
  const log = toHex(await writeCcel(events));
  assert.ok(log.startsWith("0100000003000000"), "the header stands under 1, as TDVF writes it");
  assert.ok(log.includes("0c003000"), "one bank, of SHA-384");
});

Deno.test("extendAll() starts PCR 0 at the locality, and PCR 17 to 22 with ones until they are used", async () => {
  const values = await extendAll(await describeBoot({ locality: 4 }), "sha256");
  const without = await extendAll(await describeBoot(), "sha256");
  assert.notEqual(toHex(values[0] ?? new Uint8Array()), toHex(without[0] ?? new Uint8Array()));
  assert.equal(toHex(values[1] ?? new Uint8Array()), toHex(without[1] ?? new Uint8Array()));
  assert.equal(toHex(values[17] ?? new Uint8Array()), "ff".repeat(32));
  assert.equal(toHex(values[23] ?? new Uint8Array()), "00".repeat(32));
  const launched = await extendAll(
    [wholeEvent(17, EVENT_TYPES.separator, Uint8Array.of(1))],
    "sha256",
  );
  // SHA-256 of 32 zeros and the hash of one byte of one.
  const digest = await crypto.subtle.digest("SHA-256", Uint8Array.of(1));
  const value = new Uint8Array(64);
  value.set(new Uint8Array(digest), 32);
  assert.equal(
    toHex(launched[17] ?? new Uint8Array()),
    toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", value))),
  );
});
