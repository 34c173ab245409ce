/**
 * What vendors hand out, right as it is: of a chip of each of AMD's lines, of a
 * platform of Intel's, of a machine on Azure.
 *
 * @module
 */

import type {
  CollateralAnswer,
  CollateralContent,
  CollateralContext,
  CollateralItem,
} from "../../../src/evidence/collateral.ts";
import { sevSnp } from "../../../src/evidence/snp/mod.ts";
import { tdx } from "../../../src/evidence/tdx/mod.ts";
import { thimItem } from "../../../src/evidence/azure_sev_snp/thim.ts";
import { SERVICES } from "../../../src/collateral/services.ts";
import { toHex } from "../../../src/core/bytes.ts";
import type { Http } from "../../../src/core/ports.ts";
import { NOW } from "../../lab_authority.ts";
import { engine, itemsOf } from "../../vendors/gather.ts";
import { bare as bareSnp } from "../../vendors/snp.ts";
import { bare as bareTdx } from "../../vendors/tdx.ts";
import { fakeThim, THIM_ORIGIN } from "../../fakes/thim.ts";
import { networkOf } from "../../fakes/vendor.ts";

/** One thing, what its vendor answers, and what comes of that. */
export interface VendorBase {
  /** The thing. */
  readonly item: CollateralItem;
  /** The answer. */
  readonly answer: CollateralAnswer;
  /** What it is read with. */
  readonly context: CollateralContext;
  /** What comes of it. */
  readonly content: CollateralContent;
}

let made: Promise<readonly VendorBase[]> | undefined;

/** All of them, made once. */
export function vendorBases(): Promise<readonly VendorBase[]> {
  return made ??= make();
}

async function make(): Promise<readonly VendorBase[]> {
  const bases: VendorBase[] = [];
  for (const line of ["Genoa", "Milan"] as const) {
    const { minted, http } = await bareSnp(line);
    const items = await itemsOf(sevSnp, { report: minted.report });
    bases.push(...await answersTo(items, http, [minted.der.ark]));
    if (line === "Genoa") bases.push(...await onAzure(minted));
  }
  const { minted, http } = await bareTdx();
  const items = await itemsOf(tdx, { quote: minted.quote });
  bases.push(...await answersTo(items, http, [minted.der.root]));
  return bases;
}

/** The same chip's certificates from the machine's own metadata service. */
async function onAzure(
  { report, chain, der }: Awaited<ReturnType<typeof bareSnp>>["minted"],
): Promise<readonly VendorBase[]> {
  // CHIP_ID and REPORTED_TCB of a report (AMD 56860, Table 23).
  const [hwid, tcb] = [report.slice(0x1a0, 0x1e0), report.slice(0x180, 0x188)];
  const http = networkOf({ [THIM_ORIGIN]: fakeThim({ leaf: der.leaf, chain, tcb }) });
  const [bootloader = 0, tee = 0, , , , , snp = 0, microcode = 0] = tcb;
  const asked = { fmc: null, bootloader, tee, snp, microcode, raw: toHex(tcb) };
  return await answersTo([thimItem({ hwid: toHex(hwid), tcb: asked })], http, [der.ark]);
}

async function answersTo(
  items: readonly CollateralItem[],
  http: Http,
  labRoots: readonly Uint8Array[],
): Promise<readonly VendorBase[]> {
  const bases = new Map<string, VendorBase>();
  const get = async (item: CollateralItem): Promise<VendorBase> => {
    const known = bases.get(item.key);
    if (known !== undefined) return known;
    const needed = [];
    for (const need of item.needs ?? []) needed.push((await get(need)).content);
    const context = { engine, now: NOW, labRoots, needed };
    const answer = await answerOf(item, http);
    const base = { item, answer, context, content: await item.read(answer, context) };
    bases.set(item.key, base);
    return base;
  };
  for (const item of items) await get(item);
  return [...bases.values()];
}

async function answerOf(item: CollateralItem, http: Http): Promise<CollateralAnswer> {
  const { base } = SERVICES[item.service];
  const { body, headers } = await http.get({
    url: `${base}${item.path}`,
    headers: item.headers ?? {},
    maxBytes: item.maxBytes,
    timeout: 1000,
  });
  const kept = item.keepHeaders.flatMap((name) => {
    const value = headers[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { body, headers: Object.fromEntries(kept) };
}
