/**
 * Looks at a certificate and its key before clients do: Deno takes nearly any,
 * and then ends each connection.
 *
 * @module
 */

import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { createSecureContext } from "node:tls";
import { InputError } from "../../core/errors.ts";
import type { TlsIdentity } from "../../core/ports.ts";

/** Certificate and key as `node:tls` takes them. */
export interface SecureContext {
  /** Certificate and those above it, PEM. */
  readonly cert: string;
  /** Private key, PEM. */
  readonly key: string;
  /** The oldest version that is spoken (RFC 8996 is about the ones before). */
  readonly minVersion: "TLSv1.2";
}

/**
 * Puts certificate and key into the form that `node:tls` takes.
 *
 * @param identity Certificate and key.
 */
export function contextOf({ certificate, key }: TlsIdentity): SecureContext {
  return { cert: textOf(certificate), key: textOf(key), minVersion: "TLSv1.2" };
}

/**
 * Refuses what no client could be shown.
 *
 * @param identity Certificate and key.
 * @throws {InputError} `key.malformed` for a key that is none or has a password, `input.wrong_kind` for a certificate that is
 * none, also above the first one, `key.wrong_kind` for a key of another certificate, or of a kind that no handshake is signed with.
 */
export function checkIdentity(identity: TlsIdentity): void {
  const [certificate] = certificatesOf(identity);
  const key = keyOf(identity);
  if (!isTaken(key)) {
    const reason = `no client could be shown a key of ${kindOf(key)}; known are ${TAKEN}`;
    throw refuse("key.wrong_kind", reason, certificate);
  }
  if (!certificate.checkPrivateKey(key)) {
    throw refuse("key.wrong_kind", "the key is that of another certificate", certificate);
  }
  try {
    createSecureContext(contextOf(identity));
  } catch (cause) {
    throw refuse("key.wrong_kind", messageOf(cause), certificate, cause);
  }
}

const TAKEN = "RSA of 2048 bits or more, P-256, P-384, P-521 and Ed25519";

/** Curves that servers sign with (RFC 8446 §4.2.3), by their names in OpenSSL. */
const CURVES: readonly string[] = ["prime256v1", "secp384r1", "secp521r1"];

/** Least bits of RSA (NIST SP 800-131A r2 §3). */
const LEAST_BITS = 2048;

function isTaken({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): boolean {
  const { namedCurve = "", modulusLength = 0 } = asymmetricKeyDetails ?? {};
  if (asymmetricKeyType === "rsa") return modulusLength >= LEAST_BITS;
  if (asymmetricKeyType === "ec") return CURVES.includes(namedCurve);
  return asymmetricKeyType === "ed25519";
}

function kindOf({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): string {
  const { namedCurve, modulusLength } = asymmetricKeyDetails ?? {};
  if (asymmetricKeyType === "rsa") return `RSA of ${modulusLength} bits`;
  return namedCurve ?? asymmetricKeyType ?? "an unknown kind";
}

const BLOCK = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;

/** Each is looked at: clients end a handshake in which one above the first is none. */
function certificatesOf({ certificate }: TlsIdentity): [X509Certificate, ...X509Certificate[]] {
  const [first = "", ...others] = textOf(certificate).match(BLOCK) ?? [];
  return [certificateOf(first), ...others.map(certificateOf)];
}

function certificateOf(block: string): X509Certificate {
  try {
    return new X509Certificate(block);
  } catch (cause) {
    throw refuse("input.wrong_kind", "it is no certificate in PEM", null, cause);
  }
}

function keyOf({ key }: TlsIdentity): KeyObject {
  try {
    return createPrivateKey(textOf(key));
  } catch (cause) {
    throw refuse("key.malformed", "the key is none in PEM without password", null, cause);
  }
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

function refuse(
  code: string,
  reason: string,
  certificate: X509Certificate | null,
  cause?: unknown,
): InputError {
  const fields = { reason, ...(certificate === null ? {} : { subject: certificate.subject }) };
  return new InputError(`Cannot use certificate and key: ${reason}`, { code, fields, cause });
}
