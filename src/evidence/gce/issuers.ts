/**
 * Google's authorities beside a key's certificate: VMs hand out the key's alone.
 *
 * @module
 */

import type { Engine } from "../../core/crypto.ts";
import { CasemateError } from "../../core/errors.ts";
import { describeCertificates } from "../../core/x509.ts";
import { GOOGLE_ISSUERS, GOOGLE_ROOTS, type GoogleAuthority } from "./authorities.ts";

const bytesOf = ({ pem }: GoogleAuthority): Uint8Array => new TextEncoder().encode(pem);

/** Google's roots, PEM. */
export const GOOGLE_ROOT_FILES: readonly Uint8Array[] = GOOGLE_ROOTS.map(bytesOf);

/**
 * Google's issuing authorities that some certificates name, without those that
 * are among them. A name decides nothing else: the path is verified as any other.
 *
 * @param engine Verification engine.
 * @param certificates The key's certificate and others, PEM or DER.
 */
export async function googleIssuersOf(
  engine: Engine,
  certificates: readonly Uint8Array[],
): Promise<readonly Uint8Array[]> {
  const described = await Promise.all(certificates.map((file) => summariesOf(engine, file)));
  const given = described.flat();
  return GOOGLE_ISSUERS.filter(({ subject, sha256 }) =>
    given.some(({ issuer }) => issuer === subject) && given.every((one) => one.sha256 !== sha256)
  ).map(bytesOf);
}

/** What cannot be read is the engine's to refuse, in its turn. */
async function summariesOf(
  engine: Engine,
  file: Uint8Array,
): Promise<readonly { readonly issuer: string; readonly sha256: string }[]> {
  try {
    return (await describeCertificates(engine, file)).map(({ summary }) => summary);
  } catch (error) {
    if (error instanceof CasemateError) return [];
    throw error;
  }
}
