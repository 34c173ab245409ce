/**
 * Types of events, which nothing signs.
 *
 * The attacker has booted as it liked, may extend any register afterwards, and
 * writes the log: every digest of a quoted bank must stay, in its order; types,
 * data, and digests of other banks can be anything.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { Result } from "../../../mod.ts";
import { toHex } from "../../../src/core/bytes.ts";
import {
  digestOfEvent,
  EVENT_TYPES,
  type LabEvent,
  type MintedTpm,
  wholeEvent,
  writeAgileLog,
} from "../../../src/lab/mod.ts";
import { imageLoad, utf16 } from "../../../src/lab/tpm/uefi.ts";
import {
  asFile,
  ask,
  assertCode,
  assertGood,
  type Changes,
  logOf,
  mint,
  ofBootLoader,
  straight,
} from "./attack.ts";
import { overReal, realBoot } from "./real.ts";

const BANKS = ["sha1", "sha256", "sha384"] as const;

/** Types to which an event can be given: of each kind that PFP names, and two that it does not. */
const TYPES: readonly number[] = [
  ...[0, 1, 3, 4, 5, 6, 8, 0xa, 0xc, 0xd, 0x11],
  ...[0, 1, 2, 3, 4, 6, 7, 8, 9, 0xc, 0x10, 0xe0, 0xe1].map((type) => 0x8000_0000 + type),
  0x00de_adbe,
  0xffff_ffff,
];

/** Whose data must hash to the digest (PFP Table 27). */
const HASHED_WHOLE: readonly number[] = [4, 5, 0x8000_0001, 0x8000_0006, 0x8000_0007];

const JUNK = new Uint8Array(32).fill(0xc3);

const isSecureBoot = ({ register }: LabEvent): boolean => register === 7;

/** What a boot with Secure Boot measures of it: what the attacker wants to be believed. */
const WANTED: readonly LabEvent[] = straight.events.filter(isSecureBoot);

/** Events of the true boot's PCR 7, with its separator. */
const GENUINE = WANTED.length - 1;

/** A boot without Secure Boot, behind which the attacker extended a boot with it. */
const booted: MintedTpm = await mint({
  boot: { secureBoot: false },
  bends: { events: (events) => [...events, ...WANTED] },
});

type Rewrite = (event: LabEvent, index: number) => LabEvent;

/** Asks with the log rewritten: each true event of PCR 7 by its place among them. */
async function rewritten(change: Rewrite, minted = booted): Promise<Result> {
  let index = 0;
  const logged = minted.events.map((event) =>
    isSecureBoot(event) && index < GENUINE ? change(event, index++) : event
  );
  return await ask(minted, { files: { eventLog: await writeAgileLog(logged, BANKS) } });
}

/** Nothing says that Secure Boot was on. */
function assertNotFooled(result: Result, what: string): void {
  assert.ok(result.verdict === "rejected" || result.verdict === "platform-only", what);
  if (result.claims === null) return;
  assert.notEqual(logOf(result).claims.secureBoot?.enabled, true, what);
  assert.deepEqual(logOf(result).claims.authorities, [], what);
}

Deno.test("LOG-01 what is extended behind the firmware's separator is not the firmware's word", async () => {
  const result = await ask(booted);
  assertCode(result, "tpm.secure_boot_off");
  assert.equal(logOf(result).claims.secureBoot?.enabled, false);
  assertNotFooled(result, "told honestly");
});

Deno.test("LOG-01 the true events made notes: they then lead nowhere", async () => {
  const note: Rewrite = (event) => ({ ...event, type: EVENT_TYPES.noAction });
  assertCode(await rewritten(note), "logs.replay_mismatch", "all");
  for (let at = 0; at < GENUINE; at++) {
    const one: Rewrite = (event, index) => index === at ? note(event, index) : event;
    assertCode(await rewritten(one), "logs.replay_mismatch", `event ${at}`);
  }
  // A note that is not extended has no digest; dropping it is the same.
  const zeros: Rewrite = (event) => ({ ...note(event, 0), hashed: null });
  assertCode(await rewritten(zeros), "logs.replay_mismatch", "without digests");
});

