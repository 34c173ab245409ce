/**
 * What SEV-SNP reports need of AMD: which addresses are asked, and what is taken for an answer.
 *
 * @module
 */

import assert from "node:assert/strict";
import { InputError } from "../../mod.ts";
import { toHex } from "../../src/core/bytes.ts";
import { itemOfKey } from "../../src/evidence/collateral_items.ts";
import { sevSnp } from "../../src/evidence/snp/mod.ts";
import { addDays } from "../../src/lab/dates.ts";
import { caSerials, type LabLine } from "../../src/lab/mod.ts";
import { labAuthority, NOW } from "../lab_authority.ts";
import { assertVerdict } from "../result.ts";
import { ask, assertGood, mint } from "../snp/ask.ts";
import type { Fault } from "../fakes/vendor.ts";
import { codeOf, gather, itemsOf, obtain } from "./gather.ts";
import { bare, complete, hwidOf } from "./snp.ts";

const ADDRESSES: Readonly<Record<LabLine, string>> = {
  Milan: `/vcek/v1/Milan/${"c1".repeat(64)}?blSPL=04&teeSPL=00&snpSPL=24&ucodeSPL=219`,
  Genoa: `/vcek/v1/Genoa/${"c1".repeat(64)}?blSPL=10&teeSPL=00&snpSPL=23&ucodeSPL=84`,
  Turin: `/vcek/v1/Turin/${"c1".repeat(8)}?fmcSPL=01&blSPL=01&teeSPL=01&snpSPL=04&ucodeSPL=81`,
};

for (const line of ["Milan", "Genoa", "Turin"] as const) {
  Deno.test(`a bare report of ${line} is completed from AMD's service and trusted`, async () => {
    const one = await bare(line);
    const { files } = await complete(one);
    const policy = line === "Milan" ? { acceptCompromised: { milan: "2099-01-01" } } : {};
    assertGood(await ask(one.minted, { files, policy }));
    assert.deepEqual(
      [...new Set(one.kds.asked)].sort(),
      [
        `/vcek/v1/${line}/cert_chain`,
        `/vcek/v1/${line}/crl`,
        ADDRESSES[line],
      ].sort(),
    );
  });
}

Deno.test("SNP-05 keys of one chip that differ in the FMC alone have addresses and keys of their own", async () => {
  const tcb = { fmc: 1, bootloader: 1, tee: 1, snp: 4, microcode: 81 };
  const [first] = await itemsOf(sevSnp, { report: (await bare("Turin")).minted.report });
  const other = await bare("Turin", { tcb: { ...tcb, fmc: 2 } });
  const [second] = await itemsOf(sevSnp, { report: other.minted.report });
  assert.ok(first && second);
  assert.notEqual(first.key, second.key);
  assert.notEqual(first.path, second.path);
  // The service, which takes what is not named for zero, has no such key.
  const without = { ...second, path: second.path.replace("fmcSPL=02&", "") };
  assert.equal(await codeOf(obtain(without, other.terms)), "collateral.status");
  // A key of the other FMC, whoever hands it out, is not the one that was asked for.
  const swapped = { ...second, path: first.path };
  const both = await bare("Turin");
  assert.equal(await codeOf(obtain(swapped, both.terms)), "snp.tcb_mismatch");
});

Deno.test("SNP-04 a masked chip id is never used to ask AMD's service", async () => {
  const one = await bare("Genoa", { bends: { report: { chipId: new Uint8Array(64) } } });
  await assert.rejects(
    complete(one),
    (error) =>
      error instanceof InputError && error.code === "input.missing" &&
      error.message.includes("masks the chip id") && error.fields["role"] === "leaf",
  );
  assert.deepEqual(one.kds.asked, []);
  const { report, der: { leaf } } = one.minted;
  const { files } = await gather(sevSnp, { report, leaf }, one.terms);
  assert.deepEqual(files["leaf"], leaf);
  assert.ok(
    one.kds.asked.every((path) => /\/(?:cert_chain|crl)$/.test(path)),
    one.kds.asked.join(),
  );
});

Deno.test("SNP-04 a chip of Turin is asked for by eight bytes, others by 64", async () => {
  for (const line of ["Genoa", "Turin"] as const) {
    const { minted } = await bare(line);
    const [item] = await itemsOf(sevSnp, { report: minted.report });
    assert.ok(item?.path.startsWith(`/vcek/v1/${line}/${toHex(hwidOf(line))}?`), item?.path);
  }
});

