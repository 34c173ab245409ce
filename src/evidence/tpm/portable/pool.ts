/**
 * Certificates as a caller hands them over: that of the key, and others in any
 * order, among which its issuers are.
 *
 * @module
 */

import type { Named } from "../../../core/portable/anchors.ts";
import { readCertificate } from "../../../core/portable/certificate.ts";
import { itemsOf, MAX_CHAIN_BYTES, type Place } from "../../../core/portable/encoding.ts";
import { refuseCore } from "../../../core/portable/refuse.ts";

/** What a certificate is of: an attestation key, or an endorsement key. */
export type Role = "AK" | "EK";

const PLACE: Place = { name: "certificates", kind: "certificate", limit: MAX_CHAIN_BYTES };
/** Most certificates: chains of TPMs have two to four. */
const MAX_CERTIFICATES = 8;

/**
 * Reads all certificates of some files.
 *
 * @param files The files, PEM or DER; the first certificate of the first is the key's.
 * @param role What it is of.
 * @throws {RejectedError} `x509.*`
 * @throws {InputError} `input.*`
 */
export function readPool(files: readonly Uint8Array[], role: Role): readonly Named[] {
  if (files.length === 0) throw refuseCore("input.empty", { input: PLACE.name });
  const all: Uint8Array[] = [];
  for (const file of files) {
    all.push(...itemsOf(file, PLACE).map(({ der }) => der));
    checkCount(all.length);
  }
  return all.map((der, i) => {
    const name = i === 0 ? role : `issuer ${i}`;
    return [name, readCertificate(der, name)];
  });
}

function checkCount(count: number): void {
  if (count <= MAX_CERTIFICATES) return;
  throw refuseCore("input.too_large", {
    input: PLACE.name,
    limit: `${MAX_CERTIFICATES} certificates`,
    actual: `${count} certificates`,
  });
}
