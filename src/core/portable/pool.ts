/**
 * Certificates as a caller hands them over: the one that is asked about, and
 * others in any order, among which its issuers are.
 *
 * @module
 */

import { CasemateError } from "../errors.ts";
import { refusal } from "../refusal.ts";
import { type Certificate, readCertificate } from "./certificate.ts";
import { itemsOf, MAX_CHAIN_BYTES, type Place } from "./encoding.ts";
import { refuseCore } from "./refuse.ts";

/** Most certificates: chains of vendors have two to five. */
export const MAX_CERTIFICATES = 8;

/**
 * A place of an operation that takes files with certificates.
 *
 * @param name Name for the person who gave the file.
 */
export function certificatePlace(name: string): Place {
  return { name, kind: "certificate", limit: MAX_CHAIN_BYTES };
}

/**
 * Certificates with those of some files behind them.
 *
 * @param pool What was read before.
 * @param files Files, PEM or DER, each with as many certificates as it likes.
 * @param place What the files are for.
 * @param leaf Name of the first of all for a person.
 * @throws {RejectedError} `x509.*`
 * @throws {InputError} `input.*`
 */
export function addCertificates(
  pool: readonly Certificate[],
  files: readonly Uint8Array[],
  place: Place,
  leaf: string,
): readonly Certificate[] {
  const all = [...pool];
  for (const file of files) {
    const items = itemsOf(file, place);
    checkCount(all.length + items.length, place.name);
    for (const { der } of items) {
      all.push(readNamed(der, all.length === 0 ? leaf : "CA", place.name));
    }
  }
  return all;
}

function checkCount(count: number, input: string): void {
  if (count <= MAX_CERTIFICATES) return;
  const limit = `${MAX_CERTIFICATES} certificates`;
  throw refuseCore("input.too_large", { input, limit, actual: `${count} certificates` });
}

/**
 * Reads one certificate from DER; a refusal says where it stood.
 *
 * @param der The encoding.
 * @param name Says for a person which certificate it is.
 * @param input Name of the place.
 * @throws {RejectedError} `x509.malformed`
 */
export function readNamed(der: Uint8Array, name: string, input: string): Certificate {
  try {
    return readCertificate(der, name);
  } catch (error) {
    if (!(error instanceof CasemateError)) throw error;
    throw refusal(error.code, { ...error.fields, input });
  }
}
