/**
 * The way from a key's certificate to a pinned root (RFC 5280 §6.1).
 *
 * @module
 */

import { equal } from "../../../core/bytes.ts";
import { signatureText } from "../../../core/portable/algorithm_text.ts";
import type { Named, PinnedRoot } from "../../../core/portable/anchors.ts";
import { type Certificate, summaryOf } from "../../../core/portable/certificate.ts";
import { readIf } from "../../../core/portable/malformed.ts";
import { signatureScheme } from "../../../core/portable/signature_algorithm.ts";
import { VerifyingKey } from "../../../core/portable/verifying_key.ts";
import { refuseTpm } from "./refuse.ts";

/**
 * Certificates from the key's own to a pinned root, or to one whose issuer is
 * not there. Those that are not on the way are passed over.
 *
 * @param pool All certificates, the key's own first.
 * @param roots Pinned roots.
 */
export async function pathOf(
  pool: readonly Named[],
  roots: readonly PinnedRoot[],
): Promise<readonly Named[]> {
  const path: Named[] = [];
  let [next] = pool;
  while (next !== undefined) {
    path.push(next);
    const [, certificate] = next;
    if (isPinned(certificate, roots)) return path;
    next = await issuerOf(certificate, pool.filter((one) => !path.includes(one)));
  }
  return path;
}

function isPinned(certificate: Certificate, roots: readonly PinnedRoot[]): boolean {
  const { sha256, spkiSha256 } = summaryOf(certificate);
  return roots.some(({ certificate, key }) => certificate === sha256 && key === spkiSha256);
}

/** Of several of the name, that whose key verifies; the first where none does, which is refused later. */
async function issuerOf(
  certificate: Certificate,
  unused: readonly Named[],
): Promise<Named | undefined> {
  const named = unused.filter(([, { subject }]) => equal(subject.der, certificate.issuer.der));
  const [first, ...others] = named;
  if (others.length === 0) return first;
  for (const one of named) {
    if (await signatureFault(certificate, one[1]) === undefined) return one;
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
    const [, issuer] = path[i + 1] ?? one;
    const reason = await signatureFault(certificate, issuer);
    if (reason !== undefined) throw refuseTpm("tpm.chain_signature", { certificate: name, reason });
  }
}

/** What is wrong with a signature; undefined where nothing is. */
async function signatureFault(
  { algorithm, signed, signature }: Certificate,
  issuer: Certificate,
): Promise<string | undefined> {
  const scheme = algorithm === undefined ? undefined : signatureScheme(algorithm);
  if (scheme === undefined) return `it is signed with ${signatureText(algorithm)}`;
  const key = readIf(() => VerifyingKey.read(issuer.key));
  if (key === undefined) return "its issuer's key is of no kind that is accepted";
  const isSigned = await key.verifies(scheme, { message: signed, signature });
  return isSigned ? undefined : "the signature is not by the key of its issuer";
}
