/**
 * What a service is given for tests, and evidence that answers it. The same for
 * a service in this process and for one elsewhere that has its own clock.
 *
 * @module
 */

import { concat, toBase64 } from "../../src/core/bytes.ts";
import { generateSigningKey, type SigningKey } from "../../src/core/signing_key.ts";
import { readSigningKey } from "../../src/core/signing_key.ts";
import type { FilesByRole } from "../../src/evidence/evidence.ts";
import { policyIdOf } from "../../src/results/ear.ts";
import {
  LAB_STATEMENT,
  labAuthorities,
  type MintedVariant,
  mintVariant,
} from "../../src/lab/mod.ts";
import { documentDigest } from "../../src/verifier/digests.ts";
import { labAuthorityAt } from "../lab_authority.ts";

/** What a service is set up with, and who makes evidence for it. */
export interface ServiceLab {
  /** The registered policy. */
  readonly policy: object;
  /** Its name in requests and tokens. */
  readonly digest: string;
  /** The reference values that are registered with it. */
  readonly reference: object;
  /** Lab roots, PEM. */
  readonly roots: Uint8Array;
  /** The key that signs tokens, PKCS #8. */
  readonly key: Uint8Array<ArrayBuffer>;
  /** The same, read. */
  readonly signer: SigningKey;
  /** Who runs it. */
  readonly issuer: string;
  /** Secret for nonces. */
  readonly nonceSecret: Uint8Array;
  /**
   * Evidence that answers a nonce.
   *
   * @param nonce The nonce, 32 bytes.
   */
  mint(nonce: Uint8Array): Promise<MintedVariant>;
}

/**
 * Makes it.
 *
 * @param now Moment from which certificates hold, and at which evidence is made.
 */
export async function serviceLab(now: Date): Promise<ServiceLab> {
  const authorities = labAuthorities(now, { amd: await labAuthorityAt(now) });
  const mint = (nonce: Uint8Array): Promise<MintedVariant> =>
    mintVariant("sev-snp", authorities, { now, nonce, statement: LAB_STATEMENT });
  const { policy: section, reference, roots } = await mint(new Uint8Array(32).fill(1));
  const policy = { version: 1, allowLab: true, "sev-snp": section };
  const { pkcs8 } = await generateSigningKey("P-256");
  return {
    policy,
    digest: policyIdOf(documentDigest(policy)),
    reference: { version: 1, "sev-snp": reference },
    roots: new TextEncoder().encode(roots),
    key: pkcs8,
    signer: await readSigningKey(pkcs8),
    issuer: "https://verifier.example.org",
    nonceSecret: new Uint8Array(32).fill(0x5e),
    mint,
  };
}

/**
 * Files as a request in JSON has them.
 *
 * @param files The files.
 */
export function base64Files(files: FilesByRole): Readonly<Record<string, string | string[]>> {
  return Object.fromEntries(
    Object.entries(files).flatMap(([role, file]): [string, string | string[]][] => {
      if (file === undefined) return [];
      return [[role, file instanceof Uint8Array ? toBase64(file) : file.map(toBase64)]];
    }),
  );
}

/** Any bytes that are no evidence. */
export const GARBAGE: Uint8Array = concat(new Uint8Array(1184).fill(0xa5));
