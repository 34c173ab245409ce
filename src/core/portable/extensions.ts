/**
 * Extensions of certificates and lists (RFC 5280 §4.2 and §5.2).
 *
 * @module
 */

import { constructed, DerReader, primitive, readOnly, TAG } from "./der.ts";
import { Malformed } from "../malformed.ts";
import { oidOf } from "./oid.ts";
import { bitStringOf, booleanOf, ia5Of, smallNumberOf } from "./values.ts";

/** Identifiers of the extensions that are known here, dotted. */
export const EXTENSION = {
  /** §4.2.1.2. */
  subjectKeyId: "2.5.29.14",
  /** §4.2.1.3. */
  keyUsage: "2.5.29.15",
  /** §4.2.1.6. */
  alternativeName: "2.5.29.17",
  /** §4.2.1.9. */
  basicConstraints: "2.5.29.19",
  /** §5.2.3. */
  crlNumber: "2.5.29.20",
  /** §5.3.1. */
  crlReason: "2.5.29.21",
  /** §5.3.2. */
  invalidityDate: "2.5.29.24",
  /** §5.2.4. */
  deltaCrl: "2.5.29.27",
  /** §5.2.5. */
  issuingPoint: "2.5.29.28",
  /** §4.2.1.13. */
  distributionPoints: "2.5.29.31",
  /** §4.2.1.1. */
  authorityKeyId: "2.5.29.35",
  /** §4.2.1.12. */
  extendedKeyUsage: "2.5.29.37",
} as const;

/** Most extensions of one certificate, list or entry. AMD's leaves have 11 to 13. */
const MAX_EXTENSIONS = 32;

/** Names of the bits of a key usage, in their order (§4.2.1.3). */
const USAGES = [
  "digitalSignature",
  "nonRepudiation",
  "keyEncipherment",
  "dataEncipherment",
  "keyAgreement",
  "keyCertSign",
  "cRLSign",
  "encipherOnly",
  "decipherOnly",
] as const;

/** What a key may be used for. */
export type Usage = (typeof USAGES)[number];

/** An extension. */
export interface Extension {
  /** Which, dotted. */
  readonly id: string;
  /** Whether who does not know it must refuse the certificate or list. */
  readonly critical: boolean;
  /** DER of its value; raw bytes in some of AMD's. */
  readonly value: Uint8Array;
}

/**
 * Reads a list of extensions (§4.1).
 *
 * @param content Contents of its SEQUENCE.
 * @throws {Malformed} where it is no such list.
 */
export function readExtensions(content: Uint8Array): readonly Extension[] {
  const extensions: Extension[] = [];
  for (const rest = new DerReader(content); !rest.isAtEnd;) {
    const parts = new DerReader(rest.take(TAG.sequence, "an extension"));
    const id = oidOf(parts.take(TAG.oid, "the identifier of an extension"));
    const critical = readFlag(parts.optional(TAG.boolean));
    const value = parts.take(TAG.octetString, "the value of an extension");
    parts.finish("an extension");
    extensions.push({ id, critical, value });
  }
  return extensions;
}

/** DEFAULT FALSE: DER leaves the default out (X.690 §11.5). */
function readFlag(content: Uint8Array | undefined): boolean {
  if (content === undefined) return false;
  if (booleanOf(content)) return true;
  throw new Malformed("a default is written out");
}

/**
 * Refuses repeated extensions (§4.2: at most one of each) and too many.
 *
 * @param extensions The extensions.
 * @throws {Malformed} saying which.
 */
export function checkUnique(extensions: readonly Extension[]): void {
  if (extensions.length > MAX_EXTENSIONS) {
    throw new Malformed(`more than ${MAX_EXTENSIONS} extensions`);
  }
  const known = new Set<string>();
  for (const { id } of extensions) {
    if (known.has(id)) throw new Malformed(`extension ${id} is there twice`);
    known.add(id);
  }
}

/**
 * Finds an extension.
 *
 * @param extensions The extensions.
 * @param id Which, dotted.
 */
export function findExtension(
  extensions: readonly Extension[],
  id: string,
): Extension | undefined {
  return extensions.find((extension) => extension.id === id);
}

/**
 * Refuses critical extensions that are not known (§4.2).
 *
 * @param extensions The extensions.
 * @param known Identifiers of those that are.
 * @throws {Malformed} saying which.
 */
