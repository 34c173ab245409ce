/**
 * One extension of a certificate, as it stands; nothing is verified.
 *
 * @module
 */

import { toHex } from "../bytes.ts";
import type { CertificateExtension } from "../x509.ts";
import { readCertificate } from "./certificate.ts";
import { exactlyOne, type Place } from "./encoding.ts";
import { findExtension } from "./extensions.ts";
import { argumentsOf, misuse } from "./frame.ts";
import { utf8Of } from "./values.ts";

/** Largest certificate, bytes: one that carries evidence has an envelope of up to 512 KiB in it, as base64url of JSON. */
const MAX_CARRIER_BYTES = 1024 * 1024;
const PLACE: Place = { name: "certificate", kind: "certificate", limit: MAX_CARRIER_BYTES };
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
  const { extensions } = readCertificate(exactlyOne(file, PLACE), PLACE.name, MAX_CARRIER_BYTES);
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
