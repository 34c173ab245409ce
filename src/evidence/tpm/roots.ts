/**
 * Roots of attestation keys' certificates. None is built in: each cloud and
 * each TPM vendor has its own, and who is believed is the operator's to say.
 *
 * @module
 */

import type { Engine } from "../../core/crypto.ts";
import { InputError, RejectedError } from "../../core/errors.ts";
import { describeCertificates, type DescribedCertificate } from "../../core/x509.ts";
import { type Anchor, withLabRoots } from "../anchors.ts";
import type { VerifyContext } from "../evidence.ts";
import { MAX_ROOTS, type TpmFiles } from "./files.ts";

/**
 * Roots that are trusted for the key's certificate.
 *
 * @param engine Verification engine.
 * @param files The files.
 * @param context Lab roots.
 * @throws {InputError} `input.missing` where a certificate is given and no root, `input.wrong_kind` for a root that is no certificate or a lab's, `input.value` for too many.
 */
export async function anchorsOf(
  engine: Engine,
  { akCert, akCertRoots = [] }: TpmFiles,
  { labRoots }: Pick<VerifyContext, "labRoots">,
): Promise<readonly Anchor[]> {
  if (akCert !== undefined && akCertRoots.length + labRoots.length === 0) {
    throw new InputError(
      "Cannot verify ak-cert: ak-cert-root is not given, and no root is built in",
      { code: "input.missing", fields: { role: "akCertRoots", missing: "akCertRoots" } },
    );
  }
  const roots = (await Promise.all(akCertRoots.map((root) => readRoot(engine, root)))).flat();
  if (roots.length > MAX_ROOTS) throw refuse("input.value", `there are more than ${MAX_ROOTS}`);
  return await withLabRoots(engine, roots.map(anchorOf), labRoots);
}

async function readRoot(
  engine: Engine,
  root: Uint8Array,
): Promise<readonly DescribedCertificate[]> {
  const certificates = await describeCertificates(engine, root).catch((cause: unknown) => {
    if (cause instanceof RejectedError) throw refuse("input.wrong_kind", cause.message, cause);
    throw cause;
  });
  // Under its own flag, a lab's root would pass for the provider's.
  if (!certificates.some(({ lab }) => lab)) return certificates;
  throw refuse("input.wrong_kind", "it is a lab's, which --lab-root takes");
}

function anchorOf({ summary }: DescribedCertificate): Anchor {
  return {
    line: "",
    certificateSha256: summary.sha256,
    spkiSha256: summary.spkiSha256,
    lab: false,
  };
}

/** The root is the operator's own file: what is wrong with it is an input error, not a verdict on the evidence. */
function refuse(code: string, problem: string, cause?: unknown): InputError {
  const fields = { role: "akCertRoots" };
  return new InputError(`Cannot use ak-cert-root: ${problem}`, { code, fields, cause });
}
