/**
 * What AWS says of an EC2 instance in its identity document, asked of an engine.
 *
 * @module
 */

import { uint64 } from "../../core/bytes.ts";
import type { Engine } from "../../core/crypto.ts";
import { inRoles } from "../roles.ts";
import type { Ec2Identity } from "./report.ts";

export type { Ec2Identity } from "./report.ts";

/**
 * Proves that AWS signed an instance identity document. It answers no question
 * and has no time in it: whoever has read it once has it for ever.
 *
 * @param engine Verification engine.
 * @param document The document, byte for byte.
 * @param signature Its PKCS#7 signature: DER, PEM, or as `instance-identity/rsa2048` of the metadata service gives it.
 * @param certificate AWS's RSA-2048 certificate of the region, PEM or DER; it is trusted as it is.
 * @param now Moment at which the certificate must be valid.
 * @throws {RejectedError} `ec2.*` codes of the identity, `x509.malformed`, `x509.count`
 * @throws {InputError} `input.*`
 */
export async function readEc2Identity(
  engine: Engine,
  document: Uint8Array,
  signature: Uint8Array,
  certificate: Uint8Array,
  now: Date,
): Promise<Ec2Identity> {
  const moment = uint64(Math.floor(now.getTime() / 1000));
  const asked = engine.run("ec2_identity", [document, signature, certificate, moment]);
  // The engine answers with this shape; tests hold it.
  return await inRoles(asked, {
    "identity-document": "identityDocument",
    "identity-signature": "identitySignature",
    "certificate": "identityCertificate",
  }) as Ec2Identity;
}