Deno.test("LOG-01 the true events retyped: data are believed by their hash, whatever type they are given", async () => {
  for (const type of TYPES.filter((type) => type !== EVENT_TYPES.noAction)) {
    const retyped = await rewritten((event) => ({ ...event, type }));
    assertCode(retyped, "tpm.secure_boot_off", type.toString(16));
    assertNotFooled(retyped, type.toString(16));
  }
});

Deno.test("LOG-01 the true events retyped and their data replaced: what cannot be read is not passed over", async () => {
  for (const type of TYPES.filter((type) => type !== EVENT_TYPES.noAction)) {
    // The separator keeps its digest, by which it is known; its error form and itself are no junk.
    const hidden = await rewritten((event) => ({
      ...event,
      type,
      data: JUNK,
      ...digestsOf(event),
    }));
    const code = HASHED_WHOLE.includes(type) ? "logs.data_mismatch" : "logs.separator_repeated";
    assertCode(hidden, code, type.toString(16));
    assertNotFooled(hidden, type.toString(16));
  }
});

/** Whatever data say, the digests stay. */
function digestsOf({ hashed, digests }: LabEvent): Partial<LabEvent> {
  return { hashed, ...(digests === undefined ? {} : { digests }) };
}

Deno.test("LOG-01 digests of a bank that is not quoted hide no separator, and make none", async () => {
  for (const bank of ["sha1", "sha384"] as const) {
    const other = straight.registers.get(bank)?.[23] ?? new Uint8Array();
    const foreign: Rewrite = (event, index) => {
      const separator = index === GENUINE - 1;
      return separator ? { ...event, type: 0xd, data: JUNK, digests: { [bank]: other } } : event;
    };
    assertNotFooled(await rewritten(foreign), `${bank} hides it`);
    const early = await digestOfEvent(WANTED.at(-2) ?? wholeEvent(7, 4, new Uint8Array(4)), bank);
    const before: Rewrite = (event, index) =>
      index === 0 ? { ...event, type: 0xd, data: JUNK, digests: { [bank]: early } } : event;
    assertNotFooled(await rewritten(before), `${bank} has one earlier`);
  }
  const sha256 = await rewritten((event, index) =>
    index === GENUINE - 1 ? { ...event, type: 0xd, digests: { sha256: new Uint8Array(32) } } : event
  );
  assertCode(sha256, "logs.replay_mismatch", "in the quoted bank");
});

Deno.test("LOG-01 one state hidden before the separator leaves the other without credit", async () => {
  // Firmware that measures both is broken; a log that hides one of them says too little.
  const both = await mint({
    boot: { secureBoot: false },
    bends: { events: (events) => events.flatMap(doubled) },
  });
  assertCode(await ask(both), "tpm.secure_boot_unknown", "told honestly");
  const hidden = both.events.map((event, at) =>
    at === both.events.findIndex(isSecureBoot) ? { ...event, type: 0xd, data: JUNK } : event
  );
  const result = await ask(both, { files: { eventLog: await writeAgileLog(hidden, BANKS) } });
  assertCode(result, "tpm.secure_boot_unknown", "the true one hidden");
  const claim = logOf(result).claims.secureBoot;
  assert.deepEqual([claim?.enabled, claim?.complete], [true, false]);
});

const [wantedState] = WANTED;
const isOff = ({ register, data }: LabEvent): boolean =>
  register === 7 && wantedState !== undefined && data.length === wantedState.data.length &&
  data.at(-1) === 0;
const doubled = (event: LabEvent): readonly LabEvent[] =>
  isOff(event) && wantedState !== undefined ? [event, wantedState] : [event];

Deno.test("LOG-01 an image stays in the list of what was booted, whatever its event is called", async () => {
  const evil: LabEvent = {
    register: 4,
    type: EVENT_TYPES.efiBootServicesApplication,
    data: imageLoad("\\EFI\\evil.efi"),
    hashed: asFile("an image that is no text"),
  };
  const at = straight.events.findIndex(({ type }) => type === evil.type);
  const events = straight.events.toSpliced(at, 0, evil);
  const minted = await mint({ bends: { events: () => events } });
  const digest = toHex(await digestOfEvent(evil, "sha256"));
  const asked = async (change: Partial<LabEvent>): Promise<Result> => {
    const eventLog = await writeAgileLog(events.with(at, { ...evil, ...change }), BANKS);
    return await ask(minted, { files: { eventLog } });
  };
  const action = asFile("Calling EFI Application from Boot Option");
  for (const type of TYPES) {
    for (const data of type % 2 === 0 ? [evil.data, action] : [action, new Uint8Array()]) {
      const result = await asked({ type, data });
      if (type === EVENT_TYPES.noAction) assertCode(result, "logs.replay_mismatch");
      else if (HASHED_WHOLE.includes(type)) assertCode(result, "logs.data_mismatch");
      else {
        assertGood(result, "its registers are pinned as they are");
        const [first] = logOf(result).claims.applications;
        assert.equal(first?.digests.sha256, digest, type.toString(16));
      }
    }
  }
});

