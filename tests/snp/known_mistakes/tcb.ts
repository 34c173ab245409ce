/**
 * TCB versions: their layout, the leaf's against the report's, order and floors.
 *
 * @module
 */

import assert from "node:assert/strict";
import {
  AMD_OIDS,
  amdExtension,
  type Bend,
  type CertificateDescription,
  der,
  dropExtension,
  type Extension,
  replaceExtension,
  type ReportFields,
  signSnpReport,
  type TcbVersion,
} from "../../../src/lab/mod.ts";
import { assertRefused, findingOf } from "../../result.ts";
import { ask, assertBends, assertGood, claimsOf, judge, mint, type Minting } from "../ask.ts";

const GENOA: TcbVersion = { fmc: null, bootloader: 10, tee: 2, snp: 23, microcode: 84 };
const TURIN: TcbVersion = { fmc: 3, bootloader: 1, tee: 2, snp: 4, microcode: 81 };

type Amd = keyof typeof AMD_OIDS;

const without = (name: Amd): Bend<CertificateDescription> => (leaf) => ({
  ...leaf,
  extensions: dropExtension(leaf.extensions, AMD_OIDS[name]),
});

const having = (name: Amd, value: Uint8Array): Bend<CertificateDescription> => (leaf) => ({
  ...leaf,
  extensions: replaceExtension(leaf.extensions, amdExtension(name, value)),
});

const adding = (...extensions: readonly Extension[]): Bend<CertificateDescription> => (leaf) => ({
  ...leaf,
  extensions: [...leaf.extensions, ...extensions],
});

Deno.test("SNP-05 the layout of the TCB follows the product line, in every version of the report", async () => {
  for (const version of [2, 3, 5]) {
    const turin = claimsOf(await judge({ line: "Turin", version, tcb: TURIN })).report;
    for (const tcb of [turin.reportedTcb, turin.committedTcb, turin.currentTcb, turin.launchTcb]) {
      assert.deepEqual(tcb, { ...TURIN, raw: "0301020400000051" });
    }
    const genoa = claimsOf(await judge({ version, tcb: GENOA })).report;
    assert.deepEqual(genoa.reportedTcb, { ...GENOA, raw: "0a02000000001754" });
  }
});

Deno.test("SNP-05 the FMC stands in Turin's leaves and in no other", async () => {
  await assertBends([
    ["Turin without FMC", { line: "Turin", bends: { leaf: without("fmc") } }, "snp.leaf_extension"],
    [
      "Genoa with FMC",
      { bends: { leaf: adding(amdExtension("fmc", der.integer(0))) } },
      "snp.leaf_extension",
    ],
    [
      "Turin with spl4",
      { line: "Turin", bends: { leaf: adding(amdExtension("spl4", der.integer(0))) } },
      "snp.leaf_extension",
    ],
    ["Genoa without spl4", { bends: { leaf: without("spl4") } }, "snp.leaf_extension"],
  ]);
});

Deno.test("SNP-05 leaves that differ in the FMC alone are not mixed up, remembered chains neither", async () => {
  const one = await mint({ line: "Turin", tcb: TURIN });
  const { leafKey } = one;
  const hwid = one.report.slice(0x1a0, 0x1a8);
  const two = await mint({ line: "Turin", tcb: { ...TURIN, fmc: 4 }, leafKey, hwid });
  for (let i = 0; i < 2; i++) {
    assertGood(await ask(one));
    assertGood(await ask(two));
    assertRefused(await ask(one, { files: { leaf: two.der.leaf } }), "snp.tcb_mismatch");
    assertRefused(await ask(two, { files: { leaf: one.der.leaf } }), "snp.tcb_mismatch");
  }
});

