/**
 * Registers that do not start at zero: PCR 0 by locality, PCR 17 to 22 by a dynamic launch.
 *
 * @module
 */

import assert from "node:assert/strict";
import { InputError, type Result } from "../../../mod.ts";
import {
  type LabEvent,
  type MintedTpm,
  startupLocality,
  wholeEvent,
  writeAgileLog,
} from "../../../src/lab/mod.ts";
import { asFile, ask, assertCode, assertGood, logOf, mint, straight } from "./attack.ts";

const BANKS = ["sha1", "sha256", "sha384"] as const;

async function asked(minted: MintedTpm, events: readonly LabEvent[]): Promise<Result> {
  return await ask(minted, { files: { eventLog: await writeAgileLog(events, BANKS) } });
}

Deno.test("LOG-04 PCR 0 starts with the locality that the log states, and with no other", async () => {
  for (const locality of [0, 3, 4]) {
    for (const log of ["tcg-2", "cel-tlv", "cel-json"] as const) {
      const stated = await mint({ boot: { locality }, log });
      const result = await ask(stated);
      assertGood(result, `${locality} in ${log}`);
      assert.equal(logOf(result).startupLocality, locality);
    }
    const minted = await mint({ boot: { locality } });
    const [, ...rest] = minted.events;
    for (const other of [0, 3, 4].filter((one) => one !== locality)) {
      const lie = await asked(minted, [startupLocality(other), ...rest]);
      assertCode(lie, "logs.replay_mismatch", `${other} for ${locality}`);
    }
    const silent = await asked(minted, rest);
    if (locality === 0) assertGood(silent, "not stated");
    else assertCode(silent, "logs.replay_mismatch", `${locality} is not stated`);
  }
});

Deno.test("LOG-04 a locality is stated once, in time, and is one that there is", async () => {
  const { events } = straight;
  for (const locality of [1, 2, 5, 255]) {
    assertCode(await asked(straight, [startupLocality(locality), ...events]), "logs.locality");
  }
  const three = startupLocality(3);
  assertCode(await asked(straight, [three, three, ...events]), "logs.locality", "twice");
  assertCode(await asked(straight, [...events, startupLocality(0)]), "logs.locality", "late");
  const [first, ...rest] = events;
  assert.equal(first?.register, 0);
  const late = [first, startupLocality(0), ...rest];
  assertCode(await asked(straight, late), "logs.locality", "behind PCR 0");
});

Deno.test("LOG-04 what only looks like a locality moves no register", async () => {
  const { events } = straight;
  const notes = [
    "StartupLocality\u0000",
    "StartupLocality\u0000\u0003\u0000",
    "startupLocality\u0000\u0003",
  ];
  for (const note of notes) {
    const event = { ...startupLocality(3), data: asFile(note) };
    const result = await asked(straight, [event, ...events]);
    assertGood(result, note);
    assert.equal(logOf(result).startupLocality, null);
  }
  // Extended as an event of another type it is an event like others.
  const typed = await mint({
    bends: { events: (all) => [{ ...startupLocality(3), type: 0xd, hashed: asFile("x") }, ...all] },
  });
  assert.equal(logOf(await ask(typed)).startupLocality, null);
});

/** Firmware's registers, and those of a dynamic launch. */
const DYNAMIC = [{
  bank: "sha256",
  registers: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 17, 18, 22],
}] as const;

/** What became of a register. */
function stateOf(result: Result, register: number): string | undefined {
  return logOf(result).registers.find((one) => one.register === register)?.state;
}

Deno.test("LOG-04 registers of a dynamic launch hold ones until there was one", async () => {
  const minted = await mint({ selection: DYNAMIC });
  const result = await ask(minted);
  assertGood(result);
  assert.deepEqual(
    [17, 18, 22].map((register) => stateOf(result, register)),
    Array(3).fill("untouched"),
  );
  // A log that tells of a launch where there was none, from whatever value.
  const launch = wholeEvent(17, 0xd, asFile("launched code"));
  assertCode(await asked(minted, [...minted.events, launch]), "logs.replay_mismatch");
});

Deno.test("LOG-04 a launch starts from zeros, and one that the log keeps silent about explains nothing", async () => {
  const launch = wholeEvent(17, 0xd, asFile("launched code"));
  const launched = await mint({
    selection: DYNAMIC,
    bends: { events: (events) => [...events, launch] },
  });
  const result = await ask(launched);
  assertGood(result);
  assert.equal(stateOf(result, 17), "explained");
  // The lab's TPM left PCR 18 as if there had been no launch: that the log does not explain.
  assert.equal(stateOf(result, 18), "unexplained");
  const silent = await asked(launched, launched.events.slice(0, -1));
  assert.equal(stateOf(silent, 17), "unexplained");
  const [aside] = silent.findings.filter(({ id }) => id === "logs.unmentioned");
  assert.deepEqual([aside?.kind, aside?.actual], ["unchecked", "PCR 17 (sha256)"]);
});

Deno.test("LOG-04 a register that nothing was measured into says nothing of what runs", async () => {
  const minted = await mint({ selection: DYNAMIC });
  for (const value of ["ff".repeat(32), "00".repeat(32)]) {
    const section = { whatRuns: [17], registers: { sha256: { "17": [value] } } };
    await assert.rejects(
      ask(minted, { section }),
      (error) => error instanceof InputError && error.code === "policy.value",
    );
  }
});
