/**
 * Product lines: which one it is, and whether it can still be believed.
 *
 * @module
 */

import assert from "node:assert/strict";
import { examine, InputError, verify } from "../../../mod.ts";
import {
  amdExtension,
  der,
  replaceExtension,
  type ReportFields,
  type SnpBends,
  type TcbVersion,
} from "../../../src/lab/mod.ts";
import { assertVerdict } from "../../result.ts";
import {
  ask,
  assertBends,
  assertGood,
  claimsOf,
  judge,
  mint,
  type Minting,
  requestFor,
} from "../ask.ts";
import { overReal, realCase } from "../corpus.ts";
import { fromHex, toHex } from "../../../src/core/bytes.ts";

const cpuid = (family: number, model: number): SnpBends => ({
  report: { cpuid: { family, model, stepping: 1 } },
});

const TURIN_CPU = { cpuid: { family: 26, model: 2, stepping: 1 } };
const TURIN_TCB: TcbVersion = { fmc: 1, bootloader: 1, tee: 1, snp: 4, microcode: 81 };
const GENOA_CPU = { cpuid: { family: 25, model: 17, stepping: 1 } };
const GENOA_TCB: TcbVersion = { fmc: null, bootloader: 10, tee: 0, snp: 23, microcode: 84 };

const all = (tcb: TcbVersion): Partial<ReportFields> => ({
  currentTcb: tcb,
  reportedTcb: tcb,
  committedTcb: tcb,
  launchTcb: tcb,
});

const productName = (name: string): SnpBends => ({
  leaf: (leaf) => ({
    ...leaf,
    extensions: replaceExtension(
      leaf.extensions,
      amdExtension("productName", der.ia5String(name)),
    ),
  }),
});

Deno.test("SNP-08 the line is the authenticated root's; report and leaf must agree with it", async () => {
  const bent: readonly (readonly [string, Minting])[] = [
    ["Milan's processor under Genoa", { bends: cpuid(25, 1) }],
    ["Turin's processor under Genoa", { bends: { report: { ...TURIN_CPU, ...all(TURIN_TCB) } } }],
    ["Genoa's processor under Turin", {
      line: "Turin",
      bends: { report: { ...GENOA_CPU, ...all(GENOA_TCB) } },
    }],
    ["Genoa's processor under Milan", { line: "Milan", bends: cpuid(25, 17) }],
    ["no processor in version 5", { bends: cpuid(0, 0) }],
    ["Milan's leaf under Genoa", { bends: productName("Milan-B0") }],
    ["Genoa's leaf under Milan", { line: "Milan", bends: productName("Genoa") }],
    ["Turin's leaf under Genoa", { bends: productName("Turin") }],
    ["a leaf of no line", { bends: productName("Genoax") }],
    ["a line in lowercase", { bends: productName("genoa") }],
  ];
  await assertBends(bent.map(([what, minting]) => [what, minting, "snp.product_mismatch"]));
});

Deno.test("SNP-08 a report of version 2 names no processor, which is neither unknown nor wrong", async () => {
  const result = await judge({ version: 2 });
  assertGood(result);
  assert.equal(claimsOf(result).report.cpuid, null);
  assert.equal(claimsOf(result).chain.line, "Genoa");
});

Deno.test("SNP-08 the lines under Genoa's root and all Turins are accepted", async () => {
  const good: readonly Minting[] = [
    { bends: cpuid(25, 160) },
    { bends: { ...cpuid(25, 160), ...productName("Siena-B1") } },
    { bends: { ...cpuid(25, 160), ...productName("Bergamo") } },
    { line: "Turin", bends: cpuid(26, 2) },
    { line: "Turin", bends: cpuid(26, 17) },
  ];
  for (const minting of good) assertGood(await judge(minting));
});

Deno.test("SNP-21 a compromised line is at most platform-only, unless the policy accepts it until a day", async () => {
  const milan = await mint({ line: "Milan" });
  assertVerdict(await ask(milan), "platform-only", "snp.product_compromised");
  const until = (day: string) => ask(milan, { policy: { acceptCompromised: { milan: day } } });
  assertGood(await until("2026-11-21"));
  assertVerdict(await until("2026-11-20"), "platform-only", "snp.product_compromised");
  const other = await ask(milan, { policy: { acceptCompromised: { genoa: "2030-01-01" } } });
  assertVerdict(other, "platform-only", "snp.product_compromised");
});

Deno.test("SNP-21 a high TCB floor does not make up for a compromised line", async () => {
  const milan = await mint({ line: "Milan" });
  const minimumTcb = { milan: { reported: { snp: 24, microcode: 219 } } };
  assertVerdict(
    await ask(milan, { section: { minimumTcb } }),
    "platform-only",
    "snp.product_compromised",
  );
  assertGood(await ask(await mint({ line: "Turin" })));
});

const MILAN = "snp/milan-v3-microsoft";
const REPORT_DATA = [0x50, 0x90] as const;
const MEASUREMENT = [0x90, 0xc0] as const;

Deno.test({
  ...overReal("SNP-21 real Milan evidence rests on nobody's word, however well it is pinned"),
  fn: async () => {
    const { files, now } = realCase(MILAN);
    const request = {
      variant: "sev-snp",
      evidence: files,
      expect: { reportData: files.report.slice(...REPORT_DATA) },
      now,
    } as const;
    const section = {
      revocation: "if-given",
      vmpl: [0, 1, 2, 3],
      measurements: [toHex(files.report.slice(...MEASUREMENT))],
      provisionalFirmware: "allow",
    };
    const result = await examine({ ...request, policy: { version: 1, "sev-snp": section } });
    assertVerdict(result, "platform-only", "snp.product_compromised");
    assert.equal(result.weakestRoot, "none");
    assert.match(result.warnings.join(), /can be extracted/);
    const policy = { version: 1, acceptCompromised: { milan: "2030-12-31" }, "sev-snp": section };
    const accepted = await verify({ ...request, policy });
    assert.deepEqual([accepted.verdict, accepted.weakestRoot], ["trusted", "amd"]);
    assert.match(accepted.warnings.join(), /accepts this until 2030-12-31/);
    for (const step of ["snp.revocation", "snp.product"]) {
      assert.ok(
        accepted.findings.some(({ id, kind }) => id === step && kind === "unchecked"),
        step,
      );
    }
  },
});

Deno.test({
  ...overReal("SNP-08 a real chain of another line is refused"),
  fn: async () => {
    const milan = realCase(MILAN);
    const genoa = realCase("snp/genoa-v5-lunal");
    const { chainAskArk } = genoa.files;
    const request = { variant: "sev-snp", expect: { freshness: "none" }, now: milan.now } as const;
    const result = await examine({ ...request, evidence: { ...milan.files, chainAskArk } });
    assertVerdict(result, "rejected", "snp.leaf_signature");
  },
});

Deno.test("SNP-08 nothing in a request can name the line", async () => {
  const request = requestFor(await mint());
  const evidence = { ...request.evidence, product: fromHex("aa") };
  await assert.rejects(
    examine({ ...request, evidence }),
    (error) => error instanceof InputError && error.code === "input.unknown",
  );
});
