/**
 * TLS identities as `node:tls` takes them.
 *
 * @module
 */

import type { TlsKeyPair } from "../../core/node_ports.ts";
import { toBase64 } from "../../core/bytes.ts";

/** Certificate and key, PEM, for TLS 1.3 alone. */
export interface TlsContext {
  /** The certificate. */
  readonly cert: string;
  /** Its key. */
  readonly key: string;
  /** Lowest version. */
  readonly minVersion: "TLSv1.3";
}

/**
 * What a server is made with.
 *
 * @param identity The identity, DER.
 */
export function contextOf({ certificate, key }: TlsKeyPair): TlsContext {
  return {
    cert: pemOf("CERTIFICATE", certificate),
    key: pemOf("PRIVATE KEY", key),
    minVersion: "TLSv1.3",
  };
}

/**
 * DER as PEM (RFC 7468).
 *
 * @param label What it is.
 * @param der The encoding.
 */
export function pemOf(label: string, der: Uint8Array): string {
  const lines = toBase64(der).match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ""].join("\n");
}
