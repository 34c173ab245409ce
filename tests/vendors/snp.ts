/**
 * Bare reports, and a key service that knows their chips.
 *
 * @module
 */

import { sevSnp } from "../../src/evidence/snp/mod.ts";
import type { LabLine, MintedSnp } from "../../src/lab/mod.ts";
import { type FakeKds, fakeKds, KDS_ORIGIN, type KdsState } from "../fakes/kds.ts";
import { type FakeNetwork, networkOf } from "../fakes/vendor.ts";
import { labAuthority, NOW } from "../lab_authority.ts";
import { mint, type Minting } from "../snp/ask.ts";
import { gather, type Gathered, type GatherTerms } from "./gather.ts";

/** TCBs that the lab's chips have here. */
const TCBS = {
  Milan: { fmc: null, bootloader: 4, tee: 0, snp: 24, microcode: 219 },
  Genoa: { fmc: null, bootloader: 10, tee: 0, snp: 23, microcode: 84 },
  Turin: { fmc: 1, bootloader: 1, tee: 1, snp: 4, microcode: 81 },
} as const;

/** A report without anything beside it, and the service that has the rest. */
export interface Bare {
  /** All that was minted. */
  readonly minted: MintedSnp;
  /** The service. */
  readonly kds: FakeKds;
  /** The network on which there is nothing else. */
  readonly http: FakeNetwork;
  /** Terms of getting what is missing. */
  readonly terms: GatherTerms;
}

/** Hardware id of the chip of a line. */
export function hwidOf(line: LabLine): Uint8Array {
  return new Uint8Array(line === "Turin" ? 8 : 64).fill(0xc1);
}

/** Mints a report of a line; the service knows its chip. */
export async function bare(
  line: LabLine = "Genoa",
  minting: Minting = {},
  state: Partial<KdsState> = {},
): Promise<Bare> {
  const hwid = hwidOf(line);
  const tcb = minting.tcb ?? TCBS[line];
  const minted = await mint({ line, hwid, tcb, ...minting });
  const authorities = { [line]: await labAuthority(line) };
  const chips = [{ line, hwid, tcb, leaf: minted.der.leaf }];
  const kds = fakeKds({ authorities, chips, issued: NOW, ...state });
  const http = networkOf({ [KDS_ORIGIN]: kds });
  return { minted, kds, http, terms: { http, labRoots: [minted.der.ark] } };
}

/** Gets what a bare report needs. */
export async function complete({ minted, terms }: Bare): Promise<Gathered> {
  return await gather(sevSnp, { report: minted.report }, terms);
}
