/**
 * Roots that an input brings. The contract has whoever writes the input choose
 * the root, which is why its verdicts decide nothing.
 *
 * @module
 */

import type { Engine } from "../core/crypto.ts";
import { CasemateError } from "../core/errors.ts";
import { describeCertificates } from "../core/x509.ts";
import type { Anchor } from "../evidence/anchors.ts";
import { malformed } from "./answer.ts";

/**
 * The root of an input, trusted for this input alone. Where it carries the lab
 * mark, all below it must.
 *
 * @param engine Verification engine.
 * @param file PEM or DER of one certificate.
 * @param member Name of the input's member, for messages.
 * @throws {NotJudged} exit 30 where it is none.
 */
export async function broughtRoot(
  engine: Engine,
  file: Uint8Array,
  member: string,
): Promise<readonly Anchor[]> {
  const certificates = await describeCertificates(engine, file).catch((error: unknown) => {
    if (error instanceof CasemateError) throw malformed(`${member}: ${error.message}`, error);
    throw error;
  });
  const [root, ...more] = certificates;
  if (root === undefined || more.length > 0) throw malformed(`${member}: not one certificate`);
  const { sha256, spkiSha256 } = root.summary;
  return [{ line: "", certificateSha256: sha256, spkiSha256, lab: root.lab }];
}

/**
 * The first of some chains whose first certificate fits.
 *
 * @param engine Verification engine.
 * @param chains Chains, PEM or DER.
 * @param fits Whether a chain's certificates are the wanted ones.
 * @returns The file; undefined where none does.
 */
export async function fittingChain(
  engine: Engine,
  chains: readonly Uint8Array[],
  fits: (first: Certificate) => boolean,
): Promise<Uint8Array | undefined> {
  for (const chain of chains) {
    const [first] = await describeCertificates(engine, chain);
    if (first !== undefined && fits(first)) return chain;
  }
  return undefined;
}

/** A certificate, described. */
export type Certificate = Awaited<ReturnType<typeof describeCertificates>>[number];
