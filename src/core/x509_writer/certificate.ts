/**
 * Writes X.509 certificates (RFC 5280 §4.1) from plain descriptions.
 *
 * A description may say anything, right or wrong: tests need both.
 *
 * @module
 */

import { type Der, explicit, integer, sequence, time } from "./der.ts";
import { type Extension, writeExtensions } from "./extension.ts";
import { type Name, writeName } from "./name.ts";
import { seal, type Signed } from "./signature.ts";

/** All that a certificate says, and the key that signs it. */
export interface CertificateDescription extends Signed {
  /** Version as people count it: 3 for certificates with extensions; 1 is not written, as DER wants. */
  readonly version: number;
  /** Serial number, from zero up. */
  readonly serial: bigint;
  /** Who signs. */
  readonly issuer: Name;
  /** Whose key it is. */
  readonly subject: Name;
  /** Start of validity; fractions of a second are dropped. */
  readonly notBefore: Date;
  /** End of validity; fractions of a second are dropped. */
  readonly notAfter: Date;
  /** The certified key, DER of SubjectPublicKeyInfo. */
  readonly publicKey: Uint8Array;
  /** Extensions in order; an empty list is not written. */
  readonly extensions: readonly Extension[];
}

/**
 * Writes and signs a certificate.
 *
 * @param description What it says.
 * @returns DER of Certificate.
 * @throws {RangeError} if a field cannot be written at all.
 */
export function writeCertificate(description: CertificateDescription): Promise<Der> {
  const { version, extensions } = description;
  const signedPart = sequence(
    ...(version === 1 ? [] : [explicit(0, integer(version - 1))]),
    integer(description.serial),
    description.algorithm.identifier,
    writeName(description.issuer),
    sequence(time(description.notBefore), time(description.notAfter)),
    writeName(description.subject),
    description.publicKey,
    ...(extensions.length === 0 ? [] : [explicit(3, writeExtensions(extensions))]),
  );
  return seal(signedPart, description);
}
