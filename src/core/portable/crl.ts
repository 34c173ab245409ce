/**
 * Certificate revocation lists (RFC 5280 §5).
 *
 * @module
 */

import { equal, toHex } from "../bytes.ts";
import { type Algorithm, isSameAlgorithm, takeAlgorithm } from "./algorithm.ts";
import { serialText, takeSerial } from "./certificate.ts";
import { constructed, DerReader, readOnly, TAG } from "./der.ts";
import {
  checkCritical,
  checkUnique,
  EXTENSION,
  type Extension,
  findExtension,
  readExtensions,
} from "./extensions.ts";
import { Malformed, readIf } from "../malformed.ts";
import { isTime, takeTime, type Window } from "./moment.ts";
import { type Name, nameText, shorten, takeName } from "./name.ts";
import { smallNumberOf, wholeOctetsOf } from "./values.ts";

/** Largest revocation list, bytes: room for at least 25 000 entries with serial numbers of 20 bytes. */
export const MAX_CRL_BYTES = 1024 * 1024;

/** Extensions of a list that are understood here. */
const KNOWN: readonly string[] = [
  EXTENSION.crlNumber,
  EXTENSION.issuingPoint,
  EXTENSION.authorityKeyId,
];
/** Extensions of an entry that change nothing about the certificate being revoked. */
const KNOWN_OF_ENTRY: readonly string[] = [EXTENSION.crlReason, EXTENSION.invalidityDate];

/** The outermost parts of a list, enough to check its signature before the rest, which can be long, is looked at. */
export interface Envelope {
  /** The part that the signature covers. */
  readonly signed: Uint8Array;
  /** DER of the algorithm beside the signature. */
  readonly algorithm: Uint8Array;
  /** Signature; empty where it does not end with an octet. */
  readonly signature: Uint8Array;
  /** DER of the issuer's name. */
  readonly issuer: Uint8Array;
}

/**
 * Finds the outermost parts of a list.
 *
 * @param der The list.
 * @throws {Malformed} where it is no DER, or has other parts.
 */
export function readEnvelope(der: Uint8Array): Envelope {
  const outer = new DerReader(readOnly(der, TAG.sequence, "the list"));
  const signed = outer.element().der;
  const algorithm = outer.element().der;
  const signature = wholeOctetsOf(outer.take(TAG.bitString, "the signature"));
  outer.finish("the list");
  const fields = new DerReader(readOnly(signed, TAG.sequence, "the signed part"));
  fields.optional(TAG.integer);
  fields.element();
  return { signed, algorithm, signature, issuer: fields.element().der };
}

/**
 * Text of the issuer where a list is not issued by whom it should be.
 *
 * @param envelope The list's outermost parts.
 * @param expected Who should have issued it.
 * @returns Undefined where it is.
 */
export function foreignIssuer(envelope: Envelope, expected: Name): string | undefined {
  return equal(envelope.issuer, expected.der) ? undefined : issuerText(envelope);
}

/**
 * Text of a list's issuer, whoever that is.
 *
 * @param envelope The list's outermost parts.
 */
export function issuerText({ issuer }: Envelope): string {
  const name = readIf(() => takeName(new DerReader(issuer)));
  return shorten(name === undefined ? toHex(issuer) : nameText(name));
}

/** A revoked certificate. */
export interface Entry {
  /** Serial number as it stands, two's complement. */
  readonly serial: Uint8Array;
  /** Since when. */
  readonly date: number;
  /** Extensions of this entry. */
  readonly extensions: readonly Extension[];
}

/** A list that was read completely; nothing was verified. */
export interface Crl {
  /** The whole encoding. */
  readonly der: Uint8Array;
  /** X.509 version, 1 to 3; null where it says none. */
  readonly version: number | null;
  /** The algorithm that it is signed with; undefined where it names two different ones. */
  readonly algorithm: Algorithm | undefined;
  /** Issuer. */
  readonly issuer: Name;
  /** Time of issue. */
  readonly thisUpdate: number;
  /** Time by which the next one is due; null where the list does not say. */
  readonly nextUpdate: number | null;
  /** Revoked certificates. */
  readonly entries: readonly Entry[];
  /** Extensions of the list. */
  readonly extensions: readonly Extension[];
}

