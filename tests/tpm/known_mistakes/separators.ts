/**
 * Where the firmware handed over.
 *
 * @module
 */

import assert from "node:assert/strict";
import { EVENT_TYPES, type LabEvent, type MintedTpm, wholeEvent } from "../../../src/lab/mod.ts";
import { variableData } from "../../../src/lab/tpm/uefi.ts";
import { asFile, ask, assertCode, assertGood, logOf, mint, straight } from "./attack.ts";

const ZEROS = new Uint8Array(4);
const ONES = new Uint8Array(4).fill(0xff);
const ERROR = Uint8Array.of(1, 0, 0, 0);

const separator = (register: number, data = ZEROS): LabEvent =>
  wholeEvent(register, EVENT_TYPES.separator, data);

const isSeparator = (register: number) => (event: LabEvent): boolean =>
  event.register === register && event.type === EVENT_TYPES.separator;

const isStateOf = ({ register, data }: LabEvent): boolean =>
  register === 7 && data.length === STATE.length && data[0] === STATE[0];

const STATE = variableData("SecureBoot", Uint8Array.of(1));

/** A boot that was measured otherwise: registers and log agree. */
const booted = (events: (events: readonly LabEvent[]) => readonly LabEvent[]): Promise<MintedTpm> =>
  mint({ bends: { events } });

Deno.test("LOG-03 without a separator nothing is the firmware's word", async () => {
  const minted = await booted((events) => events.filter((event) => !isSeparator(7)(event)));
  const result = await ask(minted);
  assertCode(result, "logs.separator_missing");
  const { secureBoot, signatureDatabases, authorities } = logOf(result).claims;
  assert.deepEqual([secureBoot, signatureDatabases, authorities], [null, [], []]);
  const open = await ask(minted, { section: { eventLog: "any" } });
  assertCode(open, "tpm.secure_boot_unknown", "where the log is not demanded");
});

Deno.test("LOG-03 a register without its separator is named, each of them", async () => {
  for (let register = 0; register < 8; register++) {
    const without = await booted((events) =>
      events.filter((event) => !isSeparator(register)(event))
    );
    const result = await ask(without);
    assertCode(result, "logs.separator_missing", `PCR ${register}`);
    const [finding] = result.findings.filter(({ id }) => id === "logs.separators");
    assert.equal(finding?.actual, `missing in PCR ${register}`);
  }
});

Deno.test("LOG-03 a second separator is a finding, and nothing is read behind the first", async () => {
  for (const data of [ZEROS, ONES]) {
    for (const type of [EVENT_TYPES.separator, EVENT_TYPES.ipl]) {
      const again = wholeEvent(4, type, data);
      const result = await ask(await booted((events) => [...events, again]));
      assertCode(result, "logs.separator_repeated");
      assert.deepEqual(logOf(result).claims.applications, []);
    }
  }
});

Deno.test("LOG-03 a separator before its time leaves the firmware without a word", async () => {
  const minted = await booted((events) => {
    const at = events.findIndex(({ register }) => register === 7);
    const rest = events.filter((event) => !isSeparator(7)(event));
    return rest.toSpliced(at, 0, separator(7));
  });
  const result = await ask(minted);
  assertCode(result, "tpm.secure_boot_unknown");
  assert.equal(logOf(result).claims.secureBoot, null);
  assert.deepEqual(logOf(result).claims.signatureDatabases, []);
});

Deno.test("LOG-03 a separator of another value is none, and that of an error ends all", async () => {
  for (
    const data of [Uint8Array.of(2, 0, 0, 0), new Uint8Array(5), new Uint8Array(3), asFile("end.")]
  ) {
    const other = await booted((events) =>
      events.map((event) => isSeparator(7)(event) ? separator(7, data) : event)
    );
    assertCode(await ask(other), "logs.separator_missing", data.join());
  }
  const failed = await booted((events) =>
    events.map((event) => isSeparator(7)(event) ? separator(7, ERROR) : event)
  );
  const result = await ask(failed);
  assertCode(result, "logs.separator_error");
  assert.equal(logOf(result).claims.secureBoot, null);
  const later = await ask(await booted((events) => [...events, separator(4, ERROR)]));
  assertCode(later, "logs.separator_error", "behind the first");
  assert.deepEqual(logOf(later).claims.applications, []);
  const ones = await booted((events) =>
    events.map((event) => isSeparator(7)(event) ? separator(7, ONES) : event)
  );
  assertGood(await ask(ones), "of ones");
});

Deno.test("LOG-03 of two states of Secure Boot none is chosen, whichever comes first", async () => {
  const state = (on: number): LabEvent =>
    wholeEvent(
      7,
      EVENT_TYPES.efiVariableDriverConfig,
      variableData("SecureBoot", Uint8Array.of(on)),
    );
  for (const pair of [[0, 1], [1, 0], [1, 1]] as const) {
    const minted = await booted((events) =>
      events.flatMap((event) => isStateOf(event) ? pair.map(state) : [event])
    );
    const result = await ask(minted);
    assertCode(result, "tpm.secure_boot_unknown", pair.join());
    assert.ok(logOf(result).remarks.some(({ kind }) => kind === "variable-repeated"));
  }
  const off = await booted((events) => events.map((event) => isStateOf(event) ? state(0) : event));
  assertCode(await ask(off), "tpm.secure_boot_off");
  for (const value of [[], [2], [1, 0], [0, 1]]) {
    const data = variableData("SecureBoot", Uint8Array.from(value));
    const odd = await booted((events) =>
      events.map((event) => isStateOf(event) ? { ...event, data, hashed: data } : event)
    );
    const code = value.length === 0 ? "tpm.secure_boot_off" : "tpm.secure_boot_unknown";
    assertCode(await ask(odd), code, `value ${value.join()}`);
  }
});

Deno.test("LOG-03 firmware that does not say what it calls is as good as any", async () => {
  const silent = await booted((events) =>
    events.filter(({ register, type }) => register !== 4 || type !== EVENT_TYPES.efiAction)
  );
  const result = await ask(silent);
  assertGood(result);
  const { applications } = logOf(await ask(straight)).claims;
  assert.deepEqual(
    logOf(result).claims.applications.map(({ digests }) => digests),
    applications.map(({ digests }) => digests),
  );
});
