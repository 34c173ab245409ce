/**
 * PEM text (RFC 7468).
 *
 * @module
 */

import { toBase64 } from "../core/bytes.ts";

/**
 * DER as PEM, 64 characters a line, with a line break at the end.
 *
 * @param label What it is, as `CERTIFICATE` or `X509 CRL`.
 * @param der The encoding.
 */
export function pem(label: string, der: Uint8Array): string {
  const lines = toBase64(der).match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ""].join("\n");
}
