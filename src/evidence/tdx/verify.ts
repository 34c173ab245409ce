/**
 * Establishes that Intel silicon made a quote: root, chains, revocation, quoting
 * enclave, signature, module, TCB level.
 *
 * Bytes and mathematics are the engine's, in one call; this file says which
 * roots are trusted and turns the answer into facts or a refusal.
 *
 * @module
 */

import { frame, uint64 } from "../../core/bytes.ts";
import type { Engine } from "../../core/crypto.ts";
import { type Anchor, frameAnchors, withLabRoots } from "../anchors.ts";
import type { Verified, VerifyContext } from "../evidence.ts";
import { readFiles, type TdxFiles } from "./files.ts";
import type { SgxEvidence, TdxEvidence } from "./report.ts";
import { INTEL_ROOTS } from "./roots.ts";

/** Kind of TEE that a quote is of. */
type Tee = "TDX" | "SGX";

/** Roots and time of a verification. */
export interface Terms {
  /** Roots that are trusted. */
  readonly anchors: readonly Anchor[];
  /** Moment at which everything must be valid. */
  readonly now: Date;
}

/**
 * Proves that a TD quote was made by a genuine platform (or by a lab whose root
 * was given).
 *
 * Establishes the PCK chain, the quoting enclave's report, the attestation key
 * and the quote's signature; with collateral also revocation, the quoting
 * enclave's identity, the TDX module's, and the platform's TCB status. Leaves
 * measurements, TD attributes, freshness, the TCB status itself (but for
 * `Revoked`, which is refused) and absent collateral unjudged: pass the result
 * to `appraise`.
 *
 * @param engine Verification engine.
 * @param files Quote and collateral, as {@linkcode readFiles} gives them.
 * @param context Time and lab roots.
 * @throws {RejectedError} `tdx.*` and `x509.*` codes of class `rejected`.
 * @throws {InputError} `input.*` for files that are something else.
 */
export async function verify(
  engine: Engine,
  files: TdxFiles,
  context: VerifyContext,
): Promise<Verified<TdxEvidence>> {
  const anchors = await withLabRoots(engine, INTEL_ROOTS, context.labRoots);
  return await verifyUnder(engine, files, { anchors, now: context.now });
}

/**
 * The same under roots of the caller's choice: for corpora and oracles.
 *
 * @param engine Verification engine.
 * @param files Quote and collateral.
 * @param terms Roots that are trusted, and no others; time.
 */
export async function verifyUnder(
  engine: Engine,
  files: TdxFiles,
  terms: Terms,
): Promise<Verified<TdxEvidence>> {
  // The engine answers with this shape or with a rejection, which `run` throws; tests hold the shape.
  return await run(engine, "TDX", files, terms) as Verified<TdxEvidence>;
}

/**
 * Proves the same of a quote of an SGX enclave (version 3, 4 or 5), with the
 * collateral of SGX: TCB info of id `SGX`, QE identity of id `QE`.
 *
 * Casemate gives no verdict on enclaves: what they measure, and whether their
 * TCB status is good enough, is the caller's to judge.
 *
 * @example Read what an enclave measures, and whether Intel knows of holes
 * ```ts
 * import { inlineEngine } from "@casemate/casemate";
 * import { createIntelAuthority, mintTdx } from "@casemate/casemate/lab";
 * import { verifySgxQuote } from "@casemate/casemate/tdx";
 *
 * const now = new Date();
 * // In earnest these files come from the enclave's host and from Intel's PCS.
 * const minted = await mintTdx(await createIntelAuthority({ now }), { now, version: 3 });
 * const bytes = (text: string) => new TextEncoder().encode(text);
 *
 * const { quote, collateral } = await verifySgxQuote(inlineEngine, {
 *   quote: minted.quote,
 *   tcbInfo: bytes(minted.tcbInfo),
 *   qeIdentity: bytes(minted.qeIdentity),
 *   tcbChain: bytes(minted.tcbChain),
 *   pckCrl: bytes(minted.pckCrl),
 *   rootCrl: bytes(minted.rootCrl),
 * }, { now, labRoots: [bytes(minted.root)] });
 * console.log(quote.body.mrEnclave, quote.body.debug, collateral?.tcb.status);
 * ```
 *
 * @param engine Verification engine.
 * @param files Quote and collateral, in any form that the `tdx` object's `readFiles` takes.
 * @param context Time and lab roots.
 * @throws {RejectedError} `tdx.*` and `x509.*` codes of class `rejected`.
 * @throws {InputError} `input.*` for files that are something else, or half of the collateral.
 */
export async function verifySgxQuote(
  engine: Engine,
  files: TdxFiles,
  context: VerifyContext,
): Promise<Verified<SgxEvidence>> {
  const anchors = await withLabRoots(engine, INTEL_ROOTS, context.labRoots);
  return await verifySgxUnder(engine, readFiles({ ...files }), { anchors, now: context.now });
}

/**
 * The same under roots of the caller's choice.
 *
 * @param engine Verification engine.
 * @param files Quote and collateral.
 * @param terms Roots that are trusted, and no others; time.
 */
export async function verifySgxUnder(
  engine: Engine,
  files: TdxFiles,
  terms: Terms,
): Promise<Verified<SgxEvidence>> {
  return await run(engine, "SGX", files, terms) as Verified<SgxEvidence>;
}

function run(engine: Engine, tee: Tee, files: TdxFiles, { anchors, now }: Terms): Promise<unknown> {
  return engine.run("tdx_verify", [
    new TextEncoder().encode(tee),
    files.quote,
    frameCollateral(files),
    frameAnchors(anchors),
    uint64(Math.floor(now.getTime() / 1000)),
  ]);
}

/** Nothing where none was given; `readFiles` lets no half of it through. */
function frameCollateral(files: TdxFiles): Uint8Array {
  const { tcbInfo, qeIdentity, tcbChain, pckCrl, rootCrl, pckCrlChain } = files;
  const parts = [tcbInfo, qeIdentity, tcbChain, pckCrl, rootCrl];
  const given = parts.filter((part) => part !== undefined);
  if (given.length === 0) return new Uint8Array();
  if (given.length < parts.length) {
    throw new TypeError("Cannot verify a TDX quote with half of the collateral");
  }
  return frame([...given, frame(pckCrlChain === undefined ? [] : [pckCrlChain])]);
}

/**
 * Ids of the steps that are passed by without collateral.
 *
 * @param files The files.
 */
export function undone(files: TdxFiles): readonly string[] {
  return files.tcbInfo === undefined ? NEED_COLLATERAL : [];
}

/** Steps that need collateral. */
export const NEED_COLLATERAL: readonly string[] = [
  "tdx.tcb-chain",
  "tdx.revocation",
  "tdx.tcb-info",
  "tdx.qe-identity",
  "tdx.qe",
  "tdx.module",
  "tdx.tcb",
];
