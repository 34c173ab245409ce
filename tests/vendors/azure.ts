/**
 * AMD's certificates from Azure's metadata service.
 *
 * @module
 */

import assert from "node:assert/strict";
import { fromHex } from "../../src/core/bytes.ts";
import { azureSevSnp } from "../../src/evidence/azure_sev_snp/mod.ts";
import { itemOfKey } from "../../src/evidence/collateral_items.ts";
import type { FilesByRole } from "../../src/evidence/evidence.ts";
import { ask, assertGood, type Minted, mintSnp } from "../azure/ask.ts";
import { fakeKds, KDS_ORIGIN } from "../fakes/kds.ts";
import { fakeThim, THIM_ORIGIN } from "../fakes/thim.ts";
import { type FakeNetwork, type Fault, networkOf, type VendorDouble } from "../fakes/vendor.ts";
import { labAuthority, NOW } from "../lab_authority.ts";
import { mint } from "../snp/ask.ts";
import { codeOf, gather, type GatherTerms, itemsOf } from "./gather.ts";

const TCB = { fmc: null, bootloader: 10, tee: 0, snp: 23, microcode: 84 } as const;
/** The same as it stands in memory. */
const TCB_BYTES = fromHex("0a00000000001754");
/** CHIP_ID in a report (AMD 56860, Table 23). */
const CHIP_ID_AT = 0x1a0;

/** Evidence without AMD's certificates, on the machine that it is of. */
interface OnAzure {
  readonly minted: Minted;
  readonly files: FilesByRole;
  readonly thim: ReturnType<typeof fakeThim>;
  readonly kds: VendorDouble;
  readonly http: FakeNetwork;
  readonly terms: GatherTerms;
}

/** Minted once, since its keys are slow to make. */
let kept: ReturnType<typeof mintSnp> | undefined;

async function onAzure(): Promise<OnAzure> {
  const minted = await (kept ??= mintSnp());
  const { report, snp } = minted;
  const hwid = report.slice(CHIP_ID_AT, CHIP_ID_AT + 64);
  const { leaf: _l, chainAskArk: _c, crls: _s, ...files } = minted.files;
  const authority = await labAuthority();
  const kds = fakeKds({
    authorities: { Genoa: authority },
    chips: [{ line: "Genoa", hwid, tcb: TCB, leaf: snp.der.leaf }],
    issued: NOW,
  });
  const thim = fakeThim({ leaf: snp.der.leaf, chain: snp.chain, tcb: TCB_BYTES });
  const http = networkOf({ [KDS_ORIGIN]: kds, [THIM_ORIGIN]: thim });
  const labRoots = [authority.ARK.certificate];
  return {
    minted,
    files,
    thim,
    kds,
    http,
    terms: { http, labRoots, question: { onThisMachine: true } },
  };
}

Deno.test("on its own machine leaf and chain come from Azure, and only the list from AMD", async () => {
  const { minted, files, thim, kds, terms } = await onAzure();
  const { files: got } = await gather(azureSevSnp, files, terms);
  await assertGood(minted, { files: got });
  assert.deepEqual(thim.asked, ["/metadata/THIM/amd/certification"]);
  assert.deepEqual(kds.asked, ["/vcek/v1/Genoa/crl"]);
});

Deno.test("elsewhere all of it comes from AMD, and the metadata service of the wrong machine is not asked", async () => {
  const { minted, files, thim, kds, terms } = await onAzure();
  const { files: got } = await gather(azureSevSnp, files, { ...terms, question: {} });
  await assertGood(minted, { files: got });
  assert.deepEqual(thim.asked, []);
  assert.equal(kds.asked.length, 3);
});

Deno.test("certificates of another chip or TCB, and what are none, are not taken from Azure", async () => {
  const { files, thim, terms } = await onAzure();
  const other = await mint({ hwid: new Uint8Array(64).fill(9) });
  const own = { ...thim.state };
  const got = () => codeOf(gather(azureSevSnp, files, terms));
  Object.assign(thim.state, { leaf: other.der.leaf });
  assert.equal(await got(), "snp.chip_id_mismatch");
  Object.assign(thim.state, own, { tcb: fromHex("0a00000000001755") });
  assert.equal(await got(), "snp.tcb_mismatch");
  Object.assign(thim.state, own, { chain: own.chain + own.chain });
  assert.equal(await got(), "x509.count");
});

Deno.test("answers of Azure's service that are damaged or none are never taken", async () => {
  const faults: readonly (readonly [Fault, string])[] = [
    [{ kind: "status", status: 404 }, "collateral.status"],
    [{ kind: "hang" }, "collateral.timeout"],
    [{ kind: "oversized" }, "collateral.too_large"],
    [{ kind: "half" }, "input.wrong_kind"],
    [{ kind: "empty" }, "input.wrong_kind"],
    [{ kind: "garbage" }, "input.wrong_kind"],
  ];
  const { files, thim, terms } = await onAzure();
  for (const [fault, code] of faults) {
    thim.fault = fault;
    await assert.rejects(
      gather(azureSevSnp, files, terms),
      (error: Error) => "code" in error && error.code === code,
      `${fault.kind} gives ${code}`,
    );
  }
});

Deno.test("without the header that Azure demands nothing is answered", async () => {
  const { thim } = await onAzure();
  const response = await thim.handle(
    new Request(`${THIM_ORIGIN}/metadata/THIM/amd/certification`),
  );
  assert.equal(response.status, 400);
});

Deno.test("itemOfKey() finds what Azure hands out, by chip and TCB", async () => {
  const { files, minted } = await onAzure();
  const [item] = await itemsOf(azureSevSnp, files, { onThisMachine: true });
  assert.ok(item);
  assert.equal(itemOfKey(item.key)?.path, "/metadata/THIM/amd/certification");
  assert.equal(itemOfKey("azure-thim/metadata/THIM/amd/certification"), null);
  assert.equal(itemOfKey(item.key.replace("blSPL=10", "blSPL=1")), null);
  assert.equal((await ask(minted)).verdict, "lab-trusted");
});
