/**
 * X.509 certificates (RFC 5280 §4.1).
 *
 * @module
 */

import { toHex } from "../bytes.ts";
import type { CertificateSummary } from "../x509.ts";
import {
  type Algorithm,
  isSameAlgorithm,
  type PublicKeyInfo,
  takeAlgorithm,
  takePublicKey,
} from "./algorithm.ts";
import { constructed, DerReader, primitive, readOnly, TAG } from "./der.ts";
import { fingerprintOf } from "./digest.ts";
import { checkUnique, type Extension, readExtensions } from "./extensions.ts";
import { Malformed, readOr } from "../malformed.ts";
import { momentText, takeTime, type Window } from "./moment.ts";
import { type Name, nameText, takeName } from "./name.ts";
import { refuseCore } from "./refuse.ts";
import { bitStringOf, integerOf, smallNumberOf, wholeOctetsOf } from "./values.ts";

/** Largest certificate and largest file with one, bytes. AMD's are up to 1.7 KiB in DER, 2.3 KiB in PEM. */
export const MAX_CERTIFICATE_BYTES = 8 * 1024;
/** Longest serial number, octets: 20 (RFC 5280 §4.1.2.2), and one that only says the sign. */
const MAX_SERIAL_BYTES = 21;

/** A certificate whose encoding was checked; nothing else about it was. */
export interface Certificate {
  /** The whole encoding. */
  readonly der: Uint8Array;
  /** The part that the signature covers. */
  readonly signed: Uint8Array;
  /** X.509 version, 1 to 3. */
  readonly version: number;
  /** Serial number as it stands, two's complement. */
  readonly serial: Uint8Array;
  /** The algorithm that it is signed with; undefined where it names two different ones (§4.1.1.2). */
  readonly algorithm: Algorithm | undefined;
  /** Signature; empty where it does not end with an octet. */
  readonly signature: Uint8Array;
  /** Issuer. */
  readonly issuer: Name;
  /** When it is valid. */
  readonly window: Window;
  /** Subject. */
  readonly subject: Name;
  /** The subject's key. */
  readonly key: PublicKeyInfo;
  /** Whether it has an issuerUniqueID or a subjectUniqueID. */
  readonly hasUniqueId: boolean;
  /** Extensions, none where there are none. */
  readonly extensions: readonly Extension[];
}

/**
 * Reads one certificate from DER.
 *
 * @param der The encoding.
 * @param name Says for a person which certificate it is, as `leaf`.
 * @param limit Its largest size, bytes; larger than the default for one that carries evidence.
 * @throws {RejectedError} `x509.malformed`: not strict DER, leftover bytes,
 * repeated extensions, a negative serial number, an impossible time, or too large.
 */
export function readCertificate(
  der: Uint8Array,
  name: string,
  limit: number = MAX_CERTIFICATE_BYTES,
): Certificate {
  return readOr(
    () => read(der, limit),
    (reason) => refuseCore("x509.malformed", { certificate: name, reason }),
  );
}

function read(der: Uint8Array, limit: number): Certificate {
  if (der.length > limit) throw new Malformed(`${der.length} bytes are more than ${limit}`);
  const outer = new DerReader(readOnly(der, TAG.sequence, "the certificate"));
  if (outer.peek() !== TAG.sequence) throw new Malformed("the signed part is missing");
  const signed = outer.element();
  const outerAlgorithm = takeAlgorithm(outer);
  const signature = wholeOctetsOf(outer.take(TAG.bitString, "the signature"));
  outer.finish("the certificate");
  const { algorithm, ...content } = readContent(new DerReader(signed.content));
  const isSame = isSameAlgorithm(algorithm, outerAlgorithm);
  return {
    der,
    signed: signed.der,
    signature,
    algorithm: isSame ? algorithm : undefined,
    ...content,
  };
}

type Content = Omit<Certificate, "der" | "signed" | "signature" | "algorithm"> & {
  readonly algorithm: Algorithm;
};

/** TBSCertificate: its fields, in their order. */
function readContent(fields: DerReader): Content {
  const version = takeVersion(fields);
  const serial = takeSerial(fields);
  if ((serial[0] ?? 0) >= 0x80) throw new Malformed("the serial number is negative");
  const algorithm = takeAlgorithm(fields);
  const issuer = takeName(fields);
  const window = readValidity(fields.take(TAG.sequence, "the validity"));
  const subject = takeName(fields);
  const key = takePublicKey(fields);
  const uniqueIds = [fields.optional(primitive(1)), fields.optional(primitive(2))];
  for (const id of uniqueIds) if (id !== undefined) bitStringOf(id);
  const hasUniqueId = uniqueIds.some((id) => id !== undefined);
  const extensions = takeExtensions(fields);
  fields.finish("the signed part");
  return { version, serial, algorithm, issuer, window, subject, key, hasUniqueId, extensions };
}

/** DEFAULT v1, which DER leaves out. */
function takeVersion(fields: DerReader): number {
  const wrapped = fields.optional(constructed(0));
  if (wrapped === undefined) return 1;
  const version = smallNumberOf(readOnly(wrapped, TAG.integer, "the version"), 2);
  if (version === 0) throw new Malformed("a default is written out");
  return version + 1;
}

/**
 * Takes a serial number.
 *
 * @param fields Stands before it.
 * @returns The number as it stands, two's complement.
 * @throws {Malformed} where there is none, or it is longer than any may be.
 */
export function takeSerial(fields: DerReader): Uint8Array {
  const serial = integerOf(fields.take(TAG.integer, "the serial number"));
  if (serial.length > MAX_SERIAL_BYTES) throw new Malformed("the serial number is too long");
  return serial;
}

function readValidity(content: Uint8Array): Window {
  const times = new DerReader(content);
  const [from, until] = [takeTime(times), takeTime(times)];
  times.finish("the validity");
  if (!from.isProper || !until.isProper) {
    throw new Malformed("a time through the year 2049 is not a UTCTime");
  }
  return { from: from.moment, until: until.moment };
}

function takeExtensions(fields: DerReader): readonly Extension[] {
  const wrapped = fields.optional(constructed(3));
  if (wrapped === undefined) return [];
  const extensions = readExtensions(readOnly(wrapped, TAG.sequence, "the extensions"));
  checkUnique(extensions);
  return extensions;
}

/**
 * Serial number as hex without leading zero bytes; zero is `00`.
 *
 * @param serial The number as it stands.
 */
export function serialText(serial: Uint8Array): string {
  return toHex(serial[0] === 0 && serial.length > 1 ? serial.subarray(1) : serial);
}

/**
 * What a certificate says of itself.
 *
 * @param certificate The certificate.
 */
export function summaryOf(certificate: Certificate): CertificateSummary {
  const { subject, issuer, serial, window, der, key } = certificate;
  return {
    subject: nameText(subject),
    issuer: nameText(issuer),
    serial: serialText(serial),
    notBefore: momentText(window.from),
    notAfter: momentText(window.until),
    sha256: fingerprintOf(der),
    spkiSha256: fingerprintOf(key.der),
  };
}
