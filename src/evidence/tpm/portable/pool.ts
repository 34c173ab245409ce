/**
 * Certificates of a TPM's key as a caller hands them over: the key's own, and
 * others in any order, among which its issuers are.
 *
 * @module
 */

import type { Certificate } from "../../../core/portable/certificate.ts";
import { addCertificates, certificatePlace } from "../../../core/portable/pool.ts";
import { refuseCore } from "../../../core/portable/refuse.ts";
import { PREFIXES, type Role } from "./role.ts";

/**
 * Reads all certificates of some files.
 *
 * @param files The files, PEM or DER; the first certificate of the first is the key's.
 * @param role What it is of.
 * @throws {RejectedError} `x509.*`
 * @throws {InputError} `input.*`
 */
export function readPool(files: readonly Uint8Array[], role: Role): readonly Certificate[] {
  const place = certificatePlace(`${PREFIXES[role]}-cert`);
  const pool = addCertificates([], files, place, role);
  if (pool.length === 0) throw refuseCore("input.empty", { input: place.name });
  return pool;
}
