/**
 * The owner's signed intent: manifests, their chain, and what follows from them.
 *
 * @module
 */

export { type ChainTerms, ManifestChain, type SeenManifest } from "./chain.ts";
export { clusterIdFrom, clusterIdOf, type ClusterKind, kindOf } from "./cluster_id.ts";
export {
  cosignManifest,
  firstManifest,
  intentOf,
  type ManifestIntent,
  type ManifestTimes,
  nextManifest,
  signManifest,
} from "./create.ts";
export { diffManifests, type ManifestDifference } from "./diff.ts";
export { groupsFor, policyOf, type Standard, standardsOf, variantsOf } from "./policy.ts";
export { canonicalManifest, manifestIn, type ReadManifest, readManifest } from "./read.ts";
export { type ManifestReferences, readReferences, referenceDigest } from "./references.ts";
export { readTicket, signTicket, type Ticket } from "./ticket.ts";
