/**
 * Writes certificate revocation lists (RFC 5280 §5.1) from plain descriptions.
 *
 * @module
 */

import { type Der, explicit, integer, sequence, time } from "../core/x509_writer/der.ts";
import { type Extension, writeExtensions } from "./extension.ts";
import { type Name, writeName } from "./name.ts";
import { seal, type Signed } from "./signature.ts";

/** One revoked certificate. */
export interface RevokedCertificate {
  /** Its serial number. */
  readonly serial: bigint;
  /** Since when it is revoked. */
  readonly at: Date;
  /** Extensions of the entry. */
  readonly extensions?: readonly Extension[];
}

/** All that a revocation list says, and the key that signs it. */
export interface CrlDescription extends Signed {
  /** Version as people count it: 2 for lists with extensions; 1 is not written. */
  readonly version: number;
  /** Who signs. */
  readonly issuer: Name;
  /** Time of issue; fractions of a second are dropped. */
  readonly thisUpdate: Date;
  /** Time by which the next one is due; null writes none. */
  readonly nextUpdate: Date | null;
  /** What is revoked; an empty list is not written. */
  readonly revoked: readonly RevokedCertificate[];
  /** Extensions in order; an empty list is not written. */
  readonly extensions: readonly Extension[];
}

/**
 * Writes and signs a revocation list.
 *
 * @param description What it says.
 * @returns DER of CertificateList.
 * @throws {RangeError} if a field cannot be written at all.
 */
export function writeCrl(description: CrlDescription): Promise<Der> {
  const { version, nextUpdate, revoked, extensions } = description;
  const signedPart = sequence(
    ...(version === 1 ? [] : [integer(version - 1)]),
    description.algorithm.identifier,
    writeName(description.issuer),
    time(description.thisUpdate),
    ...(nextUpdate === null ? [] : [time(nextUpdate)]),
    ...(revoked.length === 0 ? [] : [sequence(...revoked.map(writeRevoked))]),
    ...(extensions.length === 0 ? [] : [explicit(0, writeExtensions(extensions))]),
  );
  return seal(signedPart, description);
}

/** One entry of revokedCertificates. */
function writeRevoked({ serial, at, extensions = [] }: RevokedCertificate): Der {
  const rest = extensions.length === 0 ? [] : [writeExtensions(extensions)];
  return sequence(integer(serial), time(at), ...rest);
}
