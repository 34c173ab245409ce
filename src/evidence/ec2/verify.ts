/**
 * Establishes whose instance it is, where its identity document is given.
 *
 * @module
 */

import type { Engine } from "../../core/crypto.ts";
import { RejectedError } from "../../core/errors.ts";
import { describeCertificates } from "../../core/x509.ts";
import type { Check } from "../evidence.ts";
import type { IdentityFiles } from "./files.ts";
import { readEc2Identity } from "./mod.ts";
import type { VerifiedInstance } from "./report.ts";

/** The steps. */
export const EC2_CHECKS: readonly Check[] = [
  {
    id: "ec2.identity",
    link: "platform",
    title: "Identity document of the instance",
    source: 'AWS, "Instance identity documents", RFC 5652',
  },
  {
    id: "ec2.instance",
    link: "platform",
    title: "Identity document of this instance",
    source: "protocol §6",
  },
];

/**
 * Proves that AWS signed the identity document, and that it is of the instance
 * whose module made the attestation document. Without the region's certificate
 * nothing is proven, and nothing is taken from it.
 *
 * @param engine Verification engine.
 * @param files The files.
 * @param moduleId Module that made the attestation document, which has been verified.
 * @param now Moment at which the region's certificate must be valid.
 * @throws {RejectedError} `ec2.*`, `x509.malformed`, `x509.count`
 * @throws {InputError} `input.*`
 */
export async function verifyInstance(
  engine: Engine,
  { identityDocument, identitySignature, identityCert }: IdentityFiles,
  moduleId: string,
  now: Date,
): Promise<VerifiedInstance | null> {
  if (identityDocument === undefined || identitySignature === undefined) return null;
  if (identityCert === undefined) return null;
  const identity = await readEc2Identity(
    engine,
    identityDocument,
    identitySignature,
    identityCert,
    now,
  );
  // It answers no question: whose it is says the module, in a document that does.
  if (!moduleId.startsWith(`${identity.instanceId}-`)) {
    throw new RejectedError(
      `Cannot use the identity document: it is of ${identity.instanceId}, the attestation document of ${moduleId}`,
      {
        code: "ec2.instance_mismatch",
        fields: { expected: moduleId, actual: identity.instanceId },
      },
    );
  }
  const certificates = await describeCertificates(engine, identityCert);
  return { ...identity, lab: certificates.some(({ lab }) => lab) };
}

/**
 * Ids of the steps that are passed by for want of files.
 *
 * @param files The files.
 */
export function undoneOf({ identityDocument, identityCert }: IdentityFiles): readonly string[] {
  const done = identityDocument !== undefined && identityCert !== undefined;
  return done ? [] : EC2_CHECKS.map(({ id }) => id);
}
