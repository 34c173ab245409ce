/**
 * Texts of boot loaders, and command lines.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { Result } from "../../../mod.ts";
import { concat } from "../../../src/core/bytes.ts";
import { EVENT_TYPES, type LabEvent, type MintedTpm, wholeEvent } from "../../../src/lab/mod.ts";
import { utf16 } from "../../../src/lab/tpm/uefi.ts";
import { asFile, ask, assertGood, logOf, mint, ofBootLoader, pinsOf } from "./attack.ts";
import { overReal, realBoot } from "./real.ts";

const LINE = "/vmlinuz root=/dev/vda1 ro";

/** What GRUB measures of a text, and how it writes it. */
interface Writing {
  readonly prefix: string;
  /** Whether a NUL stands behind it in the log. */
  readonly ends: boolean;
  /** Whether that is measured, too. */
  readonly endsMeasured: boolean;
}

const text = (words: string, { prefix, ends, endsMeasured }: Writing): LabEvent => ({
  register: 8,
  type: EVENT_TYPES.ipl,
  data: asFile(`${prefix}${words}${ends ? "\0" : ""}`),
  hashed: asFile(`${words}${endsMeasured ? "\0" : ""}`),
});

const upstream = (prefix: string): Writing => ({ prefix, ends: true, endsMeasured: false });

/** A boot by GRUB: no unified kernel image, these texts in PCR 8. */
const byGrub = (...texts: readonly LabEvent[]): Promise<MintedTpm> =>
  mint({
    bends: {
      events: (events) => [
        ...events.filter(({ register }) => register !== 11 && register !== 12),
        ...texts,
      ],
    },
  });

/** The boot loader alone is pinned: what it then started is what these tests ask the log. */
const startedBy = (minted: MintedTpm): Readonly<Record<string, unknown>> => ({
  whatRuns: [4],
  registers: { sha256: pinsOf(minted, [4]) },
});

async function judged(...texts: readonly LabEvent[]): Promise<Result> {
  const minted = await byGrub(...texts);
  const result = await ask(minted, { section: startedBy(minted) });
  assertGood(result);
  return result;
}

const lineOf = (result: Result): string | undefined => logOf(result).claims.commandLine?.text;

/** How versions of GRUB write a command, and the line of a kernel. */
const WRITINGS: readonly (readonly [string, Writing, Writing])[] = [
  ["upstream", upstream("grub_cmd: "), upstream("kernel_cmdline: ")],
  ["with blanks", upstream("grub_cmd "), upstream("kernel_cmdline ")],
  [
    "of Red Hat, NUL and all",
    { prefix: "grub_cmd ", ends: true, endsMeasured: true },
    { prefix: "grub_kernel_cmdline ", ends: true, endsMeasured: true },
  ],
  [
    "without a NUL",
    { prefix: "grub_cmd: ", ends: false, endsMeasured: false },
    { prefix: "kernel_cmdline: ", ends: false, endsMeasured: false },
  ],
  [
    "without a prefix",
    { prefix: "", ends: false, endsMeasured: false },
    { prefix: "", ends: true, endsMeasured: true },
  ],
];

Deno.test("LOG-06 one command line is read, however a boot loader wrote it", async () => {
  for (const [what, command, line] of WRITINGS) {
    const result = await judged(
      text("set root=hd0", command),
      text(`linux ${LINE}`, command),
      text(LINE, line),
    );
    const { commandLine, bootLoader } = logOf(result).claims;
    assert.deepEqual([commandLine?.text, commandLine?.complete], [LINE, true], what);
    assert.deepEqual(bootLoader?.texts.map((one) => one.text), [
      "set root=hd0",
      `linux ${LINE}`,
      LINE,
    ], what);
  }
});

Deno.test("LOG-06 a prefix is not measured, so that it decides nothing", async () => {
  const command = upstream("grub_cmd: ");
  const truth = [
    text("linux /vmlinuz init=/bin/sh", command),
    text("/vmlinuz init=/bin/sh", upstream("kernel_cmdline: ")),
  ];
  const minted = await byGrub(...truth, text(LINE, upstream("kernel_cmdline: ")));
  const told = await ask(minted, { section: startedBy(minted) });
  assert.equal(lineOf(told), undefined, "told honestly there are two lines for one command");
  for (const prefix of ["grub_cmd: ", "grub_cmd ", "module_cmdline: ", "kernel_cmdline ", ""]) {
    const relabelled = await byGrub(
      ...truth.map((event) => ({
        ...event,
        data: concat(asFile(prefix), event.hashed ?? concat()),
      })),
      text(LINE, upstream("kernel_cmdline: ")),
    );
    const result = await ask(relabelled, { section: startedBy(relabelled) });
    assert.notEqual(lineOf(result), LINE, `under ${prefix}`);
  }
});

