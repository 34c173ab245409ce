/**
 * Claims of event logs against an attacker who has root in the guest: it chooses
 * what is quoted, extends registers after the boot, and writes the log.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { Result } from "../../mod.ts";
import { toHex } from "../../src/core/bytes.ts";
import { EVENT_TYPES, type LabEvent, wholeEvent, writeAgileLog } from "../../src/lab/mod.ts";
import { utf16 } from "../../src/lab/tpm/uefi.ts";
import {
  asFile,
  ask,
  assertCode,
  assertGood,
  logOf,
  mint,
  straight,
  UNCERTIFIED,
} from "./known_mistakes/attack.ts";

const BANKS = ["sha1", "sha256", "sha384"] as const;

const inRegister = (events: readonly LabEvent[], register: number): readonly LabEvent[] =>
  events.filter((event) => event.register === register);

/** A command line that was extended after the boot, as if it had come from outside of the image. */
const outside = wholeEvent(12, EVENT_TYPES.ipl, utf16("root=/dev/mapper/root ro\0"));

const findingOf = ({ findings }: Result, wanted: string) => {
  const [found] = findings.filter(({ id }) => id === wanted);
  assert.ok(found, wanted);
  return found;
};

Deno.test("LOG-04 a bank that the firmware left alone says nothing of Secure Boot", async () => {
  // What runs is quoted in the bank of the boot; PCR 7 in one in which the attacker alone extended.
  const minted = await mint({
    boot: { secureBoot: false },
    selection: [
      { bank: "sha256", registers: [0, 1, 2, 3, 4, 5, 6, 11] },
      { bank: "sha384", registers: [7] },
    ],
    bends: {
      events: (events) => [
        ...inRegister(straight.events, 7),
        ...events.filter(({ register }) => register !== 7),
      ],
    },
  });
  const result = await ask(minted);
  assertCode(result, "tpm.secure_boot_unknown");
  assert.equal(logOf(result).claims.secureBoot, null);
});

Deno.test("LOG-01 sections that are logged in another form make no room for another command line", async () => {
  const minted = await mint({
    boot: { cmdline: "init=/bin/sh" },
    bends: { events: (events) => [...events, outside] },
  });
  const sections = inRegister(minted.events, 11);
  const prefix = asFile("grub_cmd ");
  const forms: readonly ((hashed: Uint8Array) => Uint8Array)[] = [
    (hashed) => hashed,
    (hashed) => Uint8Array.of(...prefix, ...hashed),
  ];
  for (const form of forms) {
    for (const first of [0, 2, 4]) {
      const logged = minted.events.map((event) =>
        event.hashed !== null && sections.indexOf(event) >= first
          ? { ...event, data: form(event.hashed) }
          : event
      );
      const eventLog = await writeAgileLog(logged, BANKS);
      const { claims } = logOf(await ask(minted, { files: { eventLog } }));
      assert.notEqual(claims.commandLine?.complete, true, `from ${first}`);
      assert.notEqual(claims.unifiedKernel?.complete, true, `from ${first}`);
    }
  }
});

Deno.test("LOG-01 an image that is not logged, or not quoted, makes no room for another command line", async () => {
  const boot = { cmdline: "init=/bin/sh" };
  const bends = { events: (events: readonly LabEvent[]) => [...events, outside] };
  const whole = await mint({ boot, bends });
  const others = whole.events.filter(({ register }) => register !== 11);
  const files = { eventLog: await writeAgileLog(others, BANKS) };
  const unlogged = await ask(whole, { files });
  assert.deepEqual(logOf(unlogged).claims.commandLine?.complete, false, "not logged");

  const selection = [{ bank: "sha256", registers: [0, 1, 2, 3, 4, 5, 6, 7, 8, 12] }] as const;
  const unquoted = await ask(await mint({ boot, bends, selection }));
  assert.deepEqual(logOf(unquoted).claims.commandLine?.complete, false, "not quoted");
});

Deno.test("TPM-07 of a key that nobody certifies, no chain and no certified attributes are told", async () => {
  const asked = { files: UNCERTIFIED, request: { profile: "crypto-only" } } as const;
  const { outcome, says, weakestRoot } = await ask(straight, asked);
  assert.deepEqual([outcome, weakestRoot], ["genuine", "none"]);
  assert.match(says, /^The signature holds, without a chain/);
  const full = await ask(straight, { files: UNCERTIFIED, policy: { acceptRoots: ["none"] } });
  const { actual, root } = findingOf(full, "tpm.attributes");
  assert.deepEqual([actual, root], ["by its public area, which nobody certifies", "none"]);
  const pinned = await ask(straight, {
    files: UNCERTIFIED,
    section: { akNames: [toHex(straight.akName)] },
  });
  const known = findingOf(pinned, "tpm.attributes");
  assert.deepEqual([known.actual, known.root], [
    "by its public area, whose Name is pinned",
    "none",
  ]);
});

Deno.test("LOG-03 separators of registers that were not quoted are nobody's word", async () => {
  const few = await mint({ selection: [{ bank: "sha256", registers: [11] }] });
  const sha256 = { "11": [few.pcrs["sha256"]?.["11"]] };
  const section = { whatRuns: [11], registers: { sha256 }, secureBoot: "any" };
  const result = await ask(few, { section });
  assertGood(result);
  const { kind, required, actual } = findingOf(result, "logs.separators");
  assert.deepEqual([kind, required], ["unchecked", false], actual ?? "");

  const one = await mint({ selection: [{ bank: "sha256", registers: [4, 11] }] });
  const some = await ask(one, { section: { secureBoot: "any" } });
  assert.equal(findingOf(some, "logs.separators").actual, "one in each of PCR 4");
});

Deno.test("LOG-03 a register that the log leaves out may hide the firmware's error", async () => {
  const eventLog = await writeAgileLog(
    straight.events.filter(({ register }) => register !== 0),
    BANKS,
  );
  assertCode(await ask(straight, { files: { eventLog } }), "logs.separator_missing");
});
