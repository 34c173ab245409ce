/**
 * The files that say whose instance it is, which the variants of AWS take beside their own.
 *
 * @module
 */

import { InputError } from "../../core/errors.ts";
import type { FileInput } from "../evidence.ts";
import type { FileTaker } from "../files.ts";

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

function missing(flag: string, beside: string, role: string): InputError {
  return new InputError(`Cannot use ${beside} without ${flag}`, {
    code: "input.missing",
    fields: { role, missing: role },
  });
}
