/**
 * One extension of a certificate, as it stands; nothing is verified.
 *
 * @module
 */

import { toHex } from "../bytes.ts";
import type { CertificateExtension } from "../x509.ts";
import { readCertificate } from "./certificate.ts";
import { MAX_CRL_BYTES } from "./crl.ts";
import { exactlyOne, type Place } from "./encoding.ts";
import { findExtension } from "./extensions.ts";
import { argumentsOf, misuse } from "./frame.ts";
import { utf8Of } from "./values.ts";

/** The file may hold as much as one that is described. */
const PLACE: Place = { name: "certificate", kind: "certificate", limit: MAX_CRL_BYTES };
/** Longest identifier that is asked for, characters. */
const MAX_IDENTIFIER = 128;

/**
 * Finds an extension: the operation `x509_extension`.
 *
 * @param parts The certificate, PEM or DER; identifier of the extension, dotted.
 * @returns Null where the certificate does not have it.
 * @throws {RejectedError} `x509.malformed`, `x509.count`
 * @throws {InputError} `input.*`
 */
export function x509Extension(parts: readonly Uint8Array[]): CertificateExtension | null {
  const [file = new Uint8Array(), identifier = new Uint8Array()] = argumentsOf(parts, 2);
  const id = readIdentifier(identifier);
  const { extensions } = readCertificate(exactlyOne(file, PLACE), "file");
  const found = findExtension(extensions, id);
  return found === undefined ? null : { critical: found.critical, value: toHex(found.value) };
}

function readIdentifier(bytes: Uint8Array): string {
  const text = utf8Of(bytes);
  const isDotted = text !== undefined && text.length <= MAX_IDENTIFIER &&
    /^[0-2](?:\.(?:0|[1-9][0-9]*))+$/.test(text);
  if (!isDotted) throw misuse("the identifier is not dotted");
  return text;
}
