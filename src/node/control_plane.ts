/**
 * What a control plane does beside being a node: it admits others, renews their
 * leases, and shares newer manifests through the store.
 *
 * @module
 */

import { certifyNode } from "../channel/node_certificates.ts";
import type { Random } from "../core/ports.ts";
import type { ControlPlaneGrant } from "../protocol/join.ts";
import type { ManifestAnswer } from "../protocol/status.ts";
import { JoinService } from "../services/join/service.ts";
import {
  readManifests,
  readReferenceFiles,
  storeManifests,
  storeReferences,
} from "../services/store/documents.ts";
import type { Store } from "../services/store/store.ts";
import type { Intent, NodeMemory } from "./memory.ts";
import { nodeError } from "./refusal.ts";
import type { NodeTime } from "./time.ts";

/** Life of a node's certificate in leases: two periods of re-attestation, and room for one that was missed (protocol §11). */
const CERTIFICATE_LIFE = 2 * 3_600_000;

/** Clocks of others may be behind, ms. */
const CERTIFICATE_BEFORE = 5 * 60_000;

/** How long what the store said of manifests counts, ms: many nodes join at once. */
const REFRESH_AFTER = 1000;

/** What a control plane is made of. */
export interface ControlPlaneParts {
  /** The cluster's state. */
  readonly store: Store;
  /** What the node remembers. */
  readonly memory: NodeMemory;
  /** Secrets of control planes. */
  readonly grant: ControlPlaneGrant;
  /** Certificate of the authority for nodes, DER. */
  readonly nodeAuthority: Uint8Array;
  /** Time, floored. */
  readonly time: NodeTime;
  /** Randomness. */
  readonly random: Random;
  /** Milliseconds that only rise. */
  readonly monotonic: () => number;
}

/** A control plane that serves. */
export class ControlPlane {
  readonly #parts: ControlPlaneParts;
  #refreshed = Number.NEGATIVE_INFINITY;
  /** Admits and renews. */
  readonly service: JoinService;

  /**
   * Begins to serve.
   *
   * @param parts What it is made of.
   */
  constructor(parts: ControlPlaneParts) {
    const { store, memory, grant, nodeAuthority, time, random, monotonic } = parts;
    this.#parts = parts;
    this.service = new JoinService({
      store,
      chain: () => intentOf(memory).chain,
      clock: time,
      monotonic,
      random,
      nodeAuthority,
      certify: ({ spki, name, role, url }) => {
        const now = time.now().getTime();
        return certifyNode({ certificate: nodeAuthority, key: grant.nodeAuthorityKey }, {
          ...{ spki, name, role, url, random },
          notBefore: new Date(now - CERTIFICATE_BEFORE),
          notAfter: new Date(now + CERTIFICATE_LIFE),
        });
      },
      grant: () => grant,
    });
  }

  /**
   * Takes the owner's newer manifest for all control planes.
   *
   * @param told The chain, and the reference values of its newest.
   * @throws {RejectedError | InputError} `manifest.*`
   */
  async update(told: ManifestAnswer): Promise<void> {
    const { memory } = this.#parts;
    const intent = await memory.verify(told);
    await this.share(intent);
    await memory.learn(intent);
  }

  /**
   * Keeps a chain where the other control planes find it.
   *
   * @param intent Chain and reference values.
   */
  async share({ chain, references }: Intent): Promise<void> {
    const { store, time } = this.#parts;
    // First what a manifest names: who finds it finds all that belongs to it.
    await storeReferences(store, [...references.values()].map(({ file }) => file));
    await storeManifests(store, chain, time.now());
  }

  /** Takes what another control plane was told. */
  async refresh(): Promise<void> {
    const { store, memory, monotonic } = this.#parts;
    if (monotonic() - this.#refreshed < REFRESH_AFTER) return;
    const { chain } = intentOf(memory);
    const manifests = await readManifests(store);
    this.#refreshed = monotonic();
    if (manifests.length <= chain.sequence) return;
    const further = await chain.extend(manifests, { now: this.#parts.time.now() });
    const references = await readReferenceFiles(store, further);
    await memory.learn(await memory.verify({ manifests, references }));
  }
}

/** What a node that serves has certainly. */
function intentOf(memory: NodeMemory): Intent {
  if (memory.intent !== null) return memory.intent;
  throw nodeError("node.not_serving", "it has no manifest");
}
