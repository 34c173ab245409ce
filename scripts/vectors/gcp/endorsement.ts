/**
 * Endorsements with one thing wrong, beside evidence that is right.
 *
 * @module
 */

import {
  createEndorsementAuthority,
  dropExtension,
  ENDORSEMENT_BENDS,
  type EndorsementAuthority,
  LAB_MARK_OID,
  mintEndorsement,
  type MintEndorsementOptions,
} from "../../../src/lab/mod.ts";
import { type MintedCase, TIME } from "../source.ts";
import { ROOTS, rootsFile } from "./files.ts";

/** One bend for each code; all of them are tested with the engines alone. */
const BENDS: readonly string[] = [
  "digest-missing",
  "forged",
  "signer-authority",
  "signer-forged",
  "signer-expired",
  "signer-tomorrow",
  "signer-unmarked",
  "foreign-root",
];

/** A bent endorsement; the case around it is the caller's to complete. */
export type BentEndorsement = Pick<MintedCase, "name" | "says" | "code" | "own" | "absent">;

/**
 * Bent endorsements.
 *
 * @param authority Who endorses.
 * @param endorsed What is endorsed.
 * @param otherRoots Lab roots of the rest of the evidence, DER.
 */
export async function bentEndorsements(
  authority: EndorsementAuthority,
  endorsed: Pick<MintEndorsementOptions, "sevSnp" | "tdx">,
  otherRoots: readonly Uint8Array[],
): Promise<readonly BentEndorsement[]> {
  const straight = await mintEndorsement(authority, { ...endorsed, now: TIME });
  const context = { now: TIME, key: straight.key };
  const bent = BENDS.map(async (name): Promise<BentEndorsement> => {
    const bend = ENDORSEMENT_BENDS[name];
    if (bend === undefined) throw new Error(`The lab knows no endorsement ${name}`);
    const bends = await bend.bends(context);
    const { endorsement } = await mintEndorsement(authority, { ...endorsed, now: TIME, bends });
    return {
      name: `bent-endorsement-${name}`,
      says: bend.says,
      code: bend.code,
      own: { "endorsement.pb": endorsement },
      absent: ["firmwareEndorsementRoots"],
    };
  });
  return [...await Promise.all(bent), await unmarked(authority, otherRoots)];
}

/** The lab's endorsement under a root that is given as the provider's. */
async function unmarked(
  { root, issuing }: EndorsementAuthority,
  otherRoots: readonly Uint8Array[],
): Promise<BentEndorsement> {
  const again = await createEndorsementAuthority({
    now: TIME,
    keys: { root: root.key, issuing: issuing.key },
    bends: {
      root: (root) => ({ ...root, extensions: dropExtension(root.extensions, LAB_MARK_OID) }),
    },
  });
  return {
    name: "bent-endorsement-lab",
    says: "A lab's endorsement, and a root that looks like the provider's",
    code: "gce.lab_root",
    own: {
      [ROOTS]: rootsFile(...otherRoots),
      "endorsement_root.der": again.root.certificate,
    },
  };
}