Deno.test("SNP-10 a VLEK's chain and list come from addresses of their own, and no leaf is asked for", async () => {
  const one = await bare("Genoa", { form: "VLEK" });
  const { report, der: { leaf } } = one.minted;
  const { files } = await gather(sevSnp, { report, leaf }, one.terms);
  assertGood(await ask(one.minted, { files }));
  assert.deepEqual([...new Set(one.kds.asked)].sort(), [
    "/vlek/v1/Genoa/cert_chain",
    "/vlek/v1/Genoa/crl",
  ]);
});

Deno.test("SNP-10 a list of the other form, of another line, unsigned or signed by another is not taken", async () => {
  const one = await bare();
  const [, , list] = await itemsOf(sevSnp, { report: one.minted.report });
  assert.ok(list?.kind === "crl");
  const { ARK, VCEK } = await labAuthority();
  const context = {
    ...one.terms,
    http: one.http,
  };
  const vlek = { ...list, path: "/vlek/v1/Genoa/crl" };
  assert.equal(await codeOf(obtain(vlek, context)), "snp.crl_scope");
  one.kds.state.bendList = (description) => ({ ...description, signWith: VCEK.key });
  assert.equal(await codeOf(obtain(list, context)), "snp.crl_signature");
  one.kds.state.bendList = (description) => ({ ...description, nextUpdate: null });
  assert.equal(await codeOf(obtain(list, context)), "snp.crl_shape");
  const milan = await bare("Milan");
  const both = { Genoa: await labAuthority("Genoa"), Milan: await labAuthority("Milan") };
  Object.assign(one.kds.state, { bendList: null, authorities: both });
  const foreign = { ...list, path: "/vcek/v1/Milan/crl" };
  const roots = { ...context, labRoots: [ARK.certificate, milan.minted.der.ark] };
  assert.equal(await codeOf(obtain(foreign, roots)), "snp.crl_issuer");
});

Deno.test("SNP-10 a list that revokes the key above the leaf is kept, and refuses the evidence", async () => {
  const one = await bare();
  one.kds.state.number = 7;
  one.kds.state.bendList = (description) => ({
    ...description,
    revoked: [{ serial: caSerials("Genoa").VCEK, at: NOW }],
  });
  const { files, contents } = await complete(one);
  assert.equal(contents.get("amd-kds/vcek/v1/Genoa/crl")?.sequence, "7");
  assertVerdict(await ask(one.minted, { files }), "rejected", "snp.revoked");
});

Deno.test("SNP-10 lists that are stale or of the future say so by their dates, and are never trusted", async () => {
  for (
    const [days, code] of [[-400, "snp.crl_expired"], [2, "snp.crl_not_yet_valid"]] as const
  ) {
    const issued = addDays(NOW, days);
    const one = await bare("Genoa", {}, { issued });
    const { files, contents } = await complete(one);
    const list = contents.get("amd-kds/vcek/v1/Genoa/crl");
    assert.deepEqual(list?.issued, issued);
    assert.deepEqual(list?.expires, addDays(issued, 365));
    assertVerdict(await ask(one.minted, { files }), "rejected", code);
  }
});

Deno.test("what AMD's service hands out in place of what was asked for is not taken", async () => {
  const two = { line: "Genoa", hwid: new Uint8Array(64).fill(0xd2) } as const;
  const other = await mint({
    ...two,
    tcb: { fmc: null, bootloader: 1, tee: 0, snp: 1, microcode: 1 },
  });
  const one = await bare();
  const both = { Genoa: await labAuthority("Genoa"), Milan: await labAuthority("Milan") };
  const tcb = { fmc: null, bootloader: 1, tee: 0, snp: 1, microcode: 1 };
  Object.assign(one.kds.state, {
    authorities: both,
    chips: [...one.kds.state.chips, { ...two, tcb, leaf: other.der.leaf }],
  });
  const terms = {
    ...one.terms,
    labRoots: [both.Genoa.ARK.certificate, both.Milan.ARK.certificate],
  };
  const codes = {
    "other-chip": "snp.chip_id_mismatch",
    "other-line": "snp.product_mismatch",
    "other-form": "snp.key_type_mismatch",
  } as const;
  for (const [swap, code] of Object.entries(codes)) {
    Object.assign(one.kds.state, { swap });
    const asked = gather(sevSnp, { report: one.minted.report }, terms);
    assert.equal(await codeOf(asked), code, swap);
  }
});

