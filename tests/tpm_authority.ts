/**
 * The lab's authorities in the manner of a TPM's vendor for tests, made once per
 * process: as it is by default, with keys of one kind, and with RSA.
 *
 * @module
 */

import { createTpmAuthority, generateLabKey, type TpmAuthority } from "../src/lab/mod.ts";
import { NOW } from "./lab_authority.ts";

/** Keys of an authority: P-384 above P-256, P-256 alone, RSA alone. */
export type TpmAuthorityKind = "mixed" | "P-256" | "RSA-2048";

const made = new Map<TpmAuthorityKind, Promise<TpmAuthority>>();

/**
 * An authority that tests trust.
 *
 * @param kind Its keys.
 */
export function tpmAuthority(kind: TpmAuthorityKind = "mixed"): Promise<TpmAuthority> {
  const known = made.get(kind) ?? make(kind);
  made.set(kind, known);
  return known;
}

async function make(kind: TpmAuthorityKind): Promise<TpmAuthority> {
  if (kind === "mixed") return await createTpmAuthority({ now: NOW });
  const [root, issuing] = await Promise.all([generateLabKey(kind), generateLabKey(kind)]);
  return await createTpmAuthority({ now: NOW, keys: { root, issuing } });
}
