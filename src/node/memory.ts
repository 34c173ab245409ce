/**
 * What a node remembers, in memory and on disk: the chain of manifests, its
 * place, its secrets where it is a control plane.
 *
 * @module
 */

import type { StateFiles } from "../core/node_ports.ts";
import { ManifestChain, type SeenManifest } from "../manifest/chain.ts";
import { type ManifestReferences, readReferences } from "../manifest/references.ts";
import { readManifest } from "../manifest/read.ts";
import type { ControlPlaneGrant } from "../protocol/join.ts";
import type { ManifestAnswer } from "../protocol/status.ts";
import {
  type Admission,
  readSavedGrant,
  readSavedNode,
  type SavedNode,
  writeSavedGrant,
  writeSavedNode,
} from "./saved.ts";
import type { NodeTime } from "./time.ts";

/** A chain with the reference values of its newest manifest. */
export interface Intent {
  /** The chain. */
  readonly chain: ManifestChain;
  /** The reference values. */
  readonly references: ManifestReferences;
}

/** Where a node remembers, and for which cluster. */
export interface MemoryParts {
  /** Files. */
  readonly files: StateFiles;
  /** Cluster that the node was launched for, hex. */
  readonly clusterId: string;
  /** Time of the node; its floor is remembered. */
  readonly time: NodeTime;
  /** Lowest sequence of a manifest that the launch data allow. */
  readonly minimumSequence: number;
}

/** What a node remembers. */
export class NodeMemory {
  readonly #parts: MemoryParts;
  #intent: Intent | null = null;
  #admission: Admission | null = null;
  #grant: ControlPlaneGrant | null = null;

  private constructor(parts: MemoryParts) {
    this.#parts = parts;
  }

  /**
   * Reads what was saved.
   *
   * @param parts Where, and for which cluster.
   * @throws {OperationError} `node.state`, `node.other_cluster`
   */
  static async open(parts: MemoryParts): Promise<NodeMemory> {
    const memory = new NodeMemory(parts);
    const saved = await readSavedNode(parts.files, parts.clusterId);
    if (saved === null) return memory;
    parts.time.raise(new Date(saved.floor));
    memory.#admission = saved.admission;
    memory.#intent = await intentOf(saved, parts.clusterId);
    memory.#grant = (await readSavedGrant(parts.files))?.grant ?? null;
    return memory;
  }

  /** Chain and reference values; null before any were seen. */
  get intent(): Intent | null {
    return this.#intent;
  }

  /** The place that was saved last, of whatever boot. */
  get admission(): Admission | null {
    return this.#admission;
  }

  /** Secrets of a control plane. */
  get grant(): ControlPlaneGrant | null {
    return this.#grant;
  }

  /** The highest manifest that was seen. */
  get seen(): SeenManifest | null {
    return this.#intent?.chain.seen ?? null;
  }

  /** The chain as others are told. */
  get told(): ManifestAnswer {
    if (this.#intent === null) return { manifests: [], references: [] };
    const { chain, references } = this.#intent;
    return { manifests: chain.bytes, references: [...references.values()].map(({ file }) => file) };
  }

  /**
   * Verifies a chain that somebody gave, against all that was seen before. Nothing is remembered yet.
   *
   * @param told Chain and reference values.
   * @throws {RejectedError | InputError} `manifest.*` and what reference values are refused with
   */
  async verify({ manifests, references }: ManifestAnswer): Promise<Intent> {
    const { clusterId, minimumSequence, time } = this.#parts;
    const terms = { now: time.now(), minimumSequence, seen: this.seen };
    const chain = await ManifestChain.verify(manifests, clusterId, terms);
    return { chain, references: await readReferences(chain, references) };
  }

  /**
   * Verifies manifests that follow those that were seen. Nothing is remembered yet.
   *
   * @param told Further manifests, and the reference values of the newest.
   * @throws {RejectedError | InputError} as {@linkcode NodeMemory.verify}
   */
  async verifyFurther({ manifests, references }: ManifestAnswer): Promise<Intent> {
    if (this.#intent === null) return await this.verify({ manifests, references });
    const terms = { now: this.#parts.time.now(), seen: this.seen };
    const chain = await this.#intent.chain.extend(manifests, terms);
    return { chain, references: await readReferences(chain, references) };
  }

  /**
   * Remembers a chain that was verified, where it goes further than what was seen.
   *
   * @param intent Chain and reference values.
   */
  async learn(intent: Intent): Promise<void> {
    this.#parts.time.raise(new Date(intent.chain.newest.issued));
    if (intent.chain.sequence <= (this.seen?.sequence ?? 0)) return;
    this.#intent = intent;
    await this.#save();
  }

  /**
   * Remembers a place.
   *
   * @param admission The place.
   */
  async admit(admission: Admission): Promise<void> {
    this.#admission = admission;
    await this.#save();
  }

  /**
   * Remembers secrets of a control plane; null forgets them.
   *
   * @param grant The secrets.
   * @param bootId Boot that they were given to, hex.
   */
  async keepGrant(grant: ControlPlaneGrant | null, bootId: string): Promise<void> {
    await writeSavedGrant(this.#parts.files, grant === null ? null : { v: 1, bootId, grant });
    this.#grant = grant;
  }

  /** Remembers how late it is. */
  async keepTime(): Promise<void> {
    this.#parts.time.raise(this.#parts.time.now());
    await this.#save();
  }

  async #save(): Promise<void> {
    const { files, clusterId, time } = this.#parts;
    await writeSavedNode(files, {
      v: 1,
      clusterId,
      floor: momentOf(time.floor),
      manifestSequence: this.seen?.sequence ?? 0,
      manifestDigest: this.seen?.digest ?? "",
      ...this.told,
      admission: this.#admission,
    });
  }
}

/** To the second, as messages have it. */
export function momentOf(moment: Date): string {
  return `${moment.toISOString().slice(0, 19)}Z`;
}

/** What is on disk was in force when it was taken; whether it still is, its users ask. */
async function intentOf(saved: SavedNode, clusterId: string): Promise<Intent | null> {
  const { manifests, references, manifestSequence, manifestDigest } = saved;
  const last = manifests.at(-1);
  if (last === undefined) return null;
  const { manifest } = await readManifest(last, "of the saved state");
  const chain = await ManifestChain.verify(manifests, clusterId, {
    now: new Date(manifest.issued),
    seen: { sequence: manifestSequence, digest: manifestDigest },
  });
  return { chain, references: await readReferences(chain, references) };
}
