/**
 * Judging the nodes of a lab as its owner does: under the manifest, with the
 * lab's roots.
 *
 * @module
 */

import type { Appraiser } from "../../channel/peer.ts";
import { inlineEngine } from "../../core/crypto_inline.ts";
import { ManifestChain, readReferences } from "../../manifest/mod.ts";
import { createAppraiser } from "../../services/attest/appraiser.ts";
import { readWhole } from "./files.ts";
import type { LabPlace } from "./work.ts";

/** What the owner judges by. */
export interface LabJudge {
  /** The manifests, verified. */
  readonly chain: ManifestChain;
  /** Signed reference values. */
  readonly references: readonly Uint8Array[];
  /** Judges evidence under them. */
  readonly appraiser: Appraiser;
}

/**
 * What the owner of a lab judges its nodes by.
 *
 * @param place The lab.
 * @param clusterId Id of its cluster, hex.
 * @throws {InputError} `lab.damaged`
 */
export async function labJudge(place: LabPlace, clusterId: string): Promise<LabJudge> {
  const { host: { clock }, paths } = place;
  const manifest = await readWhole(place.lab, paths.manifest);
  const chain = await ManifestChain.verify([manifest], clusterId, { now: clock.now() });
  const files = [await readWhole(place.lab, paths.reference)];
  const references = await readReferences(chain, files);
  const appraiser = createAppraiser({
    chain: () => chain,
    references: () => references,
    labRoots: [await readWhole(place.lab, paths.roots)],
    engine: inlineEngine,
    clock,
  });
  return { chain, references: files, appraiser };
}
