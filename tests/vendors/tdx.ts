/**
 * Bare quotes, and services that know their platforms.
 *
 * @module
 */

import { toHex } from "../../src/core/bytes.ts";
import { tdx } from "../../src/evidence/tdx/mod.ts";
import type { MintedTdx } from "../../src/lab/mod.ts";
import {
  type FakePcs,
  fakePcs,
  INTEL_CERTIFICATES_ORIGIN,
  PCS_ORIGIN,
  type PcsState,
} from "../fakes/pcs.ts";
import { type FakeNetwork, networkOf } from "../fakes/vendor.ts";
import { intelAuthority } from "../intel_authority.ts";
import { NOW } from "../lab_authority.ts";
import { mint, type Minting } from "../tdx/ask.ts";
import { gather, type Gathered, type GatherTerms } from "./gather.ts";

/** A quote without anything beside it, and the services that have the rest. */
export interface Bare {
  /** All that was minted. */
  readonly minted: MintedTdx;
  /** The services. */
  readonly pcs: FakePcs;
  /** The network on which there is nothing else. */
  readonly http: FakeNetwork;
  /** Terms of getting what is missing. */
  readonly terms: GatherTerms;
}

/** Mints a quote; the services know its platform. */
export async function bare(minting: Minting = {}, state: Partial<PcsState> = {}): Promise<Bare> {
  const minted = await mint(minting);
  const { now: _, ...platform } = { now: NOW, ...minting, pck: minted.pck };
  const pcs = fakePcs({
    authority: await intelAuthority(),
    platforms: { [toHex(minted.pck.fmspc)]: platform },
    issued: NOW,
    ...state,
  });
  const http = networkOf({
    [PCS_ORIGIN]: pcs,
    [INTEL_CERTIFICATES_ORIGIN]: pcs.certificates,
  });
  return { minted, pcs, http, terms: { http, labRoots: [minted.der.root] } };
}

/** Gets what a bare quote needs. */
export async function complete(
  { minted, terms }: Bare,
  question: GatherTerms["question"] = {},
): Promise<Gathered> {
  return await gather(tdx, { quote: minted.quote }, { ...terms, question });
}
