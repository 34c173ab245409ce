import assert from "node:assert/strict";
import { application, fakeLog, note, opaque, separator } from "../../../tests/fakes/event_log.ts";
import { compareReplay, type QuotedRegister, type ReplayState } from "./compare.ts";
import type { Bank, EventLog } from "./event_log.ts";

const log = fakeLog([separator(0), separator(4), application(4, "shim"), opaque(17, 0x0d, "drtm")]);

function valueIn(of: EventLog, bank: Bank, register: number): string {
  return of.replay[bank]?.[String(register)] ?? "";
}

function quoted(bank: Bank, register: number, value = valueIn(log, bank, register)) {
  return { bank, register, value } as const;
}

function stateIn(of: EventLog, one: QuotedRegister, notInLog: readonly number[] = []): ReplayState {
  const [compared] = compareReplay(of, [one], notInLog).registers;
  assert.ok(compared);
  return compared.state;
}

Deno.test("compareReplay() believes registers that their events explain, or that have none, and no others", () => {
  const { registers, believed } = compareReplay(
    log,
    [
      quoted("sha256", 4),
      quoted("sha256", 0, "ab".repeat(32)),
      quoted("sha256", 9, "00".repeat(32)),
    ],
    [],
  );
  assert.deepEqual(registers.map(({ state }) => state), ["explained", "mismatch", "untouched"]);
  assert.deepEqual([...believed], [[4, ["sha256"]], [9, ["sha256"]]]);
});

Deno.test("compareReplay() compares hex of either case", () => {
  assert.equal(
    stateIn(log, quoted("sha256", 4, valueIn(log, "sha256", 4).toUpperCase())),
    "explained",
  );
});

Deno.test("compareReplay() never believes on the word of SHA-1", () => {
  const { registers, believed } = compareReplay(log, [quoted("sha1", 4)], []);
  assert.deepEqual(registers.map(({ state, counts }) => [state, counts]), [["explained", false]]);
  assert.equal(believed.size, 0);
});

Deno.test("compareReplay() believes a register only if every quoted bank explains it", () => {
  const three = fakeLog([application(4, "shim"), application(5, "x")], {
    banks: ["sha256", "sha384"],
  });
  const all = [
    quoted("sha256", 4, valueIn(three, "sha256", 4)),
    quoted("sha384", 4, "ab".repeat(48)),
    quoted("sha256", 5, valueIn(three, "sha256", 5)),
    quoted("sha384", 5, valueIn(three, "sha384", 5)),
  ];
  assert.deepEqual([...compareReplay(three, all, []).believed], [[5, ["sha256", "sha384"]]]);
  assert.equal(compareReplay(three, [...all, quoted("sha512", 5, "")], []).believed.size, 0);
});

Deno.test("LOG-04 compareReplay() believes no register that only a bank of its own explains", () => {
  // The firmware extends SHA-256 alone; whoever has root later extends SHA-384 at will.
  const forged = fakeLog([application(4, "shim"), separator(7)], { banks: ["sha256", "sha384"] });
  const split = [
    quoted("sha256", 4, valueIn(forged, "sha256", 4)),
    quoted("sha384", 7, valueIn(forged, "sha384", 7)),
    quoted("sha384", 9, "00".repeat(48)),
  ];
  const { registers, believed } = compareReplay(forged, split, []);
  assert.deepEqual(registers.map(({ state }) => state), ["explained", "explained", "untouched"]);
  assert.deepEqual([...believed], []);
});

Deno.test("compareReplay() says where the log has nothing of a quoted bank", () => {
  assert.equal(stateIn(log, quoted("sha384", 4, "ab".repeat(48))), "no-bank");
  assert.equal(stateIn(log, quoted("sha384", 9, "ab".repeat(48))), "no-bank");
  assert.equal(stateIn(log, quoted("sha384", 9, "00".repeat(48))), "untouched");
});

Deno.test("LOG-01 compareReplay() sees events that were made notes, since they then extend nothing", () => {
  const evil = [separator(4), application(4, "evil"), application(4, "shim")] as const;
  const value = valueIn(fakeLog(evil), "sha256", 4);
  const edited = fakeLog([evil[0], note(evil[1].data), evil[2]]);
  assert.equal(stateIn(fakeLog(evil), quoted("sha256", 4, value)), "explained");
  assert.equal(stateIn(edited, quoted("sha256", 4, value)), "mismatch");
});

Deno.test("LOG-04 compareReplay() knows how registers start: locality, and ones before a D-RTM launch", () => {
  const zeros = "00".repeat(32);
  const ones = "ff".repeat(32);
  const locality = `${"00".repeat(31)}03`;
  const quiet = fakeLog([separator(4)]);
  assert.equal(stateIn(quiet, quoted("sha256", 0, zeros)), "untouched");
  assert.equal(stateIn(quiet, quoted("sha256", 0, locality)), "unexplained");
  const third = fakeLog([separator(4)], { startupLocality: 3 });
  assert.equal(stateIn(third, quoted("sha256", 0, locality)), "untouched");
  assert.equal(stateIn(third, quoted("sha256", 0, zeros)), "unexplained");
  for (const register of [17, 18, 22]) {
    assert.equal(stateIn(quiet, quoted("sha256", register, ones)), "untouched");
    assert.equal(stateIn(quiet, quoted("sha256", register, zeros)), "unexplained");
  }
  for (const register of [16, 23]) {
    assert.equal(stateIn(quiet, quoted("sha256", register, zeros)), "untouched");
    assert.equal(stateIn(quiet, quoted("sha256", register, ones)), "unexplained");
  }
  assert.equal(stateIn(log, quoted("sha256", 18, zeros)), "untouched");
  assert.equal(stateIn(log, quoted("sha256", 18, ones)), "unexplained");
});

Deno.test("LOG-07 compareReplay() counts the registers of a TD from 0, and holds them apart", () => {
  const td = fakeLog([opaque(2, 0x0d, "kernel")], { registers: "rtmr" });
  const value = valueIn(td, "sha384", 2);
  const states = [0, 1, 2, 3].map((register) => stateIn(td, quoted("sha384", register, value)));
  assert.deepEqual(states, ["unexplained", "unexplained", "explained", "unexplained"]);
  // What is measured at run time stands in no log of the firmware.
  assert.equal(stateIn(td, quoted("sha384", 3, "00".repeat(48))), "untouched");
  assert.equal(stateIn(td, quoted("sha384", 3, "ab".repeat(48)), [3]), "not-in-log");
});

Deno.test("compareReplay() excuses registers that run on, and believes nothing of them", () => {
  const value = "ab".repeat(32);
  const { registers, believed } = compareReplay(log, [quoted("sha256", 4, value)], [4]);
  assert.deepEqual(registers.map(({ state }) => state), ["not-in-log"]);
  assert.equal(believed.size, 0);
  assert.equal(stateIn(log, quoted("sha256", 4), [4]), "explained");
});