/**
 * Reads a list from DER.
 *
 * @param der The encoding.
 * @throws {Malformed} saying what is wrong.
 */
export function readCrl(der: Uint8Array): Crl {
  const outer = new DerReader(readOnly(der, TAG.sequence, "the list"));
  const fields = new DerReader(outer.take(TAG.sequence, "the signed part"));
  const outerAlgorithm = takeAlgorithm(outer);
  wholeOctetsOf(outer.take(TAG.bitString, "the signature"));
  outer.finish("the list");
  const { algorithm, ...content } = readContent(fields);
  const isSame = isSameAlgorithm(algorithm, outerAlgorithm);
  return { der, algorithm: isSame ? algorithm : undefined, ...content };
}

/** TBSCertList: its fields, in their order. */
function readContent(
  fields: DerReader,
): Omit<Crl, "der" | "algorithm"> & { readonly algorithm: Algorithm } {
  const version = fields.optional(TAG.integer);
  const algorithm = takeAlgorithm(fields);
  const issuer = takeName(fields);
  // Verifiers meet lists with GeneralizedTime before 2050; unlike in certificates, both are read.
  const thisUpdate = takeTime(fields).moment;
  const nextUpdate = isTime(fields.peek()) ? takeTime(fields).moment : null;
  const entries = readEntries(fields.optional(TAG.sequence));
  const wrapped = fields.optional(constructed(0));
  fields.finish("the signed part");
  return {
    version: version === undefined ? null : smallNumberOf(version, 2) + 1,
    algorithm,
    issuer,
    thisUpdate,
    nextUpdate,
    entries,
    extensions: wrapped === undefined
      ? []
      : readExtensions(readOnly(wrapped, TAG.sequence, "the extensions")),
  };
}

function readEntries(content: Uint8Array | undefined): readonly Entry[] {
  if (content === undefined) return [];
  const entries: Entry[] = [];
  for (const rest = new DerReader(content); !rest.isAtEnd;) {
    const fields = new DerReader(rest.take(TAG.sequence, "an entry"));
    const serial = takeSerial(fields);
    const date = takeTime(fields).moment;
    const extensions = fields.optional(TAG.sequence);
    fields.finish("an entry");
    entries.push({
      serial,
      date,
      extensions: extensions === undefined ? [] : readExtensions(extensions),
    });
  }
  return entries;
}

/**
 * Checks that a list is complete, of version 2, and that everything in it that
 * must be understood is (§5). What its scope means is left to the caller.
 *
 * @param crl The list.
 * @returns The time from its issue until the next one is due.
 * @throws {Malformed} saying for a person what is wrong.
 */
export function checkForm(crl: Crl): Window {
  if (crl.version !== 2) throw new Malformed("it is not of version 2");
  if (crl.algorithm === undefined) throw new Malformed("it names two different algorithms");
  checkUnique(crl.extensions);
  if (findExtension(crl.extensions, EXTENSION.deltaCrl) !== undefined) {
    throw new Malformed("it only tells changes to another list");
  }
  checkCritical(crl.extensions, KNOWN);
  for (const { extensions } of crl.entries) {
    checkUnique(extensions);
    checkCritical(extensions, KNOWN_OF_ENTRY);
  }
  const { thisUpdate: from, nextUpdate: until } = crl;
  if (until === null) throw new Malformed("it has no next update");
  if (until < from) throw new Malformed("its next update is before its issue");
  return { from, until };
}

/**
 * The entry of a serial number.
 *
 * @param crl The list.
 * @param serial The number as it stands in the certificate.
 */
export function findEntry(crl: Crl, serial: Uint8Array): Entry | undefined {
  return crl.entries.find((entry) => equal(entry.serial, serial));
}

/**
 * CRL number as hex (§5.2.3).
 *
 * @param crl The list.
 * @returns Null where absent.
 * @throws {Malformed} where it is no number.
 */
export function crlNumber(crl: Crl): string | null {
  const found = findExtension(crl.extensions, EXTENSION.crlNumber);
  if (found === undefined) return null;
  const reader = new DerReader(found.value);
  const number = takeSerial(reader);
  reader.finish("the number of the list");
  // From zero up. As text it would be another, large one.
  if ((number[0] ?? 0) >= 0x80) throw new Malformed("its number is negative");
  return serialText(number);
}
