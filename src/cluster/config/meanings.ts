/**
 * What follows from settings of a configuration, and what they weaken: beside
 * the one sentence that each key has of its own.
 *
 * @module
 */

/** What a setting does. */
export interface Meaning {
  /** What follows from it. */
  readonly follows: string;
  /** Which values are weaker, and what that costs; absent where none is. */
  readonly weaker?: string;
}

/** By key; `*` stands for a name of the user's own. */
export const MEANINGS: Readonly<Record<string, Meaning>> = {
  "version": { follows: "This program reads version 1; a later form has another number." },
  "name": {
    follows: "Machines, networks and disks at the provider are called by it and tagged with it.",
  },
  "provider": {
    follows:
      "Decides which evidence there is, and whose account it must name. One section, no more.",
  },
  "kubernetes": {
    follows:
      "Stands in the manifest; a change of it is a new manifest and an upgrade of each node.",
  },
  "image": {
    follows:
      "Nodes are made from this release. What may run is said by the reference values that you sign into the manifest, not by this word.",
  },
  "attestation": {
    follows:
      "Goes into the manifest as the policy by which every node judges every other; keys are those of a policy file.",
  },
  "attestation.variant": {
    follows: "Groups without a variant of their own are of it; evidence of any other is refused.",
    weaker:
      "Variants differ in whose word they rest on: casemate evidence explain VARIANT says it.",
  },
  "attestation.acceptRoots": {
    follows: "No node is admitted on the word of a root that is not listed.",
    weaker:
      "paravisor, provider and none are weaker than the processor's vendor: each lets somebody else say what runs.",
  },
  "attestation.acceptCompromised": {
    follows: "Processors of the line are admitted up to the day, and the verdict says so first.",
    weaker: "Whoever took the line's keys out of a chip can forge evidence of any node.",
  },
  "nodeGroups": {
    follows:
      "Roles, names and counts come from here: no node has another than its evidence fits, whatever it says it is. Where groups fit the same evidence, what a machine is launched with says which, while there is room.",
  },
  "nodeGroups.*.role": {
    follows:
      "Control planes hold the cluster's keys and admit nodes; workers hold their own certificate.",
  },
  "nodeGroups.*.variant": {
    follows: "Only machines whose evidence is of this variant are assigned to the group.",
  },
  "nodeGroups.*.min": { follows: "So many are made at once; below it the cluster is not whole." },
  "nodeGroups.*.max": {
    follows:
      "A further node is refused. A further control plane needs a ticket that you sign for it.",
  },
  "nodeGroups.*.machine": {
    follows: "Which processor it is decides what its evidence is worth.",
    weaker: "EPYC Milan is compromised: casemate config check names such machines.",
  },
  "nodeGroups.*.zone": {
    follows: "Where the provider makes the machines. Nothing that is proven depends on it.",
  },
  "nodeGroups.*.disk": {
    follows: "The disk is encrypted inside of the node: its kind is a matter of speed alone.",
  },
  "nodeGroups.*.diskSize": { follows: "Images of containers and etcd's data live there." },
  "network": {
    follows:
      "Ranges of addresses that must not overlap, nor those of networks that you reach from it.",
  },
  "network.encryption": {
    follows: "Traffic between nodes goes through WireGuard, or not at all.",
  },
  "network.nodes": { follows: "One address for each node. It cannot change later." },
  "network.pods": { follows: "256 addresses for each node. It cannot change later." },
  "network.services": {
    follows: "Addresses inside of the cluster alone. It cannot change later.",
  },
  "storageClasses": {
    follows: "Volumes are encrypted inside of the node, with keys that the provider never has.",
  },
  "storageClasses.*.disk": {
    follows: "What the provider makes for a volume; what is on it is encrypted, whichever it is.",
  },
  "storageClasses.*.fileSystem": { follows: "What a new volume is formatted with." },
  "storageClasses.*.integrity": {
    follows: "With true, each sector carries a code, and a changed one gives an error on reading.",
    weaker: "false: whoever has the disk can change what is on it, and nobody notices.",
  },
  "workloadPolicy": {
    follows: "Nodes run what this policy admits, below Kubernetes; it is named by its digest.",
    weaker: "Left out: whoever administers Kubernetes decides what runs.",
  },
  "witnesses": {
    follows:
      "They sign heads of the membership log, so that two histories of the cluster cannot be shown to two people.",
    weaker: "Left out: the log can be forked towards those who keep no head of it.",
  },
  "cosigningKey": {
    follows: "Your own signature under heads of the log that you saw.",
  },
  "custodians": {
    follows: "Together they can replace the owner's key, and nothing else.",
    weaker: "Left out: a lost key is lost; the cluster runs on until its manifest ends.",
  },
  "custodians.threshold": {
    follows: "So many of them must sign.",
    weaker: "1: each of them alone can take the cluster over.",
  },
  "custodians.keys": {
    follows: "Keys of P-384, as casemate owner new makes them; each custodian keeps their own.",
  },
  "validDays": {
    follows: "The manifest's last moment is so many days after you sign it.",
    weaker: "A long time: whoever holds back newer manifests can do so for that long.",
  },
};

/**
 * What is known of a key; names of the user's own are any.
 *
 * @param key Key, dotted.
 */
export function meaningOf(key: string): Meaning | null {
  const found = MEANINGS[key] ?? MEANINGS[starred(key)];
  return found ?? null;
}

/**
 * A key with `*` in place of the user's own name.
 *
 * @param key Key, dotted.
 */
export function starred(key: string): string {
  return key.replace(/^(nodeGroups|storageClasses)\.[^.]+(?=\.|$)/, "$1.*")
    .replace(/^witnesses\..+$/, "witnesses");
}
