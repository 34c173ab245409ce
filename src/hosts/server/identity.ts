/**
 * Looks at a certificate and its key before clients do: Deno takes any, and
 * then ends each connection.
 *
 * @module
 */

import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { InputError } from "../../core/errors.ts";
import type { TlsIdentity } from "../../core/ports.ts";

/**
 * Refuses what no client could be shown.
 *
 * @param identity Certificate and key.
 * @throws {InputError} `key.malformed` for a key that is none or has a password, `input.wrong_kind` for a certificate that is
 * none, `key.wrong_kind` for a key of another certificate.
 */
export function checkIdentity(identity: TlsIdentity): void {
  const certificate = certificateOf(identity);
  if (certificate.checkPrivateKey(keyOf(identity))) return;
  throw refuse("key.wrong_kind", "the key is that of another certificate", certificate.subject);
}

function certificateOf({ certificate }: TlsIdentity): X509Certificate {
  try {
    return new X509Certificate(textOf(certificate));
  } catch (cause) {
    throw refuse("input.wrong_kind", "it is no certificate in PEM", "", cause);
  }
}

function keyOf({ key }: TlsIdentity): KeyObject {
  try {
    return createPrivateKey(textOf(key));
  } catch (cause) {
    throw refuse("key.malformed", "the key is none in PEM without password", "", cause);
  }
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

function refuse(code: string, reason: string, subject: string, cause?: unknown): InputError {
  const fields = { reason, ...(subject === "" ? {} : { subject }) };
  return new InputError(`Cannot use certificate and key: ${reason}`, { code, fields, cause });
}
