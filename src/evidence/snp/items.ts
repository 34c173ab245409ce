/**
 * What AMD's key distribution service hands out for SEV-SNP (57230 chapter 4),
 * as requests and the reading of answers.
 *
 * Each address is made of a product line out of a table, of hex and of
 * integers, and of nothing else: no address in a certificate or a report is
 * ever followed.
 *
 * @module
 */

import { isBytes } from "../../core/bytes.ts";
import type { PinnedRoot } from "../../core/portable/anchors.ts";
import { pinnedRoots, withLabRoots } from "../anchors.ts";
import type { CollateralAnswer, CollateralContext, CollateralItem } from "../collateral.ts";
import type { FilesByRole } from "../evidence.ts";
import type { AskedChip, AskedLine } from "./portable/fetched.ts";
import { findLine } from "./line.ts";
import { tcbOf } from "./tcb_layout.ts";
import type { Tcb } from "./report.ts";
import { AMD_ROOTS } from "./roots.ts";

export type { AskedChip, AskedLine } from "./portable/fetched.ts";

/** Service, as keys start with it. */
const SERVICE = "amd-kds";
/** Sizes that the engine takes: of a certificate, of a chain, of a list; bytes. */
const MAX_BYTES = { leaf: 8 * 1024, chain: 32 * 1024, list: 1024 * 1024 } as const;

/** Names of the components in addresses, in the order of 57230 §4.1; Turin has the FMC in front. */
const PARAMETERS: readonly (readonly [keyof Omit<Tcb, "raw">, string])[] = [
  ["fmc", "fmcSPL"],
  ["bootloader", "blSPL"],
  ["tee", "teeSPL"],
  ["snp", "snpSPL"],
  ["microcode", "ucodeSPL"],
];

/**
 * The certificate of a chip's key for a TCB.
 *
 * @param asked Whose it is.
 * @throws {TypeError} where line or hardware id are none, which only calling code can give.
 */
export function vcekItem(asked: AskedChip): CollateralItem {
  const path = `/vcek/v1/${asked.line}/${asked.hwid}?${chipQuery(asked)}`;
  return {
    key: `${SERVICE}${path}`,
    title: `VCEK of ${asked.line} chip ${asked.hwid.slice(0, 16)}`,
    kind: "certificate",
    service: SERVICE,
    path,
    keepHeaders: [],
    maxBytes: MAX_BYTES.leaf,
    immutable: true,
    roles: ["leaf"],
    needs: [chainItem({ line: asked.line, form: "VCEK" })],
    read: async ({ body }, context) => {
      const { readFetchedLeaf } = await import("./portable/fetched.ts");
      return await readFetchedLeaf(body, asked, await aboveOf(context));
    },
    brought: bringer("leaf"),
  };
}

/**
 * The components of a TCB as the service wants them: decimal, two digits at
 * least. One that is left out counts as zero there, and so names another key.
 *
 * @param asked Whose key it is.
 * @throws {TypeError} where line or hardware id are none.
 */
export function chipQuery({ line, hwid, tcb }: AskedChip): string {
  const known = findLine(line);
  if (known === undefined || !/^[0-9a-f]+$/.test(hwid) || hwid.length !== 2 * known.hwidBytes) {
    throw new TypeError("Cannot ask for a VCEK: no such line, or a hardware id of another length");
  }
  if ((tcb.fmc === null) !== (known.layout === "milan")) {
    throw new TypeError(`Cannot ask for a VCEK: a TCB that is none of ${line}`);
  }
  return PARAMETERS.flatMap(([component, name]) => {
    const number = tcb[component];
    return number === null ? [] : [`${name}=${`${number}`.padStart(2, "0")}`];
  }).join("&");
}

/**
 * ASK (or ASVK) and ARK.
 *
 * @param asked Line and form.
 */
export function chainItem(asked: AskedLine): CollateralItem {
  const path = `/${asked.form.toLowerCase()}/v1/${asked.line}/cert_chain`;
  return {
    key: `${SERVICE}${path}`,
    title: `${asked.form === "VCEK" ? "ASK" : "ASVK"} and ARK of ${asked.line}`,
    kind: "chain",
    service: SERVICE,
    path,
    keepHeaders: [],
    maxBytes: MAX_BYTES.chain,
    immutable: true,
    roles: ["chainAskArk"],
    read: async ({ body }, context) => {
      const { readFetchedChain } = await import("./portable/fetched.ts");
      return await readFetchedChain(body, asked, await rootsOf(context));
    },
    brought: bringer("chainAskArk"),
  };
}