Deno.test("LOG-06 a prefix that nobody knows, or data that were not measured, are no text", async () => {
  const command = upstream("grub_cmd: ");
  for (const prefix of ["GRUB_CMD: ", "cmd: ", "grub_cmd:  ", "grub_cmd:", "kernel_cmdline:\t"]) {
    const result = await judged(text(`linux ${LINE}`, command), text(LINE, upstream(prefix)));
    const { commandLine, bootLoader } = logOf(result).claims;
    assert.deepEqual([commandLine, bootLoader?.complete], [null, false], prefix);
  }
});

Deno.test({
  ...overReal("LOG-06 real boot loaders of three makers are read, quoted by the lab's TPM"),
  fn: async () => {
    for (
      const [name, line] of [
        ["rhel8-uefi", /^\(hd0,gpt2\)\/boot\/vmlinuz-4\.18\.0-240.* root=UUID=/],
        ["ubuntu-2404-amd-sevsnp", /^\/vmlinuz-6\.8\.0-1010-gcp root=PARTUUID=/],
        ["cos-101-amd-sev", / "dm=1 vroot none ro 1,/],
      ] as const
    ) {
      const { events, banks } = await realBoot(`tpm-eventlog/${name}`);
      const minted = await mint({ banks, bends: { events: () => events } });
      const section = { ...ofBootLoader(minted), secureBoot: "any" };
      const result = await ask(minted, { section });
      assertGood(result, name);
      assert.match(lineOf(result) ?? "", line);
      assert.equal(logOf(result).claims.commandLine?.complete, true, name);
    }
  },
});

Deno.test("LOG-09 a parameter that stands twice is named, since which of them counts is the kernel's affair", async () => {
  const command = upstream("grub_cmd: ");
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ["/vmlinuz rootfs_hash=good rootfs_hash=evil", ["rootfs_hash"]],
    ["/vmlinuz rootfs_hash=evil ro rootfs_hash=good", ["rootfs_hash"]],
    ["/vmlinuz rootfs-hash=good rootfs_hash=evil", ["rootfs_hash"]],
    ["/vmlinuz ro rootfs_hash=good x=rootfs_hash=evil", []],
    [`/vmlinuz "rootfs_hash=good ro" rootfs_hash=evil`, ["rootfs_hash"]],
    ["/vmlinuz a=1 b=1 a=2 b=2 a=3", ["a", "b"]],
  ];
  for (const [line, repeated] of cases) {
    const event = { ...text(`linux ${line}`, command) };
    const claim =
      logOf(await judged(event, text(line, upstream("kernel_cmdline: ")))).claims.commandLine;
    // GRUB's own quotes are not the command's: where they differ there is no line.
    if (line.includes('"')) assert.equal(claim, null, line);
    else assert.deepEqual([claim?.text, claim?.repeated], [line, repeated]);
  }
  const quoted = await mint({ boot: { cmdlineOutside: true, cmdline: 'a="x b=1" b=2 a=3' } });
  const { commandLine } = logOf(await ask(quoted)).claims;
  assert.deepEqual(commandLine?.repeated, ["a"]);
});

Deno.test("LOG-09 of several command lines none is chosen, first or last", async () => {
  const command = upstream("grub_cmd: ");
  const line = upstream("kernel_cmdline: ");
  const boot = (
    words: string,
  ): readonly LabEvent[] => [text(`linux ${words}`, command), text(words, line)];
  const wide = (words: string): LabEvent => wholeEvent(12, EVENT_TYPES.ipl, utf16(`${words}\0`));
  const evil = "/vmlinuz init=/bin/sh";
  for (
    const texts of [
      [...boot(LINE), ...boot(evil)],
      [...boot(evil), ...boot(LINE)],
      [...boot(LINE), ...boot(LINE)],
      [...boot(LINE), wide(evil)],
      [wide(evil), ...boot(LINE)],
      [wide(LINE), wide(evil)],
      [wide(LINE), wide(LINE)],
    ]
  ) {
    const result = await judged(...texts);
    assert.equal(lineOf(result), undefined);
    assert.ok(logOf(result).remarks.some(({ kind }) => kind === "command-line-ambiguous"));
  }
  assert.equal(lineOf(await judged(wide(LINE))), LINE, "one alone");
});

Deno.test("LOG-09 a command line beside that of the image is not chosen either", async () => {
  const outside = wholeEvent(12, EVENT_TYPES.ipl, utf16(`${LINE}\0`));
  for (const first of [true, false]) {
    const minted = await mint({
      bends: { events: (events) => first ? [outside, ...events] : [...events, outside] },
    });
    const result = await ask(minted);
    assertGood(result);
    assert.equal(lineOf(result), undefined);
  }
  // Without one in the image it is the only one.
  const only = await ask(await mint({ boot: { cmdlineOutside: true, cmdline: LINE } }));
  assert.equal(lineOf(only), LINE);
});