Deno.test("SNP-05 bytes that a layout reserves must be zero", async () => {
  const minted = await mint();
  for (const tcb of [0x38, 0x180, 0x1e0, 0x1f0]) {
    for (const at of [2, 3, 4, 5]) {
      const report = new Uint8Array(minted.report);
      report[tcb + at] = 1;
      const signed = await signSnpReport(report, minted.leafKey);
      assertRefused(await ask(minted, { files: { report: signed } }), "snp.reserved_not_zero");
    }
  }
  const old = await mint({ line: "Turin", version: 2 });
  const report = new Uint8Array(old.report);
  report[0x180 + 5] = 1;
  const signed = await signSnpReport(report, old.leafKey);
  assertRefused(await ask(old, { files: { report: signed } }), "snp.reserved_not_zero");
});

Deno.test("SNP-06 a leaf for another TCB is refused, whichever component differs", async () => {
  const lines: readonly (readonly ["Genoa" | "Turin", TcbVersion])[] = [
    ["Genoa", GENOA],
    ["Turin", TURIN],
  ];
  for (const [line, tcb] of lines) {
    for (const [component, value] of Object.entries(tcb)) {
      if (value === null) continue;
      for (const other of [value - 1, value + 1]) {
        const bends = { leaf: having(component as Amd, der.integer(other)) };
        assertRefused(await judge({ line, tcb, bends }), "snp.tcb_mismatch");
      }
    }
  }
});

Deno.test("SNP-06 the reported TCB is what the leaf is compared with, not another one", async () => {
  const newer = { ...GENOA, microcode: 85 };
  const report = { currentTcb: newer, committedTcb: newer, launchTcb: newer };
  assertGood(await judge({ tcb: GENOA, bends: { report } }));
  const bends = { report: { reportedTcb: { ...GENOA, microcode: 83 } } };
  assertRefused(await judge({ tcb: GENOA, bends }), "snp.tcb_mismatch");
});

Deno.test("SNP-06 a missing extension is a refusal, not a pass", async () => {
  const names: readonly Amd[] = [
    "structVersion",
    "productName",
    "bootloader",
    "tee",
    "snp",
    "spl4",
    "spl5",
    "spl6",
    "spl7",
    "microcode",
    "hwid",
  ];
  const bends = names.map((name): readonly [string, Minting, string] => [
    `without ${name}`,
    { bends: { leaf: without(name) } },
    "snp.leaf_extension",
  ]);
  await assertBends(bends);
});

/** Encodings that a lenient reader takes for the version that the report has. */
const LENIENT: readonly (readonly [string, Amd, Uint8Array])[] = [
  ["an INTEGER with a leading zero", "bootloader", Uint8Array.of(2, 2, 0, 10)],
  ["an INTEGER of two bytes", "bootloader", Uint8Array.of(2, 2, 1, 10)],
  ["a negative INTEGER", "bootloader", Uint8Array.of(2, 1, 0xff)],
  ["an INTEGER with a long length", "bootloader", Uint8Array.of(2, 0x81, 1, 10)],
  ["bytes after the INTEGER", "bootloader", Uint8Array.of(2, 1, 10, 0)],
  ["an OCTET STRING", "bootloader", Uint8Array.of(4, 1, 10)],
  ["an ENUMERATED", "bootloader", Uint8Array.of(10, 1, 10)],
  ["a bare byte", "bootloader", Uint8Array.of(10)],
  ["nothing", "bootloader", new Uint8Array()],
  ["a reserved component that is not zero", "spl5", der.integer(1)],
  ["a structure version that is not known", "structVersion", der.integer(2)],
  ["a product name as UTF8String", "productName", der.utf8String("Genoa")],
  ["an empty product name", "productName", der.ia5String("")],
];

Deno.test("SNP-06 extensions are taken in AMD's exact encoding alone", async () => {
  await assertBends(
    LENIENT.map(([what, name, value]) => [
      what,
      { tcb: GENOA, bends: { leaf: having(name, value) } },
      "snp.leaf_extension",
    ]),
  );
});

