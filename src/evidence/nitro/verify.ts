/**
 * Establishes that AWS's hypervisor signed an attestation document of a kind.
 *
 * Bytes and mathematics are the engine's; this file says which roots are
 * trusted and turns the answer into facts or a refusal.
 *
 * @module
 */

import type { Engine } from "../../core/crypto.ts";
import { RejectedError } from "../../core/errors.ts";
import { withLabRoots } from "../anchors.ts";
import type { Verified, VerifyContext } from "../evidence.ts";
import { type DocumentTerms, readNitroDocument, verifyNitroDocument } from "./document.ts";
import type { NitroFiles } from "./files.ts";
import { KINDS, type NitroKind } from "./kind.ts";
import type { NitroEvidence } from "./report.ts";
import { AWS_NITRO_ROOTS } from "./roots.ts";

/**
 * Proves that AWS signed a document (or a lab whose root was given).
 *
 * Establishes the document's kind, chain, signature, validity at `now`, and
 * revocation where lists were given. Leaves registers, freshness, module and
 * user data unjudged: pass the result to `appraise`.
 *
 * @param engine Verification engine.
 * @param files The document.
 * @param kind Kind of document that is wanted.
 * @param context Time and lab roots.
 * @throws {RejectedError} `nitro.*` and `x509.*` codes of class `rejected`.
 * @throws {InputError} `input.*` for files that are something else.
 */
export async function verifyKind(
  engine: Engine,
  files: NitroFiles,
  kind: NitroKind,
  context: VerifyContext,
): Promise<Verified<NitroEvidence>> {
  const anchors = await withLabRoots(engine, AWS_NITRO_ROOTS, context.labRoots);
  return await verifyUnder(engine, files, kind, { anchors, now: context.now });
}

/** Roots and time of a verification. */
export type Terms = Omit<DocumentTerms, "crls">;

/**
 * The same under roots of the caller's choice: for corpora that bring one of their own.
 *
 * @param engine Verification engine.
 * @param files The document.
 * @param kind Kind of document that is wanted.
 * @param terms Roots and time.
 */
export async function verifyUnder(
  engine: Engine,
  { document, documentCrls: crls = [] }: NitroFiles,
  kind: NitroKind,
  terms: Terms,
): Promise<Verified<NitroEvidence>> {
  refuseOther((await readNitroDocument(engine, document)).kind, kind);
  const evidence = await verifyNitroDocument(engine, document, { ...terms, crls });
  // It is one document, but two readings: they must not differ.
  refuseOther(evidence.document.kind, kind);
  return evidence as Verified<NitroEvidence>;
}

/** Both kinds are signed under one root, by keys of one hypervisor: without this, an enclave's owner could show any registers as a NitroTPM's. */
function refuseOther(actual: NitroKind, expected: NitroKind): void {
  if (actual === expected) return;
  throw new RejectedError(
    `Cannot verify the document: it is an ${KINDS[actual].title}, expected an ${
      KINDS[expected].title
    }`,
    { code: "nitro.wrong_kind", fields: { expected, actual } },
  );
}
