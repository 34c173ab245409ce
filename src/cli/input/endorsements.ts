/**
 * What a verifier adds to an envelope: endorsements and roots that it has from the vendors.
 *
 * @module
 */

import type { FileInput } from "../../evidence/evidence.ts";
import { technologies } from "../../evidence/registry.ts";

/** Roles of endorsements and roots: what a verifier has from the vendors, and prefers to the evidence's own. */
const ENDORSEMENTS: readonly string[] = [
  "leaf",
  "chainAskArk",
  "crls",
  "tcbInfo",
  "qeIdentity",
  "tcbChain",
  "pckCrl",
  "pckCrlChain",
  "rootCrl",
  "akCertIssuers",
  "akCertRoots",
  "akCertCrls",
  "firmwareEndorsement",
  "firmwareEndorsementRoots",
  "documentCrls",
  "identityCert",
];

/**
 * Whether a file is what a verifier has from vendors, and not what a node says.
 *
 * @param input What a technology takes.
 */
export function isEndorsement({ role }: FileInput): boolean {
  return ENDORSEMENTS.includes(role);
}

/** What flags are that variants explain each in its own way. */
const OF_ALL_VARIANTS: Readonly<Record<string, string>> = {
  "ak-cert-root": "root that you believe, PEM or DER; none but Google's is built in",
};

/** Variants that an envelope can be of. */
export const VARIANT_IDS: readonly string[] = technologies.flatMap(({ id, facts }) =>
  facts === undefined ? [] : [id]
);

/** Flags for endorsements, each once, however many variants take it. */
export function endorsementInputs(): readonly FileInput[] {
  const all = technologies.filter(({ facts }) => facts !== undefined).flatMap(({ files }) =>
    files.filter(isEndorsement)
  );
  return [...new Map(all.map((input) => [input.flag, input])).values()].map((input) => ({
    ...input,
    says: OF_ALL_VARIANTS[input.flag] ?? input.says,
  }));
}
