/**
 * The way from a key's certificate to a pinned root (RFC 5280 §6.1).
 *
 * @module
 */

import { equal } from "../../../core/bytes.ts";
import type { ErrorFields } from "../../../core/errors.ts";
import { signatureText } from "../../../core/portable/algorithm_text.ts";
import type { Named, PinnedRoot } from "../../../core/portable/anchors.ts";
import { type Certificate, summaryOf } from "../../../core/portable/certificate.ts";
import { readIf } from "../../../core/portable/malformed.ts";
import { signatureScheme } from "../../../core/portable/signature_algorithm.ts";
import { VerifyingKey } from "../../../core/portable/verifying_key.ts";
import { refuseTpm } from "./refuse.ts";
import type { Role } from "./role.ts";

/**
 * Certificates from the key's own to a pinned root, or to one whose issuer is
 * not there. Those that are not on the way are passed over.
 *
 * @param pool All certificates, the key's own first.
 * @param roots Pinned roots.
 * @param role What the key is.
 * @returns With names for people.
 */
export async function pathOf(
  pool: readonly Certificate[],
  roots: readonly PinnedRoot[],
  role: Role,
): Promise<readonly Named[]> {
  const path: Certificate[] = [];
  let [next] = pool;
  while (next !== undefined) {
    path.push(next);
    if (isPinned(next, roots)) break;
    next = await issuerOf(next, pool.filter((one) => !path.includes(one)));
  }
  const last = path.length - 1;
  return path.map((one, i) => [i === 0 ? role : i === last ? "root" : "CA", one]);
}

function isPinned(certificate: Certificate, roots: readonly PinnedRoot[]): boolean {
  const { sha256, spkiSha256 } = summaryOf(certificate);
  return roots.some(({ certificate, key }) => certificate === sha256 && key === spkiSha256);
}

/** Of several of the name, that whose key verifies; the first where none does, which is refused later. */
async function issuerOf(
  certificate: Certificate,
  unused: readonly Certificate[],
): Promise<Certificate | undefined> {
  const named = unused.filter(({ subject }) => equal(subject.der, certificate.issuer.der));
  const [first, ...others] = named;
  if (others.length === 0) return first;
  for (const one of named) {
    if (await signatureFault(certificate, one) === null) return one;
  }
  return first;
}

/**
 * Demands that each certificate is signed by the next one, the last by itself.
 *
 * @param path From the key's certificate to the root.
 * @throws {RejectedError} `tpm.chain_signature`
 */
export async function checkSignatures(path: readonly Named[]): Promise<void> {
  for (const [i, one] of path.entries()) {
    const [name, certificate] = one;
    const [, signer] = path[i + 1] ?? one;
    const fault = await signatureFault(certificate, signer);
    if (fault === null) continue;
    const { subject, issuer } = summaryOf(certificate);
    throw refuseTpm("tpm.chain_signature", { certificate: name, subject, issuer, ...fault });
  }
}

/** What can be said of a signature that does not hold; null where it does. */
async function signatureFault(
  { algorithm, signed, signature }: Certificate,
  issuer: Certificate,
): Promise<ErrorFields | null> {
  const key = readIf(() => VerifyingKey.read(issuer.key));
  if (key === undefined) return { reason: "its issuer's key is of no kind that is accepted" };
  const scheme = algorithm === undefined ? undefined : signatureScheme(algorithm);
  if (scheme === undefined) return { reason: `it is signed with ${signatureText(algorithm)}` };
  return await key.verifies(scheme, { message: signed, signature }) ? null : {};
}
