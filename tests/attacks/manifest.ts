/**
 * Attacks on the owner's word: chains of manifests, tickets, and evidence that
 * is judged under them. Each says `succeeded`, or the code that refused it.
 *
 * @module
 */

import { CasemateError } from "../../src/core/errors.ts";
import { inlineEngine } from "../../src/core/crypto_inline.ts";
import { labReference } from "../../src/lab/mod.ts";
import { ManifestChain } from "../../src/manifest/chain.ts";
import { signManifest } from "../../src/manifest/create.ts";
import { readReferences, referenceDigest } from "../../src/manifest/references.ts";
import { readTicket, signTicket } from "../../src/manifest/ticket.ts";
import { signReference } from "../../src/policy/reference/authority.ts";
import { plainCopy } from "../../src/policy/reference/plain_copy.ts";
import { createAppraiser } from "../../src/services/attest/appraiser.ts";
import { labRootDigests } from "../../src/services/attest/lab_roots.ts";
import {
  CUSTODIANS,
  DIGEST,
  first,
  hexOf,
  HOUR,
  INTENT,
  made,
  nextOf,
  NOW,
  OTHER,
  OWNER,
  RANDOM,
  WITH_CUSTODIANS,
} from "../manifest/owner.ts";

const AT = { now: NOW };

/** What an attacker would like the cluster to be. */
const THEIRS = { kubernetes: "1.1.1" };

/** The attacks; each throws where it is refused. */
const ATTACKS: Readonly<Record<string, () => Promise<unknown>>> = {
  /** A cluster of one's own, shown as the victim's. */
  "own-cluster": async () => {
    const { clusterId } = await made(1);
    const owner = hexOf(OTHER.publicKey);
    const file = await signManifest({ ...first(), ...THEIRS, owner }, [OTHER]);
    await ManifestChain.verify([file], clusterId, AT);
  },
  /** The victim's first manifest, changed and signed by oneself. */
  "changed-first": async () => {
    const { clusterId } = await made(1);
    const file = await signManifest({ ...first(), ...THEIRS }, [OTHER]);
    await ManifestChain.verify([file], clusterId, AT);
  },
  /** A next manifest of one's own. */
  "own-next": async () => {
    const { chain } = await made(1);
    await chain.extend([await nextOf(chain, THEIRS, [OTHER])], AT);
  },
  /** A manifest of the owner's other history. */
  "other-history": async () => {
    const { chain } = await made(1);
    await chain.extend([await nextOf(chain, { previous: DIGEST })], AT);
  },
  /** An old manifest, after the owner took it back. */
  "rollback": async () => {
    const { clusterId, files } = await made(2);
    await ManifestChain.verify(files.slice(0, 1), clusterId, { ...AT, minimumSequence: 2 });
  },
  /** Another manifest of the number that was seen. */
  "fork": async () => {
    const { clusterId, files, chain } = await made(2);
    const before = await ManifestChain.verify(files.slice(0, 1), clusterId, AT);
    const other = await before.extend([await nextOf(before, THEIRS)], AT);
    await ManifestChain.verify(other.bytes, clusterId, { ...AT, seen: chain.seen });
  },
  /** A manifest that ended. */
  "expired": async () => {
    const { clusterId, files } = await made(1);
    await ManifestChain.verify(files, clusterId, { now: new Date("2029-01-01T00:00:00Z") });
  },
  /** A lab's cluster, shown as a real one. */
  "promotion": async () => {
    const { chain } = await made(1, { ...INTENT, labRoots: [DIGEST] });
    await chain.extend([await nextOf(chain, { labRoots: null })], AT);
  },
  /** One custodian of two. */
  "one-custodian": async () => {
    const { chain } = await made(1, WITH_CUSTODIANS);
    const change = { owner: hexOf(OTHER.publicKey) };
    await chain.extend([await nextOf(chain, change, [CUSTODIANS[0]])], AT);
  },
  /** Custodians who change what nodes are admitted for. */
  "greedy-custodians": async () => {
    const { chain } = await made(1, WITH_CUSTODIANS);
    const change = { ...THEIRS, owner: hexOf(OTHER.publicKey) };
    const [one, two] = CUSTODIANS;
    await chain.extend([await nextOf(chain, change, [one, two])], AT);
  },
  /** A ticket that the owner signed for another cluster. */
  "foreign-ticket": async () => {
    const { chain } = await made(1);
    const times = { issued: NOW, notAfter: new Date(NOW.getTime() + HOUR) };
    const ticket = { clusterId: DIGEST, group: "control-plane", ...times };
    await readTicket(await signTicket(ticket, OWNER, RANDOM), chain, NOW);
  },
  /** Evidence of a lab, in a real cluster. */
  "lab-in-earnest": () => appraise({ labRoots: null }),
  /** Evidence of a node of another cluster. */
  "foreign-node": () => appraise({}, "c9".repeat(32)),
};

/** Has a lab's node judged under a manifest. */
async function appraise(change: object, clusterOfNode?: string): Promise<void> {
  const { mintedOf, NONCE } = await import("../variants/ask.ts");
  const variant = "gcp-sev-snp";
  const { roots, reference } = await mintedOf(variant);
  const labRoots = [new TextEncoder().encode(roots)];
  const file = await signReference(plainCopy(labReference(variant, reference, NOW)), [OWNER]);
  const { chain, clusterId } = await made(1, {
    ...INTENT,
    labRoots: labRootDigests(labRoots),
    images: [{ variant, version: "1", reference: referenceDigest(file, "r") }],
    groups: INTENT.groups.map((group) => ({ ...group, account: "casemate-lab" })),
    ...change,
  });
  const stated = { clusterId: clusterOfNode ?? clusterId };
  const node = await mintedOf(variant, "attacked", stated);
  const references = await readReferences(chain, [file]);
  const appraiser = createAppraiser({
    chain: () => chain,
    references: () => references,
    // Roots of this very mint: another process has others.
    labRoots: [new TextEncoder().encode(node.roots)],
    engine: inlineEngine,
    clock: { now: () => NOW },
  });
  await appraiser.appraise(node.envelope, NONCE, {});
}

/** Names of the attacks. */
export const NAMES: readonly string[] = Object.keys(ATTACKS);

/**
 * Tries an attack.
 *
 * @param name Its name.
 * @returns `succeeded`, or the code that refused it.
 */
export async function attack(name: string): Promise<string> {
  const one = ATTACKS[name];
  if (one === undefined) throw new RangeError(`Cannot try ${name}: there is no such attack`);
  try {
    await one();
    return "succeeded";
  } catch (error) {
    if (error instanceof CasemateError) return error.code;
    throw error;
  }
}

if (import.meta.main) console.log(await attack(Deno.args[0] ?? ""));
