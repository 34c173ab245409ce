/**
 * Which firmware Google says it launches, beside a launch digest of the CPU's.
 *
 * @module
 */

import type { Engine } from "../../core/crypto.ts";
import { CasemateError, InputError } from "../../core/errors.ts";
import { describeCertificates } from "../../core/x509.ts";
import { type Anchor, withLabRoots } from "../anchors.ts";
import type { VerifyContext } from "../evidence.ts";
import type { Finding, Root } from "../finding.ts";
import { type Judgement, toFinding } from "../judgement.ts";
import { GCE_ENDORSEMENT } from "./checks.ts";
import type { GceCode } from "./codes.ts";
import type { EndorsementFiles } from "./files.ts";
import { type GceEndorsement, readEndorsement } from "./mod.ts";

const ROOTS = "firmwareEndorsementRoots";

/**
 * Verifies an endorsement where one was given.
 *
 * @param engine Verification engine.
 * @param files The files.
 * @param context Time and lab roots.
 * @returns Null where none was given.
 * @throws {RejectedError} `gce.endorsement_*`, `gce.lab_*`, `x509.*`
 * @throws {InputError} `input.*`
 */
export async function verifyEndorsement(
  engine: Engine,
  { firmwareEndorsement, firmwareEndorsementRoots: given = [] }: EndorsementFiles,
  { now, labRoots }: VerifyContext,
): Promise<GceEndorsement | null> {
  if (firmwareEndorsement === undefined) return null;
  if (given.length + labRoots.length === 0) {
    throw new InputError(
      "Cannot verify firmware-endorsement: firmware-endorsement-root is not given, and no root is built in",
      { code: "input.missing", fields: { role: ROOTS, missing: ROOTS } },
    );
  }
  const own = await Promise.all(given.map((file) => anchorsOf(engine, file)));
  const anchors = await withLabRoots(engine, own.flat(), labRoots);
  const roots = { certificates: [...given, ...labRoots], anchors };
  return await readEndorsement(engine, firmwareEndorsement, roots, now);
}

/** The operator's own file: what is wrong with it is an input error, not a verdict on the evidence. */
async function anchorsOf(engine: Engine, file: Uint8Array): Promise<readonly Anchor[]> {
  const certificates = await describeCertificates(engine, file).catch((cause: unknown) => {
    if (cause instanceof CasemateError) throw refuse(cause.message, cause);
    throw cause;
  });
  // Under its own flag, a lab's root would pass for the provider's.
  if (certificates.some(({ lab }) => lab)) throw refuse("it is a lab's, which --lab-root takes");
  return certificates.map(({ summary }) => ({
    line: "",
    certificateSha256: summary.sha256,
    spkiSha256: summary.spkiSha256,
    lab: false,
  }));
}

function refuse(problem: string, cause?: unknown): InputError {
  const fields = { role: ROOTS, reason: problem };
  return new InputError(`Cannot use firmware-endorsement-root: ${problem}`, {
    code: "input.wrong_kind",
    fields,
    cause,
  });
}

/**
 * Id of the step that is passed by without an endorsement.
 *
 * @param files The files.
 */
export function undoneOfEndorsement({ firmwareEndorsement }: EndorsementFiles): readonly string[] {
  return firmwareEndorsement === undefined ? [GCE_ENDORSEMENT.id] : [];
}

/** A launch digest, and which values of it an endorsement lists. */
export interface Launched {
  /** The digest, hex. */
  readonly actual: string;
  /** Endorsed values, hex. */
  readonly endorsed: readonly string[];
  /** Whether the verdict rests on the endorsement, since nothing else says which firmware it must be. */
  readonly needed: boolean;
}

/**
 * Judges whether the firmware that was launched is one that is endorsed. What is
 * endorsed as something else is refused, whether the verdict rests on it or not.
 *
 * @param endorsement The verified endorsement; null where none was given.
 * @param launched The launch digest beside it.
 */
export function judgeFirmware(
  endorsement: GceEndorsement | null,
  { actual, endorsed, needed }: Launched,
): readonly Finding[] {
  const given = endorsement !== null;
  const holds = given ? endorsed.includes(actual) : null;
  const required = given && (needed || holds === false);
  const judgements: readonly Judgement<GceCode>[] = [
    {
      ...GCE_ENDORSEMENT,
      holds: given ? true : null,
      required,
      expected: null,
      actual: given ? `made ${endorsement.timestamp ?? "at no stated time"}` : "none was given",
      code: null,
    },
    {
      id: "gce.firmware",
      title: "Firmware endorsed by Google",
      link: "platform",
      holds,
      required,
      expected: given ? `one of ${endorsed.length} endorsed digests` : null,
      actual,
      code: given ? "gce.endorsement_mismatch" : null,
      source: "google/gce-tcb-verifier, VMLaunchEndorsement",
    },
  ];
  return judgements.map((judgement) => toFinding(judgement, rootOf(endorsement)));
}

function rootOf(endorsement: GceEndorsement | null): Root {
  return endorsement?.lab === true ? "lab" : "provider";
}

/**
 * Whose word the step of an endorsement rests on, by its id; none where there is none.
 *
 * @param endorsement The verified endorsement; null where none was given.
 */
export function rootsOfEndorsement(
  endorsement: GceEndorsement | null,
): ReadonlyMap<string, Root> {
  return new Map(endorsement === null ? [] : [[GCE_ENDORSEMENT.id, rootOf(endorsement)]]);
}
