/**
 * What the report calls things.
 *
 * @module
 */

import type { FindingKind, Link, Root } from "../evidence/finding.ts";
import type { Layer } from "../evidence/variants/facts.ts";
import type { Outcome, Verdict } from "../results/result.ts";

/** Verdicts and outcomes. */
export const VERDICTS: Readonly<Record<Verdict | Outcome, string>> = {
  "trusted": "Trusted",
  "lab-trusted": "Lab-trusted",
  "platform-only": "Platform only",
  "unavailable": "Unavailable",
  "rejected": "Rejected",
  "genuine": "Genuine",
  "not-genuine": "Not genuine",
};

/** Who vouches, and what that is worth. */
export const VOUCHERS: Readonly<Record<Root, readonly [who: string, worth: string]>> = {
  amd: ["AMD", "maker of the processor"],
  intel: ["Intel", "maker of the processor"],
  paravisor: ["The paravisor", "closed source inside the protected memory"],
  provider: ["The provider", "its own word, from outside of the protected memory"],
  none: ["Nobody", "nothing here can be believed"],
  lab: ["A lab", "proves nothing about real hardware"],
};

/** Links of findings. */
export const LINK_NAMES: Readonly<Record<Link, string>> = {
  files: "Files",
  root: "Root",
  chain: "Chain of certificates",
  key: "Key",
  evidence: "Evidence",
  platform: "Platform",
  guest: "Guest",
};

/** What came of a check, in one word. */
export const KIND_NAMES: Readonly<Record<FindingKind, string>> = {
  "match": "holds",
  "mismatch": "does not hold",
  "unchecked": "not checked",
  "not-applicable": "not applicable",
};

/** Parts of the chain from the processor up. */
export const LAYER_NAMES: Readonly<Record<Layer, string>> = {
  silicon: "Silicon",
  tpm: "TPM",
  firmware: "Firmware",
  boot: "Boot",
  kernel: "Kernel",
  node: "Node",
  cluster: "Cluster",
};

/** What each part is there for, where nothing of it is measured by name. */
export const LAYER_SAYS: Readonly<Record<Layer, string>> = {
  silicon: "signs the evidence, and keeps the host out of the memory",
  tpm: "holds the registers, and signs them",
  firmware: "starts the machine",
  boot: "what the firmware started, as the registers have it",
  kernel: "kernel, initrd and command line",
  node: "what this machine answers, and the keys that it states",
  cluster: "the cluster that the machine states that it belongs to",
};
