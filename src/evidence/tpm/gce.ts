/**
 * The vTPM of Google Compute Engine: its attestation key has a certificate of
 * Google's, which says which instance of whose project it is of.
 *
 * @module
 */

import type { Engine } from "../../core/crypto.ts";
import { RejectedError } from "../../core/errors.ts";
import type { Check, FileInput, FilesByRole, VerifyContext } from "../evidence.ts";
import { ATTESTATION_FILE, unpackAttestation } from "../gce/attestation.ts";
import { GCE_INSTANCE } from "../gce/checks.ts";
import { GOOGLE_ROOT_FILES, googleIssuersOf } from "../gce/issuers.ts";
import { type GceInstance, readGceInstance } from "../gce/mod.ts";
import { TPM_CHECKS } from "./checks.ts";
import { readFiles, TPM_FILES, type TpmFiles } from "./files.ts";
import type { TpmEvidence } from "./report.ts";
import { rootsOf } from "./roots.ts";
import { undone, verifyUnder } from "./verify.ts";

/** What verification of such a TPM takes: pieces, or one container that holds most of them. */
export interface GceTpmFiles extends Partial<TpmFiles> {
  /** Attestation as go-tpm-tools writes it. */
  readonly attestationPb?: Uint8Array;
}

/** What is proven of such a TPM. */
export interface GceTpmEvidence {
  /** Quotes, key, registers and log. */
  readonly vtpm: TpmEvidence;
  /** Which instance it is, as the key's certificate says. */
  readonly instance: GceInstance;
}

/** What the flags say: pieces, which one container can stand for. */
export const GCE_TPM_FILES: readonly FileInput[] = [
  ...TPM_FILES.map((file): FileInput => {
    switch (file.role) {
      case "akCertRoots":
        return { ...file, says: "root that you believe beside Google's, PEM or DER" };
      default:
        return { ...file, required: false };
    }
  }),
  ATTESTATION_FILE,
];

/** Steps, in the order in which they are done. */
export const GCE_TPM_CHECKS: readonly Check[] = [...TPM_CHECKS, GCE_INSTANCE];

/**
 * Ids of the steps that are passed by for want of input.
 *
 * @param files The files.
 */
export function undoneOfGceTpm(files: GceTpmFiles): readonly string[] {
  return undone(readGceTpm({ ...files }));
}

/**
 * Reads the files by role.
 *
 * @param files The files.
 * @throws {InputError} `input.missing`, `input.conflict`, `input.encoding`, `input.value`, `input.wrong_kind`, `input.empty`, `input.too_large`
 */
export function readGceTpm(files: FilesByRole): TpmFiles {
  return readFiles(unpackAttestation(files));
}

/**
 * Proves that a key which Google certified signed the quotes, and reads of which
 * instance it is.
 *
 * A key without a certificate, or with one that says nothing of an instance, may
 * be any program's, whatever it signed.
 *
 * @param engine Verification engine.
 * @param given The files.
 * @param context Time and lab roots.
 * @throws {RejectedError} `tpm.*`, `logs.*`, `x509.*`, `gce.instance_missing`, `gce.instance_malformed`
 * @throws {InputError} `input.*`
 */
export async function verifyGceTpm(
  engine: Engine,
  given: GceTpmFiles,
  { now, labRoots }: VerifyContext,
): Promise<GceTpmEvidence> {
  const files = readGceTpm({ ...given });
  const { akCert, akCertIssuers = [], akCertRoots = [] } = files;
  const known = akCert === undefined ? [] : [akCert, ...akCertIssuers];
  const issuers = [...akCertIssuers, ...await googleIssuersOf(engine, known)];
  const papers = {
    certificate: akCert,
    issuers,
    roots: [...GOOGLE_ROOT_FILES, ...akCertRoots],
  };
  const roots = await rootsOf(engine, papers, { labRoots });
  const vtpm = await verifyUnder(engine, { ...files, akCertIssuers: issuers }, { ...roots, now });
  const instance = akCert === undefined ? null : await readGceInstance(engine, akCert);
  if (instance !== null) return { vtpm, instance };
  const problem = akCert === undefined ? "it has no certificate" : "its certificate names none";
  throw new RejectedError(`Cannot tell of which instance the attestation key is: ${problem}`, {
    code: "gce.instance_missing",
    fields: { reason: problem },
  });
}
