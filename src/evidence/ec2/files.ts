/**
 * The files that say whose instance it is, which the variants of AWS take beside their own.
 *
 * @module
 */

import { equal, fromBase64, isBytes } from "../../core/bytes.ts";
import { InputError } from "../../core/errors.ts";
import type { FileInput, FilesByRole } from "../evidence.ts";
import type { FileTaker } from "../files.ts";
import { IDENTITY_KEY, type InstancePolicy } from "./policy.ts";

/** Identity document of an instance; each may be absent, but not document or signature alone. */
export interface IdentityFiles {
  /** Instance identity document, byte for byte as the metadata service gives it. */
  readonly identityDocument?: Uint8Array;
  /** Its PKCS#7 signature: DER, PEM, or bare base64. */
  readonly identitySignature?: Uint8Array;
  /** AWS's RSA-2048 certificate of the region, from whoever verifies: it is believed as it is. */
  readonly identityCert?: Uint8Array;
}

/** What the flags say. */
export const IDENTITY_FILES: readonly FileInput[] = [
  optional(
    "identityDocument",
    "identity-document",
    "identity document of the instance, as the metadata service gives it",
  ),
  optional(
    "identitySignature",
    "identity-signature",
    "its PKCS#7 signature: what `instance-identity/rsa2048` of the metadata service gives",
  ),
  {
    ...optional(
      "identityCert",
      "identity-cert",
      "AWS's RSA-2048 certificate of the region, PEM or DER, from AWS's documentation",
    ),
    believed: true,
  },
];

function optional(role: string, flag: string, says: string): FileInput {
  return { role, flag, required: false, multiple: false, says };
}

/**
 * Reads the files by role. A document whose region's certificate is not given is
 * not verified, and nothing is taken from it.
 *
 * @param taker Where they are.
 * @throws {InputError} `input.missing` for a part without the one that it belongs to, `input.value`
 */
export function identityFiles(taker: FileTaker): IdentityFiles {
  const files = {
    identityDocument: taker.maybe("identityDocument"),
    identitySignature: taker.maybe("identitySignature"),
    identityCert: taker.maybe("identityCert"),
  };
  const { identityDocument, identitySignature, identityCert } = files;
  if (identityDocument === undefined && identitySignature !== undefined) {
    throw missing("identity-document", "identity-signature", "identityDocument");
  }
  if (identityDocument !== undefined && identitySignature === undefined) {
    throw missing("identity-signature", "identity-document", "identitySignature");
  }
  // A certificate beside no document would be looked at by nothing, and seem to have been.
  if (identityDocument === undefined && identityCert !== undefined) {
    throw missing("identity-document", "identity-cert", "identityDocument");
  }
  return Object.fromEntries(Object.entries(files).filter(([, file]) => file !== undefined));
}

/**
 * The region's certificate as the policy has it, where there is a document to verify with it.
 *
 * @param section The section.
 * @param files The files that were given.
 * @throws {InputError} `input.conflict` where another certificate was given: who brings evidence must not choose it.
 */
export function identityCertOf(
  { identityCertificate }: InstancePolicy,
  { identityDocument, identityCert }: FilesByRole,
): FilesByRole {
  if (identityCertificate === null || identityDocument === undefined) return {};
  const own = new TextEncoder().encode(identityCertificate);
  if (identityCert === undefined || isSame(own, identityCert)) return { identityCert: own };
  const message = "Cannot use identity-cert: the policy has another certificate of the region";
  const fields = { role: "identityCert", key: IDENTITY_KEY };
  throw new InputError(message, { code: "input.conflict", fields });
}

/** What is no certificate is not the policy's either. */
function isSame(own: Uint8Array, given: unknown): boolean {
  return isBytes(given) && equal(derOf(own), derOf(given));
}

/** DER of a certificate in PEM; of anything else the bytes themselves. */
function derOf(file: Uint8Array): Uint8Array {
  const body = /^\s*-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]*)-----END CERTIFICATE-----\s*$/
    .exec(new TextDecoder().decode(file))?.[1];
  if (body === undefined) return file;
  try {
    return fromBase64(body.replaceAll(/\s/g, ""));
  } catch (error) {
    if (error instanceof RangeError) return file;
    throw error;
  }
}

function missing(flag: string, beside: string, role: string): InputError {
  return new InputError(`Cannot use ${beside} without ${flag}`, {
    code: "input.missing",
    fields: { role, missing: role },
  });
}
