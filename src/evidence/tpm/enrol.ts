/**
 * Enrolment: that an attestation key lives in the TPM of an endorsement key
 * which its maker certified (TPM 2.0 Part 1 §9.5.3.3, TCG TPM 2.0 Keys for Device
 * Identity and Attestation §5).
 *
 * Whoever enrols keeps the Name that {@linkcode finishEnrolment} gives, and pins it
 * as `akNames` in the policy from then on.
 *
 * @module
 */

import { equal, frame, fromHex, uint64 } from "../../core/bytes.ts";
import type { Engine } from "../../core/crypto.ts";
import { RejectedError } from "../../core/errors.ts";
import type { Random } from "../../core/ports.ts";
import { frameAnchors } from "../anchors.ts";
import type { Verified, VerifyContext } from "../evidence.ts";
import type { TpmCode } from "./codes.ts";
import { type Credential, makeCredential } from "./credential.ts";
import type { CertifiedKey, PublicArea } from "./report.ts";
import { rootsOf } from "./roots.ts";

export type { Credential } from "./credential.ts";
export type { Random } from "../../core/ports.ts";

/** Length of the secret that comes back, bytes: that of the shortest Name's hash. */
const SECRET_BYTES = 32;

/** What the machine that is to be enrolled sent; nothing of it is believed. */
export interface EnrolmentRequest {
  /** Public area of the endorsement key, TPMT_PUBLIC. */
  readonly ekPublic: Uint8Array;
  /** Its certificate, PEM or DER. */
  readonly ekCert: Uint8Array;
  /** Certificates between it and the root, PEM or DER. */
  readonly ekCertIssuers?: readonly Uint8Array[];
  /** Revocation lists of the certificates' issuers, PEM or DER. */
  readonly ekCertCrls?: readonly Uint8Array[];
  /** Public area of the attestation key, TPM2B_PUBLIC or TPMT_PUBLIC. */
  readonly akPublic: Uint8Array;
}

/** What the enrolling side brings. */
export interface EnrolmentContext extends VerifyContext {
  /** Roots of TPM makers that are believed, PEM or DER; the lab's stand in `labRoots`. */
  readonly ekCertRoots: readonly Uint8Array[];
  /** Where the secret comes from. */
  readonly random: Random;
}

/** An enrolment that waits for the TPM's answer. */
export interface Enrolment {
  /** The endorsement key's certificate, verified. */
  readonly endorsement: Verified<CertifiedKey>;
  /** The attestation key, as its public area says. */
  readonly attestationKey: PublicArea;
  /** To be sent to the machine, which lets its TPM activate it. */
  readonly credential: Credential;
  /** What must come back. Goes nowhere else. */
  readonly secret: Uint8Array;
}

/**
 * Verifies an endorsement key's certificate and makes the challenge that only a
 * TPM with both keys can answer.
 *
 * What is established: the endorsement key is certified by a maker whose root was
 * given, and the attestation key claims to be one. What is not: that the latter
 * exists in that TPM, before {@linkcode finishEnrolment}; and revocation, where
 * `endorsement.revocationChecked` is false.
 *
 * @param engine Verification engine.
 * @param request What the machine sent.
 * @param context Roots, time, randomness.
 * @throws {RejectedError} `tpm.*` and `x509.*` codes.
 * @throws {InputError} `input.*` for files that are something else, or no root.
 */
export async function startEnrolment(
  engine: Engine,
  request: EnrolmentRequest,
  context: EnrolmentContext,
): Promise<Enrolment> {
  // The credential must go to the key that was certified, whatever becomes of the caller's buffers meanwhile.
  const ekPublic = new Uint8Array(request.ekPublic);
  const akPublic = new Uint8Array(request.akPublic);
  const endorsement = await verifyEndorsement(engine, { ...request, ekPublic }, context);
  const attestationKey = await engine.run("tpm_public", [akPublic]) as PublicArea;
  checkAttestationKey(attestationKey);
  const secret = context.random.bytes(SECRET_BYTES);
  const name = fromHex(attestationKey.name);
  const credential = await makeCredential(ekPublic, name, secret, context.random);
  return { endorsement, attestationKey, credential, secret };
}

/** A key that signs what the caller chooses would sign a false quote, too. */
function checkAttestationKey({ attributes, scheme }: PublicArea): void {
  const { restricted, sign, decrypt, fixedTPM, fixedParent, sensitiveDataOrigin } = attributes;
  const bound = fixedTPM && fixedParent && sensitiveDataOrigin;
  if (!restricted || !sign || decrypt || !bound) {
    throw refuse("tpm.public_attributes", "its attributes are not those of an attestation key");
  }
  if (scheme === null) throw refuse("tpm.public_algorithm", "it names no scheme to sign by");
}

function refuse(code: TpmCode, reason: string): RejectedError {
  return new RejectedError(`Cannot enrol the attestation key: ${reason}`, {
    code,
    fields: { reason },
  });
}

async function verifyEndorsement(
  engine: Engine,
  { ekPublic, ekCert, ekCertIssuers = [], ekCertCrls = [] }: EnrolmentRequest,
  { ekCertRoots, labRoots, now }: EnrolmentContext,
): Promise<Verified<CertifiedKey>> {
  const papers = { certificate: ekCert, issuers: ekCertIssuers, roots: ekCertRoots };
  const { anchors, certificates } = await rootsOf(engine, papers, { labRoots, of: "ek" });
  // The engine answers with this shape or with a rejection, which `run` throws; tests hold the shape.
  return await engine.run("tpm_certificate", [
    new TextEncoder().encode("EK"),
    frame([ekCert, ...ekCertIssuers, ...certificates]),
    frame(ekCertCrls),
    frameAnchors(anchors),
    ekPublic,
    uint64(Math.floor(now.getTime() / 1000)),
  ]) as Verified<CertifiedKey>;
}

/**
 * Ends an enrolment with what the TPM made of the credential.
 *
 * What is established: the attestation key of this Name is in the same TPM as the
 * endorsement key, which alone could open the credential, and only for that Name.
 *
 * @param enrolment The enrolment.
 * @param answer The secret, as TPM2_ActivateCredential gave it.
 * @returns Name of the attestation key, hex, for `akNames`.
 * @throws {RejectedError} `tpm.enrolment_mismatch`
 */
export function finishEnrolment(enrolment: Enrolment, answer: Uint8Array): string {
  if (equal(enrolment.secret, answer)) return enrolment.attestationKey.name;
  throw refuse("tpm.enrolment_mismatch", "the secret that came back is not the one that was sent");
}
