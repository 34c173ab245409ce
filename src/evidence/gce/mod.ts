/**
 * What Google Compute Engine certifies of instances and of their firmware,
 * asked of an engine. What is read is claimed by whoever signed it; what it is
 * worth is for the pairing to say.
 *
 * @module
 */

import { frame, uint64 } from "../../core/bytes.ts";
import type { Engine } from "../../core/crypto.ts";
import { type Anchor, frameAnchors } from "../anchors.ts";
import { inRoles } from "../roles.ts";
import type { GceEndorsement, GceInstance } from "./report.ts";

export type { GceEndorsement, GceInstance, SnpEndorsement, TdxEndorsement } from "./report.ts";

/** Roots of endorsements: what an endorsement may end in. */
export interface EndorsementRoots {
  /** Files with their certificates, PEM or DER. */
  readonly certificates: readonly Uint8Array[];
  /** Those that are trusted. */
  readonly anchors: readonly Anchor[];
}

/**
 * Reads which instance a certificate of an attestation key is of; nothing is
 * verified, so the certificate must be known to be genuine.
 *
 * @param engine Verification engine.
 * @param certificate The certificate, PEM or DER.
 * @returns Null where it says nothing of an instance.
 * @throws {RejectedError} `gce.instance_malformed`, `x509.malformed`, `x509.count`
 * @throws {InputError} `input.*`
 */
export async function readGceInstance(
  engine: Engine,
  certificate: Uint8Array,
): Promise<GceInstance | null> {
  const asked = engine.run("gce_instance", [certificate]);
  // The engine answers with this shape; tests hold it.
  return await inRoles(asked, { certificate: "akCert" }) as GceInstance | null;
}

/**
 * Proves that Google endorses firmware; whether it is what was launched is for
 * the pairing to compare.
 *
 * @param engine Verification engine.
 * @param endorsement The endorsement, VMLaunchEndorsement as protocol buffer.
 * @param roots What it may end in.
 * @param now Moment at which its certificates must be valid.
 * @throws {RejectedError} `gce.endorsement_*`, `gce.lab_*`, `x509.*`
 * @throws {InputError} `input.*`
 */
export async function readEndorsement(
  engine: Engine,
  endorsement: Uint8Array,
  roots: EndorsementRoots,
  now: Date,
): Promise<GceEndorsement> {
  const asked = engine.run("gce_endorsement", [
    endorsement,
    frame(roots.certificates),
    frameAnchors(roots.anchors),
    uint64(Math.floor(now.getTime() / 1000)),
  ]);
  // The engine answers with this shape; tests hold it.
  return await inRoles(asked, {
    "endorsement": "firmwareEndorsement",
    "firmware-endorsement": "firmwareEndorsement",
    "endorsement-root": "firmwareEndorsementRoots",
    "firmware-endorsement-root": "firmwareEndorsementRoots",
  }) as GceEndorsement;
}
