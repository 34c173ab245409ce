import assert from "node:assert/strict";
import fc from "fast-check";
import {
  ascii,
  believeAll,
  type FakeEvent,
  fakeLog,
  grubBoot,
  section,
  secureBoot,
  separator,
  utf16,
  variableData,
  whole,
} from "../../../tests/fakes/event_log.ts";
import { readClaims } from "./claims.ts";
import type { Covered } from "./event_log.ts";
import { EVENT_TYPES } from "./event_types.ts";
import { remarkOn } from "./remarks.ts";
import { showLog } from "./show.ts";

const COVERED: readonly Covered[] = ["whole", "value", "text", "name", null];

/** Data of the kinds that are read, from which others are made by cutting, adding and changing bytes. */
const SEEDS: readonly Uint8Array[] = [
  new Uint8Array(4),
  variableData("global", "SecureBoot", Uint8Array.of(1)),
  variableData("imageSecurity", "dbx", new Uint8Array(80)),
  variableData("shim", "SbatLevel", ascii("sbat,1")),
  ascii("kernel_cmdline: /vmlinuz ro\0"),
  ascii("grub_cmd: linux /vmlinuz ro\0"),
  ascii("Exit Boot Services Returned with Success"),
  utf16(".linux\0"),
];

const data = fc.tuple(
  fc.constantFrom(...SEEDS),
  fc.uint8Array({ maxLength: 40 }),
  fc.nat(120),
  fc.nat(120),
).map(([seed, more, keep, at]) => {
  const bytes = new Uint8Array(Math.min(seed.length, keep) + more.length);
  bytes.set(seed.subarray(0, keep));
  bytes.set(more, Math.min(at, bytes.length - more.length));
  return bytes;
});

const event: fc.Arbitrary<FakeEvent> = fc.record({
  register: fc.constantFrom(0, 1, 2, 4, 5, 7, 8, 11, 12, 14),
  type: fc.constantFrom(...EVENT_TYPES.keys(), 0x1234),
  data,
  measured: data,
  covered: fc.constantFrom(...COVERED),
});

Deno.test("readClaims() and showLog() make something of any events", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(event, { maxLength: 12 }), async (events) => {
      const log = fakeLog([separator(4), separator(5), ...events, separator(7)]);
      const { found } = await readClaims(log, believeAll(log));
      assert.deepEqual(JSON.parse(JSON.stringify(found)), found, "claims are plain data");
      remarkOn(log);
      showLog(log);
    }),
    { numRuns: 200 },
  );
});

Deno.test("readClaims() chooses nothing of what is repeated hundreds of times", async () => {
  const repeated: readonly FakeEvent[] = [
    ...grubBoot("/vmlinuz " + "a ".repeat(100)),
    ...section(".linux", "kernel"),
    secureBoot(true),
    whole(7, 0x800000e0, variableData("shim", "Shim", new Uint8Array(200))),
    whole(12, 0x0d, utf16("a b a b\0")),
  ];
  const many = Array.from({ length: 500 }, () => repeated).flat();
  const log = fakeLog([...many, separator(7)], { banks: ["sha256"] });
  const { found } = await readClaims(log, believeAll(log));
  assert.deepEqual([found.commandLine, found.unifiedKernel, found.secureBoot], [null, null, null]);
});
