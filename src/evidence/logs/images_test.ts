import assert from "node:assert/strict";
import {
  action,
  application,
  ascii,
  believeAll,
  type FakeEvent,
  fakeLog,
  hashed,
  opaque,
  separator,
  whole,
} from "../../../tests/fakes/event_log.ts";
import { concat, fromHex } from "../../core/bytes.ts";
import { readClaims } from "./claims.ts";
import type { Registers } from "./event_log.ts";
import type { ImageClaim } from "./images.ts";

const CALLING = action(4, "Calling EFI Application from Boot Option");

async function images(
  events: readonly FakeEvent[],
  registers: Registers = "pcr",
): Promise<
  { readonly drivers: readonly ImageClaim[]; readonly applications: readonly ImageClaim[] }
> {
  const log = fakeLog(events, { registers });
  return (await readClaims(log, believeAll(log))).found;
}

function digestOf(name: string): string {
  return hashed("sha256", ascii(name));
}

async function booted(events: readonly FakeEvent[]): Promise<readonly (string | undefined)[]> {
  return (await images(events)).applications.map(({ digests }) => digests.sha256);
}

Deno.test("readImages() lists what was booted, in order, with who measured it", async () => {
  const log = [CALLING, separator(4), application(4, "shim"), application(4, "grub")];
  const { applications } = await images(log);
  assert.deepEqual(
    applications.map(({ digests, by, events, handedOver }) => [digests, by, events, handedOver]),
    [
      [{ sha256: digestOf("shim") }, "firmware", [2], true],
      [{ sha256: digestOf("grub") }, "boot loader", [3], true],
    ],
  );
  // Not all firmware says what it is about to do (LOG-03).
  assert.deepEqual(await booted(log.slice(1)), [digestOf("shim"), digestOf("grub")]);
});

Deno.test("readImages() tells no digest of a bank that no quote confirms", async () => {
  const log = fakeLog([separator(4), application(4, "shim")], { banks: ["sha256", "sha384"] });
  const { found } = await readClaims(log, new Map([[4, ["sha384" as const]]]));
  assert.deepEqual(found.applications.map(({ digests }) => digests), [{
    sha384: hashed("sha384", ascii("shim")),
  }]);
});

Deno.test("LOG-01 readImages() lists an image that was given another type", async () => {
  for (const type of [0x04, 0x0d, 0x80000007, 0x12345678]) {
    const evil = { ...application(4, "evil"), type };
    const log = [separator(4), evil, application(4, "shim")];
    assert.deepEqual(await booted(log), [digestOf("evil"), digestOf("shim")], String(type));
  }
});

Deno.test("LOG-01 readImages() lists an image that was logged whole, as if it were data", async () => {
  const image = concat(ascii("MZ"), new Uint8Array(600), ascii("evil"));
  const log = [separator(4), whole(4, 0x80000007, image)];
  assert.deepEqual(await booted(log), [hashed("sha256", image)]);
  const long = whole(4, 0x80000007, ascii("text ".repeat(100)));
  assert.equal((await booted([separator(4), long])).length, 1);
});

Deno.test("readImages() passes by partition tables and actions, which are no code", async () => {
  const table = whole(4, 0x80000006, concat(fromHex("4546492050415254"), new Uint8Array(100)));
  assert.deepEqual(await booted([separator(4), table, CALLING]), []);
});

Deno.test("LOG-03 readImages() lists nothing behind a second separator, nor without one", async () => {
  assert.deepEqual(await booted([application(4, "shim")]), []);
  assert.deepEqual(await booted([separator(4), application(4, "shim"), separator(4)]), []);
  const early = [application(4, "before"), separator(4), separator(4), application(4, "shim")];
  assert.deepEqual(await booted(early), [digestOf("before")]);
});

Deno.test("readImages() finds drivers where the firmware measures them", async () => {
  const pcr = await images([opaque(2, 0x80000004, "driver"), separator(2), separator(4)]);
  assert.deepEqual(pcr.drivers.map(({ digests, statedType }) => [digests.sha256, statedType]), [
    [digestOf("driver"), "EV_EFI_BOOT_SERVICES_DRIVER"],
  ]);
  const td = await images(
    [opaque(1, 0x80000004, "driver"), separator(1), application(1, "shim")],
    "rtmr",
  );
  assert.deepEqual([td.drivers.length, td.applications.length], [1, 1]);
  assert.equal(td.applications[0]?.digests.sha384, hashed("sha384", ascii("shim")));
});