Deno.test("SNP-06 extensions that are repeated, or that nobody knows, are refused", async () => {
  const again = adding(amdExtension("microcode", der.integer(84)));
  const unknown = adding({
    oid: "1.3.6.1.4.1.3704.1.3.10",
    critical: false,
    value: der.integer(0),
  });
  const critical = adding({ oid: "2.999.1", critical: true, value: der.nullValue() });
  await assertBends([
    ["repeated", { tcb: GENOA, bends: { leaf: again } }, "x509.malformed"],
    ["one more component", { tcb: GENOA, bends: { leaf: unknown } }, "snp.leaf_extension"],
    ["unknown and critical", { tcb: GENOA, bends: { leaf: critical } }, "snp.leaf_shape"],
  ]);
});

const ofReport = (report: Partial<ReportFields>): Minting => ({ tcb: GENOA, bends: { report } });
const lower = (change: Partial<TcbVersion>): TcbVersion => ({ ...GENOA, ...change });

Deno.test("SNP-07 TCBs out of order are refused, each pair and each component", async () => {
  for (const component of ["bootloader", "tee", "snp", "microcode"] as const) {
    const less = lower({ [component]: (GENOA[component] ?? 0) - 1 });
    await assertBends([
      ["reported above committed", ofReport({ committedTcb: less }), "snp.tcb_order"],
      ["committed above current", ofReport({ currentTcb: less }), "snp.tcb_order"],
    ]);
    const more = lower({ [component]: (GENOA[component] ?? 0) + 1 });
    await assertBends([["launch above current", ofReport({ launchTcb: more }), "snp.tcb_order"]]);
    assertGood(await judge(ofReport({ launchTcb: less })));
  }
});

Deno.test("SNP-07 one component that rises does not make up for another that falls", async () => {
  const mixed = lower({ bootloader: 9, microcode: 85 });
  assertRefused(await judge(ofReport({ committedTcb: mixed, currentTcb: mixed })), "snp.tcb_order");
  const minimumTcb = { genoa: { reported: { bootloader: 10, snp: 23, microcode: 84 } } };
  const old = await mint({ tcb: lower({ snp: 22, microcode: 99 }) });
  const result = await ask(old, { section: { minimumTcb } });
  assertRefused(result, "snp.tcb_too_low");
  assert.equal(findingOf(result, "snp.tcb_too_low").actual, "snp 22");
});

Deno.test("SNP-07 floors hold for reported, committed, current and launch, each on its own", async () => {
  const old = lower({ snp: 22 });
  const launched = await mint(ofReport({ launchTcb: old }));
  const floor = { snp: 23 };
  const kinds = ["reported", "committed", "current"] as const;
  for (const kind of kinds) {
    assertGood(await ask(launched, { section: { minimumTcb: { genoa: { [kind]: floor } } } }));
  }
  const result = await ask(launched, { section: { minimumTcb: { genoa: { launch: floor } } } });
  assertRefused(result, "snp.tcb_too_low");
  assert.equal(findingOf(result, "snp.tcb_too_low").id, "snp.minimum-tcb.launch");
});

Deno.test("SNP-07 floors for other lines alone refuse this one", async () => {
  const minted = await mint();
  const turin = { section: { minimumTcb: { turin: { reported: { snp: 1 } } } } };
  assertRefused(await ask(minted, turin), "snp.tcb_floor_missing");
  // A component that this line lacks is below any floor.
  const fmc = { section: { minimumTcb: { genoa: { reported: { fmc: 0 } } } } };
  assertRefused(await ask(minted, fmc), "snp.tcb_too_low");
});

Deno.test("SNP-07 firmware that is not committed is refused, unless the policy allows it", async () => {
  const newer = lower({ snp: 24 });
  const builds = { major: 1, minor: 55, build: 50 };
  const running: readonly Minting[] = [
    ofReport({ currentTcb: newer }),
    ofReport({ currentVersion: builds }),
  ];
  for (const minting of running) {
    const minted = await mint(minting);
    assertRefused(await ask(minted), "snp.firmware_provisional");
    const allowed = await ask(minted, { section: { provisionalFirmware: "allow" } });
    assertGood(allowed);
    const open = allowed.findings.find(({ id }) => id === "snp.provisional-firmware");
    assert.equal(open?.kind, "unchecked");
  }
});
