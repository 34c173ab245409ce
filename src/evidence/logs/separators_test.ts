import assert from "node:assert/strict";
import { fakeLog, opaque, secureBoot, separator, whole } from "../../../tests/fakes/event_log.ts";
import type { EventLog } from "./event_log.ts";
import { remarkOn } from "./remarks.ts";
import { findSeparators, type SeparatorState, stateOf } from "./separators.ts";

const ONES = new Uint8Array(4).fill(0xff);
const ERROR = Uint8Array.of(1, 0, 0, 0);

function states(log: EventLog): Readonly<Record<number, SeparatorState>> {
  return Object.fromEntries(findSeparators(log).map((one) => [one.register, stateOf(one)]));
}

Deno.test("findSeparators() looks at the registers that the firmware ends, and no others", () => {
  assert.deepEqual(Object.keys(states(fakeLog([]))), ["0", "1", "2", "3", "4", "5", "6", "7"]);
  assert.deepEqual(Object.keys(states(fakeLog([], { registers: "rtmr" }))), ["0", "1"]);
  const log = fakeLog([separator(7), separator(9), whole(4, 0x04, ONES)]);
  assert.deepEqual(findSeparators(log).filter(({ first }) => first !== null), [
    { register: 4, first: 2, repeated: [], errors: [] },
    { register: 7, first: 0, repeated: [], errors: [] },
  ]);
});

Deno.test("LOG-01 findSeparators() knows a separator by its digest, whatever type it was given", () => {
  for (const type of [0x04, 0x0d, 0x80000001, 0x12345678]) {
    const log = fakeLog([whole(7, type, new Uint8Array(4)), separator(7)]);
    assert.deepEqual(findSeparators(log)[7], { register: 7, first: 0, repeated: [1], errors: [] });
  }
  const log = fakeLog([opaque(7, 0x04, "no separator")]);
  assert.equal(states(log)[7], "missing");
  assert.ok(remarkOn(log).some(({ kind, event }) => kind === "separator-digest" && event === 0));
});

Deno.test("LOG-01 findSeparators() is not led past a separator by another bank's digest", () => {
  for (const bank of ["sha1", "sha256"] as const) {
    const other = { [bank]: "ee".repeat(bank === "sha1" ? 20 : 32) };
    const log = fakeLog([separator(7), secureBoot(true), separator(7)], { digests: { 0: other } });
    assert.equal(findSeparators(log)[7]?.first, 0, bank);
  }
});

Deno.test("LOG-03 findSeparators() tells a missing, a repeated and a failed hand-over apart", () => {
  const log = fakeLog([
    separator(4),
    separator(5),
    whole(5, 0x04, ONES),
    whole(6, 0x04, ERROR),
    separator(6),
  ]);
  const { 3: missing, 4: one, 5: repeated, 6: error } = states(log);
  assert.deepEqual([missing, one, repeated, error], ["missing", "one", "repeated", "error"]);
});

Deno.test("findSeparators() takes no boot order of 0001, 0000 for an error of the firmware", () => {
  const order = (register: number) => ({
    ...whole(register, 0x80000002, ERROR),
    covered: "value" as const,
  });
  assert.equal(states(fakeLog([order(1), separator(1)]))[1], "one");
  assert.equal(states(fakeLog([order(7), separator(7)]))[7], "error");
  const td = { registers: "rtmr" } as const;
  assert.equal(states(fakeLog([separator(0), order(0)], td))[0], "one");
  assert.equal(states(fakeLog([order(0), separator(0)], td))[0], "error");
});
