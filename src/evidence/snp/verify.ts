/**
 * Establishes that AMD silicon signed a report: root, chain, revocation, signature, leaf ↔ report.
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
import type { SnpEvidence } from "./report.ts";
import { AMD_ROOTS } from "./roots.ts";

/** What SEV-SNP verification takes. */
export interface SnpFiles {
  /** ATTESTATION_REPORT, 1184 bytes. */
  readonly report: Uint8Array;
  /** VCEK or VLEK, PEM or DER. */
  readonly leaf: Uint8Array;
  /** ASK or ASVK, then ARK, PEM or DER. */
  readonly chainAskArk: Uint8Array;
  /** Revocation lists issued by the ARK, PEM or DER; absent means none. */
  readonly crls?: readonly Uint8Array[];
}

/**
 * Proves that a report was signed by a genuine AMD platform (or by a lab whose
 * root was given).
 *
 * Establishes signature, chain, validity at `now`, revocation where lists were
 * given, and that the leaf is the one of this report. Leaves measurements,
 * policy, freshness, product status and absent revocation lists unjudged: pass
 * the result to `appraise`.
 *
 * @param engine Verification engine.
 * @param files Report and endorsements.
 * @param context Time and lab roots.
 * @throws {RejectedError} `snp.*` and `x509.*` codes of class `rejected`.
 * @throws {InputError} `input.*` for files that are something else.
 */
export async function verify(
  engine: Engine,
  files: SnpFiles,
  context: VerifyContext,
): Promise<Verified<SnpEvidence>> {
  const anchors = await withLabRoots(engine, AMD_ROOTS, context.labRoots);
  return verifyUnder(engine, files, anchors, context.now);
}

/**
 * The same under roots of the caller's choice: for corpora that bring a root of their own.
 *
 * @param engine Verification engine.
 * @param files Report and endorsements.
 * @param anchors Roots that are trusted, and no others.
 * @param now Moment at which everything must be valid.
 */
export async function verifyUnder(
  engine: Engine,
  files: SnpFiles,
  anchors: readonly Anchor[],
  now: Date,
): Promise<Verified<SnpEvidence>> {
  const answer = await engine.run("snp_verify", [
    files.report,
    files.leaf,
    files.chainAskArk,
    frame(files.crls ?? []),
    frameAnchors(anchors),
    uint64(Math.floor(now.getTime() / 1000)),
  ]);
  // The engine answers with this shape or with a rejection, which `run` throws; tests hold the shape.
  return answer as Verified<SnpEvidence>;
}
