import assert from "node:assert/strict";
import {
  ascii,
  believeAll,
  type FakeEvent,
  fakeLog,
  opaque,
  secureBoot,
  separator,
  variableData,
  whole,
} from "../../../tests/fakes/event_log.ts";
import { readClaims } from "./claims.ts";
import type { Registers } from "./event_log.ts";
import type { RemarkKind } from "./remark.ts";
import type { SecureBootClaim } from "./secure_boot.ts";

/** What a log says of Secure Boot, and what is noticed. */
async function read(
  events: readonly FakeEvent[],
  registers: Registers = "pcr",
): Promise<readonly [SecureBootClaim | null, readonly RemarkKind[]]> {
  const log = fakeLog(events, { registers });
  const { found, remarks } = await readClaims(log, believeAll(log));
  return [found.secureBoot, remarks.map(({ kind }) => kind)];
}

function measured(value: Uint8Array, name = "SecureBoot"): FakeEvent {
  return whole(7, 0x80000001, variableData("global", name, value));
}

Deno.test("readSecureBoot() takes what the firmware measured before it handed over", async () => {
  for (const enabled of [true, false]) {
    assert.deepEqual(await read([secureBoot(enabled), separator(7)]), [{
      enabled,
      register: 7,
      events: [0],
      by: "firmware",
      handedOver: false,
      complete: true,
    }, []]);
  }
  const [unset] = await read([measured(new Uint8Array()), separator(7)]);
  assert.equal(unset?.enabled, false);
  const [td] = await read([secureBoot(true, 0), separator(0)], "rtmr");
  assert.deepEqual([td?.enabled, td?.register], [true, 0]);
});

Deno.test("LOG-03 readSecureBoot() claims nothing without a separator, or behind it", async () => {
  assert.deepEqual(await read([secureBoot(true)]), [null, []]);
  assert.deepEqual(await read([secureBoot(true), separator(4)]), [null, []]);
  const late = await read([separator(7), secureBoot(true), separator(7)]);
  assert.deepEqual(late, [null, []]);
  const failed = whole(7, 0x04, Uint8Array.of(1, 0, 0, 0));
  assert.deepEqual(await read([secureBoot(true), separator(7), failed]), [null, []]);
});

Deno.test("LOG-03 readSecureBoot() chooses neither of two measurements", async () => {
  const twice = [secureBoot(true), secureBoot(false), separator(7)];
  assert.deepEqual(await read(twice), [null, ["variable-repeated"]]);
  const later = await read([secureBoot(true), separator(7), secureBoot(false)]);
  assert.deepEqual([later[0]?.enabled, later[1]], [true, ["variable-changed"]]);
});

Deno.test("LOG-01 readSecureBoot() is not led by types, nor by data that nobody measured", async () => {
  const on = variableData("global", "SecureBoot", Uint8Array.of(1));
  // An off state that was hidden behind a type which is not hashed whole, and one made up behind it.
  const hidden = opaque(7, 0x0d, "what was SecureBoot = off");
  assert.deepEqual(await read([hidden, separator(7), whole(7, 0x80000001, on)]), [
    null,
    ["variable-changed"],
  ]);
  assert.deepEqual(await read([opaque(7, 0x80000001, "else", on), separator(7)]), [null, []]);
  const [retyped] = await read([whole(7, 0x0d, on), separator(7)]);
  assert.equal(retyped?.enabled, true);
  const [incomplete] = await read([secureBoot(true), hidden, separator(7)]);
  assert.equal(incomplete?.complete, false);
});

Deno.test("readSecureBoot() is about the one variable, with one byte of 0 or 1", async () => {
  const foreign = whole(7, 0x80000001, variableData("shim", "SecureBoot", Uint8Array.of(1)));
  assert.deepEqual(await read([foreign, separator(7)]), [null, []]);
  assert.deepEqual(await read([measured(Uint8Array.of(1), "SecureBoot\0"), separator(7)]), [
    null,
    [],
  ]);
  for (const value of [Uint8Array.of(2), Uint8Array.of(1, 0), ascii("on")]) {
    assert.deepEqual(await read([measured(value), separator(7)]), [null, ["variable-malformed"]]);
  }
});

Deno.test("readClaims() claims nothing of a register that no quote confirms", async () => {
  const log = fakeLog([secureBoot(true), separator(7), separator(4)]);
  const { found } = await readClaims(log, new Map([[4, ["sha256" as const]]]));
  assert.equal(found.secureBoot, null);
});
