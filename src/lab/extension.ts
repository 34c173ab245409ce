/**
 * Extensions of the lab's certificates and CRLs (RFC 5280 §4.2, §5.2): its mark, those that only
 * vendors' hierarchies have, and ways to bend a list of them.
 *
 * @module
 */

import {
  boolean,
  type Der,
  enumerated,
  explicit,
  ia5String,
  implicit,
  integer,
  namedBits,
  nullValue,
  sequence,
} from "../core/x509_writer/der.ts";
import {
  type Extension,
  EXTENSION_OIDS,
  KEY_USAGE_BITS,
  type KeyUsage,
} from "../core/x509_writer/extension.ts";
import { type Name, writeName } from "./name.ts";

export {
  authorityKeyIdentifier,
  basicConstraints,
  extendedKeyUsage,
  type Extension,
  EXTENSION_OIDS,
  keyIdentifier,
  type KeyUsage,
  strictKeyUsage,
  subjectKeyIdentifier,
  writeExtensions,
} from "../core/x509_writer/extension.ts";

/**
 * The lab mark: critical in every lab certificate, so that vendor paths refuse
 * it, and required by the lab path. Below 2.999, the arc of examples.
 */
export const LAB_MARK_OID = "2.999.67.1";

/** The lab mark. */
export function labMark(): Extension {
  return { oid: LAB_MARK_OID, critical: true, value: nullValue() };
}

/** Bits that AMD writes of a key usage: one more than DER allows where `cRLSign` is zero. */
const AMD_KEY_USAGE_BITS = 7;

/**
 * Critical key usage, encoded like AMD's.
 *
 * @param usages What the key may be used for.
 */
export function keyUsage(...usages: readonly KeyUsage[]): Extension {
  const value = namedBits(usages.map((usage) => KEY_USAGE_BITS[usage]), AMD_KEY_USAGE_BITS);
  return { oid: EXTENSION_OIDS.keyUsage, critical: true, value };
}

/**
 * Another name of the subject: a directory name (RFC 5280 §4.2.1.6).
 *
 * @param name DER of the name.
 */
export function subjectAltName(name: Uint8Array): Extension {
  const value = sequence(explicit(4, name));
  return { oid: EXTENSION_OIDS.subjectAltName, critical: false, value };
}

/**
 * Where the CRL of the issuer lies: one point with one URI (RFC 5280 §4.2.1.13).
 *
 * @param uri The address.
 */
export function crlDistributionPoints(uri: string): Extension {
  const value = sequence(sequence(fullName(uri)));
  return { oid: EXTENSION_OIDS.crlDistributionPoints, critical: false, value };
}

/**
 * Critical statement of what a CRL covers (RFC 5280 §5.2.5).
 *
 * @param uri The address in the certificates that it covers.
 * @param indirect Whether entries may be of other issuers.
 */
export function issuingDistributionPoint(uri: string, indirect = false): Extension {
  const value = sequence(fullName(uri), ...(indirect ? [implicit(4, boolean(true))] : []));
  return { oid: EXTENSION_OIDS.issuingDistributionPoint, critical: true, value };
}

/** A DistributionPointName in the field of tag 0: fullName with one URI. */
function fullName(uri: string): Der {
  return explicit(0, explicit(0, implicit(6, ia5String(uri))));
}

/**
 * Number of a CRL (RFC 5280 §5.2.3).
 *
 * @param number Rises with each CRL of the issuer.
 */
export function crlNumber(number: number | bigint): Extension {
  return { oid: EXTENSION_OIDS.crlNumber, critical: false, value: integer(number) };
}

/**
 * Why an entry of a CRL is revoked (RFC 5280 §5.3.1).
 *
 * @param code Number of the reason; 1 is keyCompromise.
 */
export function reasonCode(code: number): Extension {
  return { oid: EXTENSION_OIDS.reasonCode, critical: false, value: enumerated(code) };
}

/**
 * Critical mark of a delta CRL (RFC 5280 §5.2.4).
 *
 * @param base Number of the CRL that it adds to.
 */
export function deltaCrlIndicator(base: number | bigint): Extension {
  return { oid: EXTENSION_OIDS.deltaCrlIndicator, critical: true, value: integer(base) };
}

/**
 * Critical name of the issuer of a revoked certificate, in entries of indirect CRLs (RFC 5280 §5.3.3).
 *
 * @param issuer The name.
 */
export function certificateIssuer(issuer: Name): Extension {
  const value = sequence(explicit(4, writeName(issuer)));
  return { oid: EXTENSION_OIDS.certificateIssuer, critical: true, value };
}

/**
 * The list without an extension.
 *
 * @param extensions The list.
 * @param id Object identifier, dotted.
 * @throws {RangeError} if the list has none of that identifier, since then nothing would be bent.
 */
export function dropExtension(extensions: readonly Extension[], id: string): Extension[] {
  const rest = extensions.filter((extension) => extension.oid !== id);
  if (rest.length === extensions.length) {
    throw new RangeError(`Cannot drop extension ${id}: there is none`);
  }
  return rest;
}

/**
 * The list with an extension in place of that with the same identifier.
 *
 * @param extensions The list.
 * @param replacement The extension to put.
 * @throws {RangeError} if the list has none of that identifier.
 */
export function replaceExtension(
  extensions: readonly Extension[],
  replacement: Extension,
): Extension[] {
  if (!extensions.some((extension) => extension.oid === replacement.oid)) {
    throw new RangeError(`Cannot replace extension ${replacement.oid}: there is none`);
  }
  return extensions.map((extension) => extension.oid === replacement.oid ? replacement : extension);
}
