/**
 * Roots that are trusted, and how the engine is told of them.
 *
 * @module
 */

import { frame, fromHex } from "../core/bytes.ts";
import type { Engine } from "../core/crypto.ts";
import { InputError, RejectedError } from "../core/errors.ts";
import type { PinnedRoot } from "../core/portable/anchors.ts";
import { describeCertificates } from "../core/x509.ts";

/** Most roots that the engine takes. */
const MAX_ANCHORS = 16;

/** A root key that is trusted, by certificate and by key. */
export interface Anchor {
  /** Product line where a vendor has a root for each, as `Milan`; empty takes it from the certificate's subject. */
  readonly line: string;
  /** SHA-256 of the root certificate's DER, hex. */
  readonly certificateSha256: string;
  /** SHA-256 of its SubjectPublicKeyInfo, hex. */
  readonly spkiSha256: string;
  /** Whether it is a lab's: then every certificate must carry the lab mark. */
  readonly lab: boolean;
}

/**
 * A vendor's roots and those of the labs that the caller trusts.
 *
 * @param engine Verification engine.
 * @param vendor The vendor's roots.
 * @param labRoots Lab roots, PEM or DER certificates.
 * @throws {InputError} `input.wrong_kind` for a lab root that is no certificate, `input.value` for too many.
 */
export async function withLabRoots(
  engine: Engine,
  vendor: readonly Anchor[],
  labRoots: readonly Uint8Array[],
): Promise<readonly Anchor[]> {
  const labs = await Promise.all(labRoots.map((root) => labAnchors(engine, root)));
  const anchors = [...vendor, ...labs.flat()];
  if (anchors.length <= MAX_ANCHORS) return anchors;
  const fields = {
    role: "labRoots",
    expected: `at most ${MAX_ANCHORS - vendor.length} certificates`,
  };
  throw new InputError(`Cannot use the lab roots: expected ${fields.expected} in all`, {
    code: "input.value",
    fields,
  });
}

/**
 * Roots in the form that the engine's operations take.
 *
 * @param anchors The roots.
 */
export function frameAnchors(anchors: readonly Anchor[]): Uint8Array {
  return frame(anchors.map((anchor) =>
    frame([
      new TextEncoder().encode(anchor.line),
      fromHex(anchor.certificateSha256),
      fromHex(anchor.spkiSha256),
      Uint8Array.of(anchor.lab ? 1 : 0),
    ])
  ));
}

/**
 * Roots in the form that the portable code takes, where it reads what no operation of the engines does.
 *
 * @param anchors The roots.
 */
export function pinnedRoots(anchors: readonly Anchor[]): readonly PinnedRoot[] {
  return anchors.map(({ line, certificateSha256, spkiSha256, lab }) => ({
    label: line,
    certificate: certificateSha256,
    key: spkiSha256,
    lab,
  }));
}

/** The lab root is the operator's own file: what is wrong with it is an input error, not a verdict on the evidence. */
async function labAnchors(engine: Engine, root: Uint8Array): Promise<readonly Anchor[]> {
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
