import assert from "node:assert/strict";
import {
  ascii,
  believeAll,
  type FakeEvent,
  fakeLog,
  hashed,
  opaque,
  section,
  whole,
} from "../../../tests/fakes/event_log.ts";
import { readClaims } from "./claims.ts";
import type { Registers } from "./event_log.ts";
import type { UnifiedKernelClaim } from "./unified_kernel.ts";

async function read(
  events: readonly FakeEvent[],
  registers: Registers = "pcr",
): Promise<readonly [UnifiedKernelClaim | null, readonly string[]]> {
  const log = fakeLog(events, { registers });
  const { found, remarks } = await readClaims(log, believeAll(log));
  return [found.unifiedKernel, remarks.map(({ kind }) => kind)];
}

const linux = section(".linux", "kernel");
const cmdline = section(".cmdline", "quiet");
const initrd = section(".initrd", "initrd");
const phase = whole(11, 0x0d, ascii("enter-initrd"));

Deno.test("readUnifiedKernel() takes a digest for that of the section whose name stands before it", async () => {
  const [claim, remarks] = await read([...linux, ...cmdline, ...initrd, phase]);
  assert.deepEqual(claim?.sections, [
    { name: ".linux", digests: { sha256: hashed("sha256", ascii("kernel")) }, events: [0, 1] },
    { name: ".cmdline", digests: { sha256: hashed("sha256", ascii("quiet")) }, events: [2, 3] },
    { name: ".initrd", digests: { sha256: hashed("sha256", ascii("initrd")) }, events: [4, 5] },
  ]);
  assert.deepEqual([claim?.register, claim?.by, claim?.complete, remarks], [11, "stub", true, []]);
});

Deno.test("LOG-09 readUnifiedKernel() believes no section where one is repeated or out of order", async () => {
  const evil = section(".cmdline", "init=/bin/sh");
  const cases: readonly (readonly FakeEvent[])[] = [
    [...linux, ...cmdline, ...evil],
    [...linux, ...initrd, ...cmdline],
    [...linux, ...cmdline, phase, ...section(".pcrpkey", "key")],
    [...linux, ...cmdline.slice(0, 1)],
    [...linux, ...cmdline.slice(0, 1), ...initrd],
  ];
  for (const events of cases) assert.deepEqual(await read(events), [null, ["sections-ambiguous"]]);
});

Deno.test("LOG-01 readUnifiedKernel() is not led past a section whose name was hidden", async () => {
  const hidden = cmdline.map((event) => opaque(11, 0x0d, "hidden", event.data));
  const behind = await read([...linux, ...hidden, ...initrd]);
  assert.deepEqual(behind, [null, ["sections-ambiguous"]]);
  const [before] = await read([...hidden, ...linux]);
  assert.equal(before?.complete, false);
});

Deno.test("LOG-01 readUnifiedKernel() is not complete beside a section that was logged in another form", async () => {
  const name = ascii(".cmdline\0");
  const grubby: FakeEvent = { ...whole(11, 0x0d, name), data: ascii("grub_cmd .cmdline\0") };
  const forms: readonly FakeEvent[] = [
    whole(11, 0x0d, name),
    { ...grubby, covered: "text" },
    { ...whole(11, 0x8000_0002, name), covered: "value" },
  ];
  for (const form of forms) {
    const [claim] = await read([...linux, form, whole(11, 0x0d, ascii("quiet"))]);
    assert.deepEqual(claim?.sections.map(({ name }) => name), [".linux"]);
    assert.equal(claim?.complete, false);
  }
});

Deno.test("readUnifiedKernel() knows names of sections, and no others", async () => {
  assert.deepEqual(await read(section(".text", "code")), [null, []]);
  assert.deepEqual(await read([phase]), [null, []]);
});

Deno.test("readUnifiedKernel() finds the sections of a TD among what else its register takes", async () => {
  const td = [...section(".linux", "kernel", 2), ...section(".sbat", "sbat", 2)];
  const [claim] = await read([opaque(2, 0x0d, "MokList"), ...td], "rtmr");
  assert.deepEqual(claim?.sections.map(({ name }) => name), [".linux", ".sbat"]);
  assert.deepEqual([claim?.register, claim?.complete], [2, false]);
});