Deno.test("answers of AMD's service that are damaged or none are never taken", async () => {
  const faults: readonly (readonly [Fault, string])[] = [
    [{ kind: "status", status: 429, retryAfter: "10" }, "collateral.status"],
    [{ kind: "status", status: 500 }, "collateral.status"],
    [{ kind: "hang" }, "collateral.timeout"],
    [{ kind: "cut" }, "collateral.cut_short"],
    [{ kind: "oversized" }, "collateral.too_large"],
    [{ kind: "redirect", to: "http://127.0.0.1/" }, "collateral.status"],
    [{ kind: "half" }, "input.encoding"],
    [{ kind: "empty" }, "input.empty"],
    [{ kind: "garbage" }, "input.encoding"],
  ];
  const one = await bare();
  for (const [fault, code] of faults) {
    one.kds.fault = fault;
    await assert.rejects(
      complete(one),
      (error: Error) => "code" in error && error.code === code,
      `${fault.kind} gives ${code}`,
    );
  }
});

Deno.test("without its lab root a lab's answer is not taken, and nobody else's chain is", async () => {
  const one = await bare();
  const vendor = { ...one.terms, labRoots: [] };
  const asked = gather(sevSnp, { report: one.minted.report }, vendor);
  assert.equal(await codeOf(asked), "snp.lab_on_vendor_path");
});

Deno.test("a report of version 2 names no line: each is asked until one knows the chip", async () => {
  const one = await bare("Genoa", { version: 2 });
  Object.assign(one.kds.state, {
    authorities: { Genoa: await labAuthority("Genoa"), Milan: await labAuthority("Milan") },
  });
  const labRoots = [one.minted.der.ark, (await labAuthority("Milan")).ARK.certificate];
  const { files } = await gather(sevSnp, { report: one.minted.report }, { ...one.terms, labRoots });
  assertGood(await ask(one.minted, { files }));
  const leaves = one.kds.asked.filter((path) => path.includes("blSPL"));
  assert.deepEqual(leaves.map((path) => path.split("/")[3]), ["Milan", "Genoa"]);
});

Deno.test("a report of version 2 with its leaf asks in that leaf's line alone", async () => {
  const { minted } = await bare("Genoa", { version: 2 });
  const items = await itemsOf(sevSnp, { report: minted.report, leaf: minted.der.leaf });
  assert.deepEqual(items.map(({ path }) => path.split("/")[3]), ["Genoa", "Genoa", "Genoa"]);
});

Deno.test("a report that no key signed needs nothing of anybody", async () => {
  const { minted, kds, terms } = await bare("Genoa", { bends: { report: { flags: 7 << 2 } } });
  const asked = gather(sevSnp, { report: minted.report }, terms);
  assert.equal(await codeOf(asked), "snp.unsigned");
  assert.deepEqual(kds.asked, []);
});

Deno.test("itemOfKey() finds what SEV-SNP needs, and nothing that is written otherwise", async () => {
  for (const line of ["Milan", "Genoa", "Turin"] as const) {
    for (const item of await itemsOf(sevSnp, { report: (await bare(line)).minted.report })) {
      const { key, path, title } = itemOfKey(item.key) ?? {};
      assert.deepEqual({ key, path, title }, { key: item.key, path: item.path, title: item.title });
    }
  }
  const chip = "c1".repeat(64);
  const query = "blSPL=10&teeSPL=00&snpSPL=23&ucodeSPL=84";
  for (
    const key of [
      "",
      "amd-kds/vcek/v1/Rome/cert_chain",
      "amd-kds/vcek/v1/Genoa/cert_chain?",
      "amd-kds/vcek/v1/Genoa/cert_chain/",
      "amd-kds/vcek/v1/Genoa/../Genoa/crl",
      "amd-kds//vcek/v1/Genoa/crl",
      "https://kdsintf.amd.com/vcek/v1/Genoa/crl",
      `amd-kds/vlek/v1/Genoa/${chip}?${query}`,
      `amd-kds/vcek/v1/Turin/${chip}?fmcSPL=01&${query}`,
      `amd-kds/vcek/v1/Genoa/${chip.toUpperCase()}?${query}`,
      `amd-kds/vcek/v1/Genoa/${chip}?fmcSPL=01&${query}`,
      `amd-kds/vcek/v1/Genoa/${chip}?${query}&x=1`,
      `amd-kds/vcek/v1/Genoa/${chip}?${query.replace("10", "256")}`,
      `amd-kds/vcek/v1/Genoa/${chip}?${query.replace("10", "010")}`,
      `amd-kds/vcek/v1/Genoa/${chip}?${query.replace("blSPL=10&", "")}`,
    ]
  ) assert.equal(itemOfKey(key), null, key);
});
