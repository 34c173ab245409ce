/**
 * Asks the public library about minted TDX evidence, and says what its answers must be.
 *
 * @module
 */

import assert from "node:assert/strict";
import { CasemateError, examine, InputError, type Request, type Result } from "../../mod.ts";
import { toHex } from "../../src/core/bytes.ts";
import { inlineEngine } from "../../src/core/crypto_inline.ts";
import {
  type Collateral,
  type TcbEvaluation,
  type TdxEvidence,
  type TdxFiles,
  verifySgxQuote,
} from "../../src/evidence/tdx/mod.ts";
import { type MintedTdx, mintTdx, type MintTdxOptions, type TdxBends } from "../../src/lab/mod.ts";
import { intelAuthority } from "../intel_authority.ts";
import { NOW } from "../lab_authority.ts";
import { assertRefused, shown } from "../result.ts";

/** The nonce that minted evidence answers. */
export const NONCE: Uint8Array = new Uint8Array(32).fill(0xab);

/** What the lab mints by here. */
export type Minting = Partial<MintTdxOptions>;

/** What differs from a plain question. */
export interface Changes {
  /** Files in place of the minted ones; undefined leaves one out. */
  readonly files?: { readonly [role in keyof TdxFiles]?: Uint8Array | undefined };
  /** Keys of the `tdx` section of the policy, beside the pinned registers. */
  readonly section?: Readonly<Record<string, unknown>>;
  /** Other keys of the policy. */
  readonly policy?: Readonly<Record<string, unknown>>;
  /** Other members of the request. */
  readonly request?: Partial<Pick<Request, "expect" | "labRoots" | "now" | "profile">>;
}

/** A question about TDX. */
export type TdxRequest = Extract<Request, { readonly variant: "tdx" }>;

/** A bend, and the code that it must give. */
export type BendCase = readonly [what: string, minting: Minting, code: string];

/** Mints evidence that answers {@linkcode NONCE} and is right unless bent. */
export async function mint(minting: Minting = {}): Promise<MintedTdx> {
  return await mintTdx(await intelAuthority(), { now: NOW, reportData: NONCE, ...minting });
}

/** Bends of evidence, as minting takes them. */
export const bent = (bends: TdxBends): Minting => ({ bends });

/** Text as a file. */
export const asFile = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Minted evidence as verification takes it. */
export function filesOf(minted: MintedTdx): TdxFiles & Required<Omit<TdxFiles, "pckCrlChain">> {
  const { quote, tcbInfo, qeIdentity, tcbChain, der } = minted;
  return {
    quote,
    tcbInfo: asFile(tcbInfo),
    qeIdentity: asFile(qeIdentity),
    tcbChain: asFile(tcbChain),
    pckCrl: der.pckCrl,
    rootCrl: der.rootCrl,
  };
}

/** Leaves all collateral out. */
export const QUOTE_ALONE: Required<Changes>["files"] = {
  tcbInfo: undefined,
  qeIdentity: undefined,
  tcbChain: undefined,
  pckCrl: undefined,
  rootCrl: undefined,
};

/** The whole question about minted evidence: firmware, kernel and command line pinned, nonce expected, lab root given. */
export function requestFor(minted: MintedTdx, changes: Changes = {}): TdxRequest {
  const { files, section, policy, request } = changes;
  const given = Object.entries({ ...filesOf(minted), ...files });
  const evidence = Object.fromEntries(given.filter(([, file]) => file !== undefined));
  // A quote of an enclave has no registers.
  const pinned = minted.mrTd.length === 0 ? {} : {
    mrTd: [toHex(minted.mrTd)],
    rtmr1: [toHex(minted.rtmrs[1])],
    rtmr2: [toHex(minted.rtmrs[2])],
  };
  return {
    variant: "tdx",
    // Tests leave out what must be there, too.
    evidence: evidence as unknown as TdxFiles,
    expect: { nonce: NONCE },
    policy: { version: 1, ...policy, tdx: { ...pinned, ...section } },
    now: NOW,
    labRoots: [minted.der.root],
    ...request,
  };
}

/** Asks about minted evidence. */
export function ask(minted: MintedTdx, changes: Changes = {}): Promise<Result> {
  return examine(requestFor(minted, changes));
}

/** Mints, then asks. */
export async function judge(minting: Minting = {}, changes: Changes = {}): Promise<Result> {
  return await ask(await mint(minting), changes);
}

/** Asserts that nothing at all was found wrong. */
export function assertGood(result: Result, what = ""): void {
  assert.deepEqual(
    { verdict: result.verdict, code: result.code },
    { verdict: "lab-trusted", code: null },
    `${what}: ${shown(result)}`,
  );
  assert.deepEqual(result.findings.filter(({ kind }) => kind === "mismatch"), []);
  assert.equal(result.weakestRoot, "lab");
}

/** The verified evidence of a result that has some. */
export function claimsOf(result: Result): TdxEvidence {
  assert.notEqual(result.claims, null, shown(result));
  // Not null: it is what `verify` of this technology gave.
  return result.claims as TdxEvidence;
}

/** The collateral of a result that has some. */
export function collateralOf(result: Result): Collateral {
  const { collateral } = claimsOf(result);
  assert.ok(collateral, "there is collateral");
  return collateral;
}

/** What the collateral of a result says of the platform. */
export function tcbOf(result: Result): TcbEvaluation {
  return collateralOf(result).tcb;
}

/** Mints each bend, and asserts that each is refused with its code. */
export async function assertBends(bends: readonly BendCase[]): Promise<void> {
  for (const [what, minting, code] of bends) {
    const result = await judge(minting);
    assert.equal(result.code, code, `${what}: ${shown(result)}`);
    assertRefused(result, code);
  }
}

/** Asserts that what was minted is refused with a code once some files are changed. */
export async function assertFiles(
  minted: MintedTdx,
  files: Required<Changes>["files"],
  code: string,
  what = "",
): Promise<void> {
  const result = await ask(minted, { files });
  assert.equal(result.code, code, `${what}: ${shown(result)}`);
  assertRefused(result, code);
}

/** The code of a question whose files may be nothing that can be read; `none` where nothing is wrong. */
export async function codeOf(asked: Promise<Result>): Promise<string> {
  try {
    const { verdict, code } = await asked;
    if (code !== null) assert.notEqual(verdict, "trusted");
    return code ?? "none";
  } catch (error) {
    if (error instanceof InputError) return error.code;
    throw error;
  }
}

/** The code with which an SGX quote is refused; `none` where it holds. */
export async function sgxCode(
  minted: MintedTdx,
  files: Required<Changes>["files"] = {},
): Promise<string> {
  const given = Object.entries({ ...filesOf(minted), ...files });
  const present = Object.fromEntries(given.filter(([, file]) => file !== undefined));
  const context = { now: NOW, labRoots: [minted.der.root] };
  try {
    await verifySgxQuote(inlineEngine, present as unknown as TdxFiles, context);
    return "none";
  } catch (error) {
    if (error instanceof CasemateError) return error.code;
    throw error;
  }
}
