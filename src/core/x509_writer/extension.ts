/**
 * Extensions of certificates (RFC 5280 §4.2).
 *
 * @module
 */

import { concat } from "../bytes.ts";
import {
  boolean,
  type Der,
  ia5String,
  implicit,
  integer,
  namedBits,
  octetString,
  oid,
  sequence,
} from "./der.ts";

/** One extension. */
export interface Extension {
  /** Object identifier, dotted. */
  readonly oid: string;
  /** Whether who does not know it must refuse; false is not written, as DER wants. */
  readonly critical: boolean;
  /** Contents of extnValue: DER for most, raw bytes for AMD's hwID. */
  readonly value: Uint8Array;
}

/** Names of extensions, dotted. */
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
export const KEY_USAGE_BITS: Readonly<Record<KeyUsage, number>> = {
  digitalSignature: 0,
  nonRepudiation: 1,
  keyEncipherment: 2,
  keyAgreement: 4,
  keyCertSign: 5,
  cRLSign: 6,
};

/**
 * Critical key usage as DER wants it.
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

/** Names of a server. */
export interface ServerNames {
  /** Names of DNS. */
  readonly dns: readonly string[];
  /** Addresses as they travel: 4 bytes of IPv4, 16 of IPv6. */
  readonly addresses: readonly Uint8Array[];
}

/**
 * Names under which a server is reached (RFC 5280 §4.2.1.6).
 *
 * @param names The names.
 */
export function serverNames({ dns, addresses }: ServerNames): Extension {
  const value = sequence(
    ...dns.map((name) => implicit(2, ia5String(name))),
    ...addresses.map((address) => implicit(7, octetString(address))),
  );
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
