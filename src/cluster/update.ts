/**
 * Giving a cluster its owner's newer manifest.
 *
 * @module
 */

import { type Asking, openCall } from "../channel/client.ts";
import type { ManifestChain } from "../manifest/mod.ts";
import { writeMessage } from "../protocol/message.ts";
import { MANIFEST_PATH, MANIFEST_UPDATE_PATH } from "../protocol/paths.ts";
import { MANIFEST_ANSWER } from "../protocol/status.ts";

/** What a cluster is given. */
export interface UpdateParts {
  /** How a control plane is asked. */
  readonly asking: Asking;
  /** The chain, verified. */
  readonly chain: ManifestChain;
  /** Signed documents of reference values that its newest names. */
  readonly references: readonly Uint8Array[];
}

/**
 * Gives a control plane the chain, which verifies it from the cluster's id as everybody does: it need not know
 * who brings it. The others find it in the cluster's store, nodes with their next renewal.
 *
 * @param parts What is given.
 * @returns The number of manifests that the agent tells afterwards; nobody's word, as it is asked without evidence.
 * @throws {RejectedError | UnavailableError} `channel.refused`, `channel.failed` with its code
 */
export async function updateManifest({ asking, chain, references }: UpdateParts): Promise<number> {
  const body = writeMessage(MANIFEST_ANSWER, { manifests: chain.bytes, references });
  await openCall(asking, { method: "POST", path: MANIFEST_UPDATE_PATH, body, answer: null });
  const path = MANIFEST_PATH;
  const told = await openCall(asking, { method: "GET", path, answer: MANIFEST_ANSWER });
  return told?.manifests.length ?? 0;
}
