/**
 * A place as it is given, held against the manifest before the node takes it: a
 * control plane that is not the owner's word cannot make one up.
 *
 * @module
 */

import type { VariantId } from "../evidence/variants/facts.ts";
import type { ManifestChain } from "../manifest/chain.ts";
import type { JoinAnswer, Peer } from "../protocol/join.ts";
import { nodeError } from "./refusal.ts";
import type { Admission } from "./saved.ts";

/** Who is admitted, and how. */
export interface AdmissionContext {
  /** The chain that the answer is held against. */
  readonly chain: ManifestChain;
  /** How it came. */
  readonly by: Admission["by"];
  /** Boot that is admitted, hex. */
  readonly bootId: string;
  /** Variant of its evidence. */
  readonly variant: VariantId;
}

/**
 * Takes an answer as a place.
 *
 * @param answer The answer.
 * @param context Who is admitted, and how.
 * @throws {RejectedError} `node.answer`
 */
export function admissionFrom(answer: JoinAnswer, context: AdmissionContext): Admission {
  const { role, nodeName, manifestSequence, lease, leaseSeconds, nodeAuthority, peers } = answer;
  const { chain, by, bootId, variant } = context;
  const manifestDigest = chain.digestOf(manifestSequence);
  const manifest = chain.manifestOf(manifestSequence);
  if (manifestDigest === null || manifest === null) {
    const shown = `manifest ${manifestSequence}, and its chain ends with ${chain.sequence}`;
    throw nodeError("node.answer", `it admits under ${shown}`);
  }
  const fits = manifest.groups.some((group) => group.role === role && group.variant === variant);
  if (!fits) throw nodeError("node.answer", `no group of ${variant} is of role ${role}`);
  if ((role === "control-plane") !== (answer.controlPlane !== null)) {
    const what = answer.controlPlane === null ? "no secrets" : "secrets of control planes";
    throw nodeError("node.answer", `it gives ${what} to a ${role}`);
  }
  return {
    stage: "pending",
    ...{ by, bootId, role, nodeName, manifestSequence, manifestDigest },
    ...{ lease, leaseSeconds, nodeAuthority, peers: controlPlanesOf(peers) },
  };
}

/**
 * Those of some members whom a node asks again; of thousands, a few.
 *
 * @param peers Members.
 */
export function controlPlanesOf(peers: readonly Peer[]): readonly Peer[] {
  return peers.filter(({ role }) => role === "control-plane");
}
