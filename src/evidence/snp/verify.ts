/**
 * Establishes that AMD silicon signed a report: root, chain, revocation, signature, leaf ↔ report.
 *
 * Bytes and mathematics are the engine's, in one call; this file says which
 * roots are trusted and turns the answer into facts or a refusal.
 *
 * @module
 */

import { frame, fromHex, uint64 } from "../../core/bytes.ts";
import type { Engine } from "../../core/crypto.ts";
import { InputError, RejectedError } from "../../core/errors.ts";
import { describeCertificates } from "../../core/x509.ts";
import type { Verified, VerifyContext } from "../evidence.ts";
import type { SnpEvidence } from "./report.ts";
import { AMD_ROOTS, type SnpAnchor } from "./roots.ts";

/** Most roots that the engine takes. */
const MAX_ANCHORS = 16;

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
  const labs = await Promise.all(context.labRoots.map((root) => labAnchors(engine, root)));
  const anchors = [...AMD_ROOTS, ...labs.flat()];
  if (anchors.length > MAX_ANCHORS) throw tooManyRoots();
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
  anchors: readonly SnpAnchor[],
  now: Date,
): Promise<Verified<SnpEvidence>> {
  const answer = await engine.run("snp_verify", [
    files.report,
    files.leaf,
    files.chainAskArk,
    frame(files.crls ?? []),
    frame(anchors.map(frameAnchor)),
    uint64(Math.floor(now.getTime() / 1000)),
  ]);
  // The engine answers with this shape or with a rejection, which `run` throws; tests hold the shape.
  return answer as Verified<SnpEvidence>;
}

function tooManyRoots(): InputError {
  const fields = {
    role: "labRoots",
    expected: `at most ${MAX_ANCHORS - AMD_ROOTS.length} certificates`,
  };
  return new InputError(`Cannot use the lab roots: expected ${fields.expected} in all`, {
    code: "input.value",
    fields,
  });
}

function frameAnchor(anchor: SnpAnchor): Uint8Array {
  return frame([
    new TextEncoder().encode(anchor.line),
    fromHex(anchor.certificateSha256),
    fromHex(anchor.spkiSha256),
    Uint8Array.of(anchor.lab ? 1 : 0),
  ]);
}

/** The lab root is the operator's own file: what is wrong with it is an input error, not a verdict on the evidence. */
async function labAnchors(engine: Engine, root: Uint8Array): Promise<readonly SnpAnchor[]> {
  const certificates = await describeCertificates(engine, root).catch((cause: unknown) => {
    if (!(cause instanceof RejectedError)) throw cause;
    const fields = { role: "labRoots", ...cause.fields };
    throw new InputError(`Cannot read the lab root: ${cause.message}`, {
      code: "input.wrong_kind",
      fields,
      cause,
    });
  });
  return certificates.map(({ summary }) => ({
    line: "",
    certificateSha256: summary.sha256,
    spkiSha256: summary.spkiSha256,
    lab: true,
  }));
}
