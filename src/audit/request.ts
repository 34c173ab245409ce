/**
 * The request that a bundle holds, to be verified again.
 *
 * @module
 */

import { fromBase64, fromHex } from "../core/bytes.ts";
import { InputError, RejectedError } from "../core/errors.ts";
import { type PublicKey, readPublicKey } from "../core/signing_key.ts";
import { ownerAuthority } from "../policy/reference/authority.ts";
import { readSignedReference, type SignedReference } from "../policy/reference/signed.ts";
import type { Request } from "../verifier/request.ts";
import type { AuditBundle } from "./bundle.ts";
import type { WrittenRequest } from "./written.ts";

/** Members of an expectation that are bytes. */
const BYTES: readonly string[] = ["nonce", "reportData"];

/**
 * The request of a bundle.
 *
 * @param bundle The bundle.
 * @param now Moment for which to judge; undefined is the bundle's own.
 * @param owner Key that must have signed the reference values; undefined takes the bundle's word for whose they are.
 * @throws {InputError} where the bundle holds what no request can.
 * @throws {RejectedError} `audit.owner`, where another key signed the reference values, or none.
 */
export async function requestIn(
  { request: written }: AuditBundle,
  now?: Date,
  owner?: PublicKey,
): Promise<Request> {
  const reference = await referenceIn(written, owner);
  const request = {
    variant: written.variant,
    evidence: filesIn(written.files),
    ...(written.statement === null ? {} : { statement: fromBase64(written.statement) }),
    ...(written.expect === null ? {} : { expect: expectationIn(written.expect) }),
    ...(written.policy === null ? {} : { policy: written.policy }),
    ...(reference === undefined ? {} : { reference }),
    collateral: written.collateral,
    now: now ?? new Date(written.time),
    profile: written.profile,
    labRoots: written.labRoots.map(fromBase64),
    engine: written.engine,
  };
  // The verifier reads each part of it strictly, as of any caller that is not typed.
  return request as Request;
}

function filesIn(files: WrittenRequest["files"]): object {
  return Object.fromEntries(
    Object.entries(files).map(([role, file]) => [
      role,
      typeof file === "string" ? fromBase64(file) : file.map(fromBase64),
    ]),
  );
}

function expectationIn(expect: Readonly<Record<string, string>>): object {
  return Object.fromEntries(
    Object.entries(expect).map(([name, value]) => [
      name,
      BYTES.includes(name) ? hexIn(name, value) : value,
    ]),
  );
}

function hexIn(name: string, value: string): Uint8Array {
  if (/^(?:[0-9a-f]{2})*$/.test(value)) return fromHex(value);
  throw new InputError(`Cannot use the audit bundle: request.expect.${name} is no hex`, {
    code: "audit.malformed",
    fields: { field: `request.expect.${name}` },
  });
}

async function referenceIn(
  { reference, signedReference }: WrittenRequest,
  owner: PublicKey | undefined,
): Promise<unknown> {
  if (signedReference === null) {
    if (owner !== undefined) throw notSigned(owner);
    return reference ?? undefined;
  }
  const envelope = fromBase64(signedReference.envelope);
  const key = owner ?? await readPublicKey(fromBase64(signedReference.key));
  return await signedIn(envelope, key);
}

async function signedIn(envelope: Uint8Array, key: PublicKey): Promise<SignedReference> {
  try {
    return await readSignedReference(envelope, [ownerAuthority([key])]);
  } catch (cause) {
    if (!(cause instanceof RejectedError)) throw cause;
    throw new RejectedError(
      `Cannot confirm the audit bundle: the key ${key.id} did not sign its reference values`,
      { code: "audit.owner", fields: { expected: key.id, ...cause.fields }, cause },
    );
  }
}

function notSigned({ id }: PublicKey): RejectedError {
  return new RejectedError(
    "Cannot confirm the audit bundle: nobody signed its reference values",
    { code: "audit.owner", fields: { expected: id, actual: "nobody" } },
  );
}