export function checkCritical(extensions: readonly Extension[], known: readonly string[]): void {
  const unknown = extensions.find(({ id, critical }) => critical && !known.includes(id));
  if (unknown !== undefined) {
    throw new Malformed(`critical extension ${unknown.id} is not known`);
  }
}

/** Basic constraints. */
export interface BasicConstraints {
  /** Whether the subject may issue certificates. */
  readonly ca: boolean;
  /** How many intermediates may follow; null where no limit is said. */
  readonly pathLen: number | null;
}

/**
 * Basic constraints (§4.2.1.9).
 *
 * @param extensions The extensions.
 * @returns Undefined where absent.
 * @throws {Malformed} where they are not encoded as specified.
 */
export function basicConstraints(extensions: readonly Extension[]): BasicConstraints | undefined {
  const found = findExtension(extensions, EXTENSION.basicConstraints);
  if (found === undefined) return undefined;
  const parts = new DerReader(readOnly(found.value, TAG.sequence, "basic constraints"));
  const ca = readFlag(parts.optional(TAG.boolean));
  const pathLen = parts.optional(TAG.integer);
  parts.finish("basic constraints");
  return { ca, pathLen: pathLen === undefined ? null : smallNumberOf(pathLen, 255) };
}

/**
 * Key usage (§4.2.1.3). DER leaves zeros at its end out; AMD's certificates do
 * not, so both are read.
 *
 * @param extensions The extensions.
 * @returns Names of all that the key may be used for; undefined where absent.
 * @throws {Malformed} where it is not encoded as specified.
 */
export function keyUsage(extensions: readonly Extension[]): readonly Usage[] | undefined {
  const found = findExtension(extensions, EXTENSION.keyUsage);
  if (found === undefined) return undefined;
  const { bytes, unused } = bitStringOf(readOnly(found.value, TAG.bitString, "the key usage"));
  if ((bytes.at(-1) ?? 0) % (1 << unused) !== 0) {
    throw new Malformed("unused bits of the key usage are not zero");
  }
  if (8 * bytes.length - unused > USAGES.length) {
    throw new Malformed("the key usage has unknown bits");
  }
  return USAGES.filter((_, bit) => ((bytes[bit >> 3] ?? 0) & (0x80 >> (bit & 7))) !== 0);
}

/**
 * The one URI at which a certificate says its revocation list lies (§4.2.1.13).
 *
 * @param extensions The extensions.
 * @returns Null where it says nothing.
 * @throws {Malformed} where it says more than one, or anything else than a URI.
 */
export function distributionPoint(extensions: readonly Extension[]): string | null {
  const found = findExtension(extensions, EXTENSION.distributionPoints);
  if (found === undefined) return null;
  const points = new DerReader(readOnly(found.value, TAG.sequence, "the distribution points"));
  const uri = readPoint(points.take(TAG.sequence, "a distribution point"));
  points.finish("the list of distribution points");
  return uri;
}

/**
 * The one URI of a list's issuing distribution point (§5.2.5).
 *
 * @param extensions The extensions of the list.
 * @returns Null where the list covers all certificates of its issuer.
 * @throws {Malformed} where the list covers only some kinds of certificates or
 * reasons, speaks for other issuers, or the point is anything else than a URI.
 */
export function issuingPoint(extensions: readonly Extension[]): string | null {
  const found = findExtension(extensions, EXTENSION.issuingPoint);
  if (found === undefined) return null;
  return readPoint(readOnly(found.value, TAG.sequence, "the issuing distribution point"));
}

/**
 * A point that consists of nothing but `[0] fullName [0]` with one URI. In a
 * certificate, reasons or another issuer could follow; in a list, what it is
 * restricted to: all of that narrows what a list covers, and none is taken.
 */
function readPoint(content: Uint8Array): string {
  const point = new DerReader(content);
  const name = new DerReader(point.take(constructed(0), "the name of a distribution point"));
  point.finish("a distribution point");
  const names = new DerReader(name.take(constructed(0), "the full name of a distribution point"));
  name.finish("the name of a distribution point");
  const uri = ia5Of(names.take(primitive(6), "the URI of a distribution point"));
  names.finish("the full name of a distribution point");
  // RFC 3986 §2; a control would move the cursor of the terminal that shows it.
  if (!/^[!-~]*$/.test(uri)) throw new Malformed("a URI has characters that none can have");
  return uri;
}