Deno.test("LOG-01 a kernel extended after the boot makes no second unified kernel image", async () => {
  const sections = straight.events.filter(({ register }) => register === 11);
  const minted = await mint({
    boot: { cmdline: "init=/bin/sh" },
    bends: { events: (events) => [...events, ...sections] },
  });
  assert.equal(logOf(await ask(minted)).claims.unifiedKernel, null, "told honestly");
  const count = minted.events.filter(({ register }) => register === 11).length - sections.length;
  let index = 0;
  const hidden = minted.events.map((event) =>
    event.register === 11 && index++ < count ? { ...event, type: 0x6, data: JUNK } : event
  );
  const result = await ask(minted, { files: { eventLog: await writeAgileLog(hidden, BANKS) } });
  const { unifiedKernel } = logOf(result).claims;
  // The digests are the registers' own, so that hidden events are seen to be there.
  assert.equal(unifiedKernel?.complete, false);
});

Deno.test("LOG-01 a section whose name was hidden makes no room for another command line", async () => {
  // The image has a command line of its own; another was extended where one from outside stands.
  const outside = wholeEvent(12, EVENT_TYPES.ipl, utf16("root=/dev/mapper/root ro\0"));
  const minted = await mint({
    boot: { cmdline: "init=/bin/sh" },
    bends: { events: (events) => [...events, outside] },
  });
  assert.equal(logOf(await ask(minted)).claims.commandLine, null, "told honestly");
  const sections = minted.events.filter(({ register }) => register === 11);
  const own = sections.findIndex(({ data }) => toHex(data) === toHex(utf16(".cmdline\0")));
  for (const first of [own, 0]) {
    const hidden = minted.events.map((event) =>
      sections.indexOf(event) >= first ? { ...event, data: JUNK } : event
    );
    const result = await ask(minted, { files: { eventLog: await writeAgileLog(hidden, BANKS) } });
    assert.notEqual(logOf(result).claims.commandLine?.complete, true, `from event ${first}`);
    assert.notEqual(logOf(result).claims.unifiedKernel?.complete, true, `from event ${first}`);
  }
});

Deno.test({
  ...overReal("LOG-01 real events retyped lead nowhere as notes, and change no state as others"),
  fn: async () => {
    const { events, banks } = await realBoot("tpm-eventlog/rhel8-uefi");
    const minted = await mint({ banks, bends: { events: () => events } });
    const asked = async (logged: readonly LabEvent[]): Promise<Result> => {
      const changes: Changes = {
        files: { eventLog: await writeAgileLog(logged, banks) },
        section: { ...ofBootLoader(minted), secureBoot: "any" },
      };
      return await ask(minted, changes);
    };
    const truth = await asked(events);
    assertGood(truth);
    const state = logOf(truth).claims.secureBoot;
    assert.ok(state);
    const places = events.flatMap((event, at) => isSecureBoot(event) ? [at] : []);
    assert.ok(places.length >= 7, `${places.length} events`);
    for (const at of places) {
      const event = events[at] ?? wholeEvent(7, 0, utf16(""));
      const note = events.with(at, { ...event, type: EVENT_TYPES.noAction });
      assertCode(await asked(note), "logs.replay_mismatch", `event ${at}`);
      const unknown = await asked(events.with(at, { ...event, type: 0x00de_adbe }));
      assertGood(unknown, `event ${at}`);
      assert.deepEqual(logOf(unknown).claims.secureBoot, state);
      const blind = await asked(events.with(at, { ...event, type: 0x00de_adbe, data: JUNK }));
      const claim = logOf(blind).claims.secureBoot;
      assert.ok(claim === null || claim.enabled === state.enabled, `event ${at}`);
    }
  },
});