/**
 * The revocation list that covers a form: VLEKs have one of their own, at an
 * address of its own.
 *
 * @param asked Line and form.
 * @param chain Where the chain comes from; the service's own where it is not given.
 */
export function listItem(
  asked: AskedLine,
  chain: CollateralItem = chainItem(asked),
): CollateralItem {
  const path = `/${asked.form.toLowerCase()}/v1/${asked.line}/crl`;
  return {
    key: `${SERVICE}${path}`,
    title: `Revocation list of ${asked.line}, ${asked.form}`,
    kind: "crl",
    service: SERVICE,
    path,
    keepHeaders: [],
    maxBytes: MAX_BYTES.list,
    immutable: false,
    roles: ["crls"],
    needs: [chain],
    read: async ({ body }, context) => {
      const { readFetchedList } = await import("./portable/fetched.ts");
      return await readFetchedList(body, asked, await aboveOf(context));
    },
    brought: bringer("crls"),
  };
}

/**
 * Finds an item by its key alone.
 *
 * @param key The key; may be anybody's.
 * @returns Null where it is none of these, or not written exactly like them.
 */
export function snpItemOfKey(key: string): CollateralItem | null {
  const [, form, line = "", what = "", query = ""] =
    /^amd-kds\/(vcek|vlek)\/v1\/([A-Za-z]+)\/([a-z0-9_]+)(?:\?(.*))?$/.exec(key) ?? [];
  if (form === undefined || findLine(line) === undefined) return null;
  const item = itemOf({ line, form: form === "vcek" ? "VCEK" : "VLEK" }, what, query);
  return item?.key === key ? item : null;
}

function itemOf(asked: AskedLine, what: string, query: string): CollateralItem | null {
  if (what === "cert_chain") return chainItem(asked);
  if (what === "crl") return listItem(asked);
  if (asked.form !== "VCEK") return null;
  const chip = chipOf(asked.line, what, query);
  return chip === null ? null : vcekItem(chip);
}

/**
 * A chip out of the parts of an address or key.
 *
 * @param line Product line.
 * @param hwid Hardware id.
 * @param query What {@linkcode chipQuery} wrote.
 * @returns Null where they are none.
 */
export function chipOf(line: string, hwid: string, query: string): AskedChip | null {
  const known = findLine(line);
  if (known === undefined || !/^[0-9a-f]+$/.test(hwid) || hwid.length !== 2 * known.hwidBytes) {
    return null;
  }
  const given = new URLSearchParams(query);
  const number = (name: string): number => {
    const text = given.get(name) ?? "";
    return /^[0-9]{2,3}$/.test(text) && Number(text) <= 255 ? Number(text) : NaN;
  };
  const tcb = {
    fmc: known.layout === "turin" ? number("fmcSPL") : null,
    bootloader: number("blSPL"),
    tee: number("teeSPL"),
    snp: number("snpSPL"),
    microcode: number("ucodeSPL"),
  };
  if (Object.values(tcb).some(Number.isNaN)) return null;
  return { line, hwid, tcb: tcbOf(tcb, known.layout) };
}

/** AMD's roots and the labs' that are trusted. */
export async function rootsOf(
  { engine, labRoots }: CollateralContext,
): Promise<readonly PinnedRoot[]> {
  return pinnedRoots(await withLabRoots(engine, AMD_ROOTS, labRoots));
}

/** The chain that was got first, and roots. */
async function aboveOf(
  context: CollateralContext,
): Promise<{ readonly chain: Uint8Array; readonly roots: readonly PinnedRoot[] }> {
  const chain = context.needed[0]?.files["chainAskArk"];
  if (!isBytes(chain)) throw new TypeError("Cannot read an answer without the chain above it");
  return { chain, roots: await rootsOf(context) };
}

/** A file as the evidence brought it; of several nobody knows which it is. */
function bringer(role: string): (files: FilesByRole) => CollateralAnswer | null {
  return (files) => {
    const given = files[role];
    const all = given === undefined ? [] : isBytes(given) ? [given] : given;
    const [body] = all;
    return body === undefined || all.length > 1 ? null : { body, headers: {} };
  };
}
