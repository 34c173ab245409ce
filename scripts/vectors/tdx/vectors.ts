/**
 * Mints the vectors of TDX: each version of the quote, body and CA, and bent
 * evidence beside it.
 *
 * @module
 */

import { concat, toHex } from "../../../src/core/bytes.ts";
import {
  createIntelAuthority,
  type IntelAuthority,
  type MintedTdx,
  mintTdx,
  type MintTdxOptions,
} from "../../../src/lab/mod.ts";
import { type Evidence, type MintedCase, NONCE, only, TIME, type VectorSource } from "../source.ts";
import { bentCases } from "./bent.ts";
import type { Bent } from "./bent_case.ts";
import { type Good, GOOD_CASES } from "./good.ts";
import { COLLATERAL_FILES, FILE_NAMES, ROOT } from "./files.ts";

/** TDX. */
export const tdxVectors: VectorSource = { files: FILE_NAMES, labRoot: ROOT, mint };

/** P-256 keys are quick to make: each good case has an authority of its own, so that no file fits another case. */
async function* mint(): AsyncGenerator<MintedCase> {
  for (const good of GOOD_CASES) {
    yield* mintGood(good, await createIntelAuthority({ now: TIME }));
  }
}

/** A good case, and the bent ones that are made from it. */
async function* mintGood(good: Good, authority: IntelAuthority): AsyncGenerator<MintedCase> {
  const { name, says } = good;
  const options = { ...good.options, now: TIME, reportData: NONCE };
  const minted = await mintTdx(authority, options);
  const policy = policyOf(minted, good.section);
  yield {
    name,
    says,
    policy,
    verdict: "lab-trusted",
    code: null,
    own: evidenceOf(minted),
    base: null,
  };
  for (const bent of await bentCases(name, authority, minted)) {
    const { name, says, code, files } = bent;
    const again = evidenceOf(
      await mintBent(authority, { ...options, ...bent.options }, minted, bent),
    );
    yield {
      name,
      says,
      policy,
      verdict: "rejected",
      code,
      own: only(again, files),
      base: good.name,
    };
  }
}

/** The same platform again; where only the quote is bent, with the same collateral. */
async function mintBent(
  authority: IntelAuthority,
  options: MintTdxOptions,
  { keys, pck, ...base }: MintedTdx,
  { files }: Bent,
): Promise<MintedTdx> {
  const bendsCollateral = files.some((file) => COLLATERAL_FILES.includes(file));
  return await mintTdx(authority, {
    ...options,
    keys,
    pck: { ...pck, ...options.pck },
    ...(bendsCollateral ? {} : { collateralFrom: base }),
  });
}

function policyOf({ mrTd, rtmrs: [, rtmr1, rtmr2] }: MintedTdx, more: Good["section"]): unknown {
  const section = {
    mrTd: [toHex(mrTd)],
    rtmr1: [toHex(rtmr1)],
    rtmr2: [toHex(rtmr2)],
    trailingBytes: "forbid",
    ...more,
  };
  return { version: 1, allowLab: true, tdx: section };
}

function evidenceOf({ quote, tcbInfo, qeIdentity, der }: MintedTdx): Evidence {
  const text = new TextEncoder();
  return {
    [FILE_NAMES.quote]: quote,
    [FILE_NAMES.tcbInfo]: text.encode(tcbInfo),
    [FILE_NAMES.qeIdentity]: text.encode(qeIdentity),
    [FILE_NAMES.tcbChain]: concat(der.tcbSigning, der.root),
    [FILE_NAMES.pckCrl]: der.pckCrl,
    [FILE_NAMES.pckCrlChain]: concat(der.ca, der.root),
    [FILE_NAMES.rootCrl]: der.rootCrl,
    [ROOT]: der.root,
  };
}
