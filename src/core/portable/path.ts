/**
 * The way from a certificate to a pinned root (RFC 5280 §6.1).
 *
 * @module
 */

import { equal } from "../bytes.ts";
import type { ErrorFields } from "../errors.ts";
import { signatureText } from "./algorithm_text.ts";
import { chooseRoot, type Named, type PinnedRoot, type RefuseRoot } from "./anchors.ts";
import { type Certificate, summaryOf } from "./certificate.ts";
import { readIf } from "../malformed.ts";
import { signatureScheme } from "./signature_algorithm.ts";
import { VerifyingKey } from "./verifying_key.ts";

/**
 * Certificates from the first to a pinned root, or to one whose issuer is not
 * there. Those that are not on the way are passed over.
 *
 * @param pool All certificates, the one that is asked about first.
 * @param roots Pinned roots.
 * @param leaf Name of the first for a person.
 * @returns With names for people.
 */
export async function pathOf(
  pool: readonly Certificate[],
  roots: readonly PinnedRoot[],
  leaf: string,
): Promise<readonly Named[]> {
  const path: Certificate[] = [];
  let next: Certificate | undefined = pool[0];
  while (next !== undefined) {
    path.push(next);
    if (isPinned(next, roots)) break;
    next = await issuerOf(next, pool.filter((one) => !path.includes(one)));
  }
  const last = path.length - 1;
  return path.map((one, i) => [i === 0 ? leaf : i === last ? "root" : "CA", one]);
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
 * Whether a path ends at a lab's root; that it ends at a pinned one, and that
 * lab and vendor are kept apart, is demanded here.
 *
 * @param path From the certificate that is asked about to the root.
 * @param roots Pinned roots.
 * @param refuse Gives the technology's refusal.
 * @throws {RejectedError} what `refuse` gives.
 */
export function isLabPath(
  path: readonly Named[],
  roots: readonly PinnedRoot[],
  refuse: RefuseRoot,
): boolean {
  const top = path.at(-1);
  if (top === undefined) throw new TypeError("A path has a certificate");
  return chooseRoot(roots, top[1], [...path].reverse(), refuse).lab;
}

/** Says of a certificate's signature what is wrong with it; null where it holds. */
export type FaultOf = (
  certificate: Certificate,
  issuer: Certificate,
) => Promise<ErrorFields | null>;

/**
 * Demands that each certificate is signed by the next one, the last by itself.
 *
 * @param path From the certificate that is asked about to the root.
 * @param refuse Gives the technology's refusal.
 * @param faultOf Says what is wrong with a signature; by default {@linkcode signatureFault}.
 * @throws {RejectedError} what `refuse` gives.
 */
export async function checkSignatures(
  path: readonly Named[],
  refuse: (fields: ErrorFields) => Error,
  faultOf: FaultOf = signatureFault,
): Promise<void> {
  for (const [i, one] of path.entries()) {
    const [name, certificate] = one;
    const [, signer] = path[i + 1] ?? one;
    const fault = await faultOf(certificate, signer);
    if (fault === null) continue;
    const { subject, issuer } = summaryOf(certificate);
    throw refuse({ certificate: name, subject, issuer, ...fault });
  }
}

/**
 * What can be said of a signature that does not hold; null where it does.
 *
 * @param certificate The certificate.
 * @param issuer Who must have signed it, with any key and algorithm that is accepted.
 */
export async function signatureFault(
  { algorithm, signed, signature }: Certificate,
  issuer: Certificate,
): Promise<ErrorFields | null> {
  const key = readIf(() => VerifyingKey.read(issuer.key));
  if (key === undefined) return { reason: "its issuer's key is of no kind that is accepted" };
  const scheme = algorithm === undefined ? undefined : signatureScheme(algorithm);
  if (scheme === undefined) return { reason: `it is signed with ${signatureText(algorithm)}` };
  return await key.verifies(scheme, { message: signed, signature }) ? null : {};
}
