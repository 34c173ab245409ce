/**
 * Numbers of registers, and the order of events.
 *
 * @module
 */

import assert from "node:assert/strict";
import { RejectedError, type Result } from "../../../mod.ts";
import { inlineEngine } from "../../../src/core/crypto_inline.ts";
import { toHex } from "../../../src/core/bytes.ts";
import { compareReplay, readEventLog } from "../../../src/evidence/logs/mod.ts";
import {
  EVENT_TYPES,
  inTrustDomain,
  type LabEvent,
  type LabSelection,
  wholeEvent,
  writeAgileLog,
  writeCcel,
  writeCelJson,
  writeCelTlv,
} from "../../../src/lab/mod.ts";
import { realEntry } from "../../corpus.ts";
import { asFile, ask, assertAttacks, assertCode, assertGood, logOf, straight } from "./attack.ts";
import { overReal } from "./real.ts";

const BANKS = ["sha1", "sha256", "sha384"] as const;

async function asked(events: readonly LabEvent[]): Promise<Result> {
  return await ask(straight, { files: { eventLog: await writeAgileLog(events, BANKS) } });
}

Deno.test("LOG-07 registers of a TPM are counted from 0: a log that counts from 1 leads elsewhere", async () => {
  const shifted = straight.events.map((event) => ({ ...event, register: event.register + 1 }));
  assertCode(await asked(shifted), "logs.replay_mismatch", "from 1");
  for (const register of [24, 25, 255, 0x100, 0xffff_ffff]) {
    const event = wholeEvent(register, EVENT_TYPES.ipl, asFile("x"));
    assertCode(await asked([...straight.events, event]), "logs.register", String(register));
  }
  // What extends nothing may name any.
  const note = { ...wholeEvent(0xffff_ffff, EVENT_TYPES.noAction, asFile("x")), hashed: null };
  assertGood(await asked([...straight.events, note]), "a note");
});

Deno.test("LOG-07 bit 0 of a quote's first byte is PCR 0", async () => {
  await assertAttacks([
    [
      "one register further",
      { attest: (quote) => ({ ...quote, selections: moved(quote.selections, 1) }) },
      "tpm.pcr_missing",
    ],
    [
      "bytes in the other order",
      { attest: (quote) => ({ ...quote, selections: moved(quote.selections, 0, true) }) },
      "tpm.pcr_missing",
    ],
  ]);
});

function moved(
  selections: readonly LabSelection[],
  by: number,
  turned = false,
): readonly LabSelection[] {
  return selections.map(({ bank, registers }) => ({
    bank,
    registers: registers.map((register) =>
      turned ? (2 - (register >> 3)) * 8 + (register & 7) : register + by
    ),
  }));
}

Deno.test("LOG-07 the log of a trust domain is none of a TPM, nor the other way round", async () => {
  const ccel = await writeCcel(inTrustDomain(straight.events));
  const result = await ask(straight, { files: { eventLog: ccel } });
  assert.ok(result.verdict === "rejected");
  const text = new TextDecoder().decode(await writeCelJson(straight.events, BANKS));
  const mr = asFile(text.replaceAll('"pcr":', '"ccmr":'));
  assertCode(await ask(straight, { files: { eventLog: mr } }), "logs.register", "JSON");
  const tlv = await writeCelTlv(straight.events, BANKS);
  tlv[13] = 108;
  assertCode(await ask(straight, { files: { eventLog: tlv } }), "logs.register", "TLV");
  await assert.rejects(
    readEventLog(inlineEngine, straight.eventLog, "rtmr"),
    (error) => error instanceof RejectedError && error.code === "logs.header",
  );
});

