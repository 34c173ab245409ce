/**
 * Extensions of certificates and CRLs (RFC 5280 §4.2, §5.2).
 *
 * @module
 */

import { concat } from "../core/bytes.ts";
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
  octetString,
  oid,
  sequence,
} from "./der_writer.ts";
import { type Name, writeName } from "./name.ts";

/** One extension. */
export interface Extension {
  /** Object identifier, dotted. */
  readonly oid: string;
  /** Whether who does not know it must refuse; false is not written, as DER wants. */
  readonly critical: boolean;
  /** Contents of extnValue: DER for most, raw bytes for AMD's hwID. */
  readonly value: Uint8Array;
}

/**
 * The lab mark: critical in every lab certificate, so that vendor paths refuse
 * it, and required by the lab path. Below 2.999, the arc of examples.
 */
export const LAB_MARK_OID = "2.999.67.1";

/** Names of the extensions that the lab writes, dotted, to drop or replace them by. */
export const EXTENSION_OIDS = {
  subjectKeyIdentifier: "2.5.29.14",
  keyUsage: "2.5.29.15",
  subjectAltName: "2.5.29.17",
  basicConstraints: "2.5.29.19",
  crlNumber: "2.5.29.20",
  reasonCode: "2.5.29.21",
  deltaCrlIndicator: "2.5.29.27",
  issuingDistributionPoint: "2.5.29.28",
  certificateIssuer: "2.5.29.29",
  crlDistributionPoints: "2.5.29.31",
  authorityKeyIdentifier: "2.5.29.35",
  extendedKeyUsage: "2.5.29.37",
} as const;

/** What a key may be used for. */
export type KeyUsage =
  | "digitalSignature"
  | "nonRepudiation"
  | "keyEncipherment"
  | "keyAgreement"
  | "keyCertSign"
  | "cRLSign";

/** Bits of a key usage by name (RFC 5280 §4.2.1.3). */
const KEY_USAGE_BITS: Readonly<Record<KeyUsage, number>> = {
  digitalSignature: 0,
  nonRepudiation: 1,
  keyEncipherment: 2,
  keyAgreement: 4,
  keyCertSign: 5,
  cRLSign: 6,
};

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
 * Critical key usage as DER wants it, and as Intel writes it.
 *
 * @param usages What the key may be used for.
 */
export function strictKeyUsage(...usages: readonly KeyUsage[]): Extension {
  const value = namedBits(usages.map((usage) => KEY_USAGE_BITS[usage]));
  return { oid: EXTENSION_OIDS.keyUsage, critical: true, value };
}

/**
 * Critical basic constraints (RFC 5280 §4.2.1.9).
 *
 * @param ca Whether the subject issues certificates.
 * @param pathLength How many issuers may follow; null writes none.
 */
export function basicConstraints(ca: boolean, pathLength: number | null = null): Extension {
  const value = sequence(
    ...(ca ? [boolean(true)] : []),
    ...(pathLength === null ? [] : [integer(pathLength)]),
  );
  return { oid: EXTENSION_OIDS.basicConstraints, critical: true, value };
}

/**
 * What the key is for, beside its usage (RFC 5280 §4.2.1.12).
 *
 * @param purposes Object identifiers, dotted.
 */
export function extendedKeyUsage(...purposes: readonly string[]): Extension {
  const value = sequence(...purposes.map((purpose) => oid(purpose)));
  return { oid: EXTENSION_OIDS.extendedKeyUsage, critical: false, value };
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
 * Subject key identifier.
 *
 * @param keyId As {@linkcode keyIdentifier} makes it.
 */
export function subjectKeyIdentifier(keyId: Uint8Array): Extension {
  return { oid: EXTENSION_OIDS.subjectKeyIdentifier, critical: false, value: octetString(keyId) };
}

/**
 * Authority key identifier with the key identifier alone.
 *
 * @param keyId As {@linkcode keyIdentifier} makes it.
 */
export function authorityKeyIdentifier(keyId: Uint8Array): Extension {
  const value = sequence(implicit(0, octetString(keyId)));
  return { oid: EXTENSION_OIDS.authorityKeyIdentifier, critical: false, value };
}

/**
 * SHA-1 of the key inside the BIT STRING (RFC 5280 §4.2.1.2, method 1), as in AMD's certificates.
 *
 * @param spki DER of SubjectPublicKeyInfo.
 */
export async function keyIdentifier(spki: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  const algorithm = headerLength(spki, 0);
  const bits = algorithm + headerLength(spki, algorithm) + (spki[algorithm + 1] ?? 0);
  const key = concat(spki.subarray(bits + headerLength(spki, bits) + 1));
  return new Uint8Array(await crypto.subtle.digest("SHA-1", key));
}

/** Octets of tag and length of the encoding that begins at an offset. */
function headerLength(der: Uint8Array, at: number): number {
  const first = der[at + 1] ?? 0;
  return first < 0x80 ? 2 : 2 + (first & 0x7f);
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
 * Writes a list of extensions in the given order, repeated ones too.
 *
 * @param extensions The list.
 */
export function writeExtensions(extensions: readonly Extension[]): Der {
  return sequence(
    ...extensions.map(({ oid: id, critical, value }) =>
      sequence(oid(id), ...(critical ? [boolean(true)] : []), octetString(value))
    ),
  );
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
