import assert from "node:assert/strict";
import {
  ascii,
  believeAll,
  type FakeEvent,
  fakeLog,
  grub,
  grubBoot,
  opaque,
  section,
  utf16,
  whole,
} from "../../../tests/fakes/event_log.ts";
import { readClaims } from "./claims.ts";
import { type CommandLineClaim, repeatedParameters } from "./command_line.ts";
import type { Registers } from "./event_log.ts";

async function read(
  events: readonly FakeEvent[],
  registers: Registers = "pcr",
): Promise<readonly [CommandLineClaim | null, readonly string[]]> {
  const log = fakeLog(events, { registers });
  const { found, remarks } = await readClaims(log, believeAll(log));
  return [found.commandLine, remarks.map(({ kind }) => kind)];
}

const LINE = "/vmlinuz root=/dev/vda1 ro";
const wide = (text: string, register = 12): FakeEvent => whole(register, 0x0d, utf16(`${text}\0`));

Deno.test("readCommandLine() takes the line of the command that boots the kernel", async () => {
  const events = [grub("grub_cmd: ", "set root=hd0"), ...grubBoot(LINE)];
  assert.deepEqual(await read(events), [{
    text: LINE,
    repeated: [],
    register: 8,
    events: [1, 3],
    by: "boot loader",
    handedOver: true,
    complete: true,
  }, []]);
});

Deno.test("LOG-06 readCommandLine() reads each way in which GRUB writes", async () => {
  const nul = (prefix: string, text: string): FakeEvent => ({
    register: 8,
    type: 0x0d,
    data: ascii(`${prefix}${text}\0`),
    measured: ascii(`${text}\0`),
    covered: "text",
  });
  for (
    const [command, line] of [
      [grub("grub_cmd: ", `linux ${LINE}`), grub("kernel_cmdline: ", LINE)],
      [grub("grub_cmd ", `linux ${LINE}`), grub("kernel_cmdline ", LINE)],
      [nul("grub_cmd ", `linux ${LINE}`), grub("grub_kernel_cmdline ", LINE)],
      [whole(8, 0x0d, ascii(`linuxefi ${LINE}`)), whole(8, 0x0d, ascii(LINE))],
    ] as const
  ) {
    const [claim, remarks] = await read([command, line]);
    assert.deepEqual([claim?.text, remarks], [LINE, []]);
  }
  // GRUB quotes arguments with blanks, and escapes quotes, when it makes the line.
  const command = grub("grub_cmd: ", `linux /vmlinuz dm=1 vroot none a\\b`);
  const line = grub("kernel_cmdline: ", `/vmlinuz "dm=1 vroot none" a\\\\b`);
  assert.equal((await read([command, line]))[0]?.text, `/vmlinuz "dm=1 vroot none" a\\\\b`);
});

Deno.test("LOG-01 readCommandLine() does not go by prefixes, which nobody measured", async () => {
  const [evil, , evilLine] = grubBoot("/vmlinuz init=/bin/sh");
  assert.ok(evil && evilLine);
  // The line that counted is given the prefix of a command, and a better one is extended later.
  const hidden = { ...evilLine, data: ascii("grub_cmd: /vmlinuz init=/bin/sh\0") };
  const forged = [evil, hidden, ...grubBoot(LINE)];
  assert.deepEqual(await read(forged), [null, ["command-line-ambiguous"]]);
  const alone = [evil, hidden, grub("kernel_cmdline: ", LINE)];
  assert.deepEqual(await read(alone), [null, ["command-line-unmatched"]]);
});

Deno.test("LOG-01 readCommandLine() says where something in its register is not accounted for", async () => {
  const [claim] = await read([opaque(8, 0x0d, "what was a command"), ...grubBoot(LINE)]);
  assert.equal(claim?.complete, false);
  const [td] = await read(grubBoot(LINE, 2), "rtmr");
  assert.deepEqual([td?.text, td?.register, td?.complete], [LINE, 2, false]);
});

Deno.test("LOG-01 readCommandLine() says where another could stand in a register that is not known", async () => {
  const log = fakeLog([wide("ro quiet")]);
  const all = believeAll(log);
  assert.equal((await readClaims(log, all)).found.commandLine?.complete, true);
  for (const unknown of [8, 11]) {
    const believed = new Map([...all].filter(([register]) => register !== unknown));
    const { found } = await readClaims(log, believed);
    assert.equal(found.commandLine?.complete, false, `PCR ${unknown}`);
  }
  const hidden: FakeEvent = { ...wide("init=/bin/sh", 8), covered: "value" };
  const [beside] = await read([hidden, wide("ro quiet")]);
  assert.equal(beside?.complete, false);
});

Deno.test("LOG-09 readCommandLine() chooses none of several command lines", async () => {
  for (
    const events of [
      [...grubBoot(LINE), ...grubBoot("/vmlinuz single")],
      [...grubBoot(LINE), ...grubBoot(LINE)],
      [wide("ro quiet"), wide("rw")],
      [wide("ro quiet"), wide("ro quiet")],
      [...grubBoot(LINE), wide("ro")],
      [...section(".linux", "kernel"), ...section(".cmdline", "ro"), wide("rw")],
    ]
  ) {
    assert.deepEqual(await read(events), [null, ["command-line-ambiguous"]]);
  }
});

Deno.test("LOG-09 readCommandLine() tells which parameters are repeated", async () => {
  const [claim] = await read([wide("rootfs_hash=a ro rootfs_hash=b")]);
  assert.deepEqual(claim?.repeated, ["rootfs_hash"]);
  assert.deepEqual(repeatedParameters("a=1 b a=2 b  c"), ["a", "b"]);
  assert.deepEqual(repeatedParameters('x="a=1 a=2" y'), []);
  // To Linux, - and _ are the same in names of parameters.
  assert.deepEqual(repeatedParameters("a-b=1 a_b=2"), ["a_b"]);
  assert.deepEqual(repeatedParameters('"a=1 2" a=3'), ["a"]);
});

Deno.test("readCommandLine() takes the text of the stub, and of older systemd-boot", async () => {
  const [stub] = await read([...section(".linux", "kernel"), wide("ro quiet")]);
  assert.deepEqual([stub?.text, stub?.register, stub?.by], ["ro quiet", 12, "stub"]);
  const [loader] = await read([wide("ro quiet", 8)]);
  assert.deepEqual([loader?.text, loader?.register, loader?.by], ["ro quiet", 8, "boot loader"]);
});

Deno.test("readCommandLine() takes no text that its digest does not cover, and no other data", async () => {
  const covered = { ...wide("ro"), covered: null };
  const unpaired = Uint8Array.of(0x00, 0xd8, 0x41, 0x00, 0x00, 0x00);
  for (const event of [covered, whole(12, 0x0d, unpaired), whole(12, 0x0d, ascii("plain"))]) {
    assert.deepEqual(await read([event]), [null, []]);
  }
});