Deno.test("LOG-07 a trust domain's log counts from 1: index 1 is RTMR 0, 4 is RTMR 3, and there are no others", async () => {
  const event = (register: number): LabEvent =>
    wholeEvent(register, EVENT_TYPES.ipl, asFile(`${register}`));
  const log = await readEventLog(inlineEngine, await writeCcel([1, 2, 3, 4].map(event)), "rtmr");
  assert.deepEqual(log.events.map(({ register }) => register), [0, 1, 2, 3]);
  assert.deepEqual(Object.keys(log.replay.sha384 ?? {}), ["0", "1", "2", "3"]);
  for (const index of [0, 5, 0xffff_ffff]) {
    await assert.rejects(
      readEventLog(inlineEngine, await writeCcel([event(1), event(index)]), "rtmr"),
      (error) => error instanceof RejectedError && error.code === "logs.register",
    );
  }
});

Deno.test({
  ...overReal(
    "LOG-07 a real trust domain's log explains the registers of its quote, and not their neighbours",
  ),
  fn: async () => {
    const { ccel, quote } = realEntry("gcp/tdx-cos113-ccel").input.files;
    assert.ok(ccel && quote);
    const log = await readEventLog(inlineEngine, ccel, "rtmr");
    // Header, then RTMR 0 at 328 of the report.
    const value = (n: number): string =>
      toHex(quote.subarray(48 + 328 + 48 * n, 48 + 328 + 48 * (n + 1)));
    const states = (shift: number): readonly string[] =>
      compareReplay(
        log,
        [0, 1, 2, 3].map((register) => ({
          bank: "sha384",
          register,
          value: value((register + shift) % 4),
        })),
        [],
      ).registers.map(({ state }) => state);
    assert.deepEqual(states(0), ["explained", "explained", "explained", "untouched"]);
    for (const shift of [1, 2, 3]) assert.ok(!states(shift).includes("explained"), `${shift}`);
  },
});

Deno.test("LOG-08 two events of one register in each other's place lead elsewhere", async () => {
  const { events } = straight;
  let pairs = 0;
  for (const [at, event] of events.entries()) {
    const next = events.findIndex((other, i) => i > at && other.register === event.register);
    const other = events[next];
    if (
      other === undefined || toHex(other.hashed ?? asFile("")) === toHex(event.hashed ?? asFile(""))
    ) continue;
    pairs++;
    const swapped = events.with(at, other).with(next, event);
    assertCode(await asked(swapped), "logs.replay_mismatch", `${at} and ${next}`);
  }
  assert.ok(pairs >= 20, `${pairs} pairs`);
});

Deno.test("LOG-08 which registers were extended first is nobody's word, and changes no claim", async () => {
  const { events } = straight;
  const sorted = events.toSorted((a, b) => b.register - a.register);
  assert.notDeepEqual(sorted, events);
  const result = await asked(sorted);
  assertGood(result);
  const { secureBoot, unifiedKernel, commandLine } = logOf(result).claims;
  assert.deepEqual([secureBoot?.enabled, unifiedKernel?.complete, commandLine], [true, true, null]);
});

Deno.test("LOG-08 records are numbered as they stand, and numbers do not mend their order", async () => {
  const [first, second, ...rest] = straight.events;
  assert.ok(first && second && first.register === second.register);
  for (const write of [writeCelTlv, writeCelJson]) {
    const turned = await write([second, first, ...rest], BANKS);
    assertCode(await ask(straight, { files: { eventLog: turned } }), "logs.replay_mismatch");
  }
  const records: unknown = JSON.parse(
    new TextDecoder().decode(await writeCelJson(straight.events, BANKS)),
  );
  assert.ok(Array.isArray(records));
  const file = (list: readonly unknown[]): Uint8Array => asFile(JSON.stringify(list));
  const swapped = [records[1], records[0], ...records.slice(2)];
  const cases: readonly (readonly [string, readonly unknown[]])[] = [
    ["the second first", swapped],
    ["one missing", records.toSpliced(5, 1)],
    ["one twice", records.toSpliced(5, 0, records[5])],
    ["all from 1", records.map((record, at) => ({ ...record, recnum: at + 1 }))],
    ["one without a number", records.with(3, { ...records[3], recnum: undefined })],
  ];
  for (const [what, list] of cases) {
    assertCode(
      await ask(straight, { files: { eventLog: file(list) } }),
      "logs.record_number",
      what,
    );
  }
});
