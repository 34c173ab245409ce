/**
 * Certificates as a caller hands them over: that of the key, and others in any
 * order, among which its issuers are.
 *
 * @module
 */

import { CasemateError } from "../../../core/errors.ts";
import { type Certificate, readCertificate } from "../../../core/portable/certificate.ts";
import { itemsOf, MAX_CHAIN_BYTES, type Place } from "../../../core/portable/encoding.ts";
import { refuseCore } from "../../../core/portable/refuse.ts";
import { refusal } from "../../../core/refusal.ts";
import { PREFIXES, type Role } from "./role.ts";

/** Most certificates: chains of TPMs have two to four. */
export const MAX_CERTIFICATES = 8;

/**
 * Reads all certificates of some files.
 *
 * @param files The files, PEM or DER; the first certificate of the first is the key's.
 * @param role What it is of.
 * @throws {RejectedError} `x509.*`
 * @throws {InputError} `input.*`
 */
export function readPool(files: readonly Uint8Array[], role: Role): readonly Certificate[] {
  const input = `${PREFIXES[role]}-cert`;
  const place: Place = { name: input, kind: "certificate", limit: MAX_CHAIN_BYTES };
  const pool: Certificate[] = [];
  for (const file of files) {
    const items = itemsOf(file, place);
    checkCount(pool.length + items.length, input);
    for (const { der } of items) pool.push(read(der, pool.length === 0 ? role : "CA", input));
  }
  if (pool.length === 0) throw refuseCore("input.empty", { input });
  return pool;
}

function checkCount(count: number, input: string): void {
  if (count <= MAX_CERTIFICATES) return;
  const limit = `${MAX_CERTIFICATES} certificates`;
  throw refuseCore("input.too_large", { input, limit, actual: `${count} certificates` });
}

function read(der: Uint8Array, name: string, input: string): Certificate {
  try {
    return readCertificate(der, name);
  } catch (error) {
    if (!(error instanceof CasemateError)) throw error;
    throw refusal(error.code, { ...error.fields, input });
  }
}
