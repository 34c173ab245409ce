/**
 * Kinds of file beside evidence, and which commands take them.
 *
 * @module
 */

import type { Shown, ShownSection } from "../../core/shown.ts";

/** Titles, and what takes such a file; null where nothing does. */
const KINDS = {
  "policy": ["Policy", "casemate policy explain or casemate evidence verify --policy"],
  "pinning-policy": [
    "Policy that pins values",
    "casemate policy explain or casemate evidence verify --policy",
  ],
  "reference-values": [
    "Reference values that nobody signed",
    "casemate reference explain or casemate evidence verify --reference",
  ],
  // Sections alone: such a file can be either.
  "pinned-values": [
    "Values that are pinned, as a policy or as reference values in the short form",
    "casemate policy explain or casemate reference explain",
  ],
  "signed-reference-values": [
    "Signed reference values",
    "casemate reference explain or casemate evidence verify --reference",
  ],
  "signed-collateral": [
    "Signed bundle of collateral",
    "casemate collateral import or casemate evidence verify --bundle",
  ],
  "collateral": [
    "Bundle of collateral that nobody signed",
    "casemate collateral import --unsigned",
  ],
  "manifest": ["Manifest of a cluster", "casemate manifest show or casemate manifest verify"],
  "ticket": ["Ticket for a control plane", null],
  "signed-document": ["Signed document of a kind that is not known here", null],
  "ear": ["Attestation result (EAR as JWT)", "casemate result verify"],
  "jwt": ["JSON Web Token that is no attestation result", null],
  "jwks": ["Public keys (JSON Web Keys)", "casemate result verify --key"],
  "jwks-secret": ["JSON Web Keys with private halves", null],
  "public-key": [
    "Public key",
    "casemate evidence verify --owner-key or casemate result verify --key",
  ],
  "private-key": [
    "Private key",
    "casemate reference sign --key or casemate evidence verify --token-key",
  ],
  "other-public-key": ["Public key of a kind that signs no documents here", null],
  "other-private-key": ["Private key of a kind or form that is not used here", null],
  "result": ["Result of a verification, which in a file is nobody's word", null],
} as const satisfies Readonly<Record<string, readonly [string, string | null]>>;

/** A kind of file that is no evidence. */
export type DocumentKind = keyof typeof KINDS;

/**
 * A description of such a file.
 *
 * @param kind What it is.
 * @param sections What it holds.
 */
export function documentShown(kind: DocumentKind, sections: readonly ShownSection[]): Shown {
  const [title, usedBy] = KINDS[kind];
  return { kind, title: `${title} (not verified)`, usedBy, sections };
}
