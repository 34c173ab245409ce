/**
 * The chain of manifests: the owner's intent from the first on. Who verifies it
 * needs the cluster's id alone.
 *
 * @module
 */

import type { RejectedError } from "../core/errors.ts";
import type { PublicKey } from "../core/signing_key.ts";
import { MAX_CHAIN_BYTES, MAX_MANIFESTS } from "../protocol/limits.ts";
import type { Manifest } from "../protocol/manifest.ts";
import { type ClusterKind, kindOf } from "./cluster_id.ts";
import { checkFirst, checkNext } from "./link.ts";
import { type ReadManifest, readManifest } from "./read.ts";
import { refuseManifest } from "./refuse.ts";

/** The highest manifest that somebody saw, as they keep it. */
export interface SeenManifest {
  /** Its sequence. */
  readonly sequence: number;
  /** SHA-256 of its exact bytes, hex. */
  readonly digest: string;
}

/** What a chain must meet beside its signatures. */
export interface ChainTerms {
  /** The moment; a caller whose clock is not its own raises it to its floor first (protocol §12). */
  readonly now: Date;
  /** Lowest sequence of the newest manifest; absent for any. */
  readonly minimumSequence?: number;
  /** What was seen before: a chain that ends earlier, or is another, is refused; absent or null for nothing. */
  readonly seen?: SeenManifest | null;
}

/** How far clocks may differ. */
const CLOCK_SKEW_MS = 5 * 60 * 1000;

/** A chain whose every step is the owner's; only {@linkcode ManifestChain.verify} makes one. */
export class ManifestChain {
  /** Id of the cluster, hex. */
  readonly clusterId: string;
  readonly #links: readonly [ReadManifest, ...ReadManifest[]];

  private constructor(clusterId: string, links: readonly [ReadManifest, ...ReadManifest[]]) {
    this.clusterId = clusterId;
    this.#links = links;
  }

  /**
   * Verifies a chain from the id of the cluster alone.
   *
   * @param chain Signed manifests from the first on, oldest first.
   * @param clusterId Id of the cluster, 32 bytes, lowercase hex.
   * @param terms Moment, and what was seen before.
   * @throws {RejectedError} `manifest.cluster`, `.signature`, `.owner`, `.custodians`, `.sequence`, `.previous`, `.fork`, `.rollback`, `.times`, `.expired`, `.not_yet`; `dsse.type`
   * @throws {InputError} `manifest.malformed`, `manifest.not_canonical`, `dsse.malformed`, `input.too_large`
   */
  static async verify(
    chain: readonly Uint8Array[],
    clusterId: string,
    terms: ChainTerms,
  ): Promise<ManifestChain> {
    const [first, ...more] = await readAll(chain, 1);
    if (first === undefined) {
      throw refuseManifest("manifest.sequence", "there is no manifest", { clusterId });
    }
    await checkFirst(first, clusterId);
    const begun = new ManifestChain(clusterId, [first]);
    return (await begun.#followedBy(more)).#inForce(terms);
  }

  /**
   * The chain with further manifests at its end. What of them is in it already must be the same.
   *
   * @param further Signed manifests, oldest first; none for none.
   * @param terms Moment, and what was seen before.
   * @throws {RejectedError | InputError} as {@linkcode ManifestChain.verify}
   */
  async extend(further: readonly Uint8Array[], terms: ChainTerms): Promise<ManifestChain> {
    return (await this.#followedBy(await readAll(further, this.sequence + 1))).#inForce(terms);
  }

  /** The newest manifest. */
  get newest(): Manifest {
    return this.#last.manifest;
  }

  /** SHA-256 of the newest manifest's exact bytes, hex. */
  get newestDigest(): string {
    return this.#last.digest;
  }

  /** Sequence of the newest manifest. */
  get sequence(): number {
    return this.#last.manifest.sequence;
  }

  /** The newest manifest as one keeps it, to know what was seen. */
  get seen(): SeenManifest {
    return { sequence: this.sequence, digest: this.newestDigest };
  }

  /** Whether it is of a lab. */
  get kind(): ClusterKind {
    return kindOf(this.newest);
  }

  /** The owner's key now. */
  get owner(): PublicKey {
    return this.#last.owner;
  }

  /** All keys that were the owner's, the first first. */
  get owners(): readonly PublicKey[] {
    return [...new Map(this.#links.map(({ owner }) => [owner.id, owner])).values()];
  }

  /** The signed files, oldest first. */
  get bytes(): readonly Uint8Array[] {
    return this.#links.map(({ file }) => file);
  }

  /**
   * SHA-256 of the exact bytes of a manifest, hex; null where the chain has none of that sequence.
   *
   * @param sequence Its sequence.
   */
  digestOf(sequence: number): string | null {
    return this.#links[sequence - 1]?.digest ?? null;
  }

  /**
   * A manifest; null where the chain has none of that sequence.
   *
   * @param sequence Its sequence.
   */
  manifestOf(sequence: number): Manifest | null {
    return this.#links[sequence - 1]?.manifest ?? null;
  }

  /**
   * The signed files of manifests after a sequence, oldest first; what one is told who has seen that.
   *
   * @param sequence The sequence; 0 for all.
   */
  after(sequence: number): readonly Uint8Array[] {
    return this.bytes.slice(sequence);
  }

  /**
   * Refuses the chain where its newest manifest is not in force: who holds a chain for long asks again.
   *
   * @param now The moment.
   * @throws {RejectedError} `manifest.expired`, `manifest.not_yet`
   */
  requireInForce(now: Date): void {
    const { issued, notAfter, sequence } = this.newest;
    const actual = now.toISOString();
    const fields = { sequence: `${sequence}`, actual };
    if (now.getTime() < Date.parse(issued) - CLOCK_SKEW_MS) {
      const reason = `it was issued at ${issued}, and it is ${actual}`;
      throw refuseManifest("manifest.not_yet", reason, { ...fields, expected: issued });
    }
    if (now.getTime() > Date.parse(notAfter)) {
      const reason = `it counted until ${notAfter}, and it is ${actual}`;
      throw refuseManifest("manifest.expired", reason, { ...fields, expected: notAfter });
    }
  }

  get #last(): ReadManifest {
    return this.#links.at(-1) ?? this.#links[0];
  }

  async #followedBy(further: readonly ReadManifest[]): Promise<ManifestChain> {
    const [first, ...links] = this.#links;
    for (const next of further) {
      const last = links.at(-1) ?? first;
      const known = [first, ...links][next.manifest.sequence - 1];
      if (known?.digest === next.digest) continue;
      await this.#refuseFork(next, known, [first, ...links]);
      await checkNext(next, last);
      links.push(next);
      refuseLength(links.length + 1);
      refuseSize([first, ...links]);
    }
    return new ManifestChain(this.clusterId, [first, ...links]);
  }

  /** Another manifest of a number that is there: a fork, if its own place in the chain could have been there; else it is nobody's. */
  async #refuseFork(
    next: ReadManifest,
    known: ReadManifest | undefined,
    links: readonly ReadManifest[],
  ): Promise<void> {
    if (known === undefined) return;
    const before = links[next.manifest.sequence - 2];
    await (before === undefined ? checkFirst(next, this.clusterId) : checkNext(next, before));
    throw forked(next.manifest.sequence, known.digest, next.digest);
  }

  #inForce({ now, minimumSequence = 0, seen = null }: ChainTerms): ManifestChain {
    const lowest = Math.max(minimumSequence, seen?.sequence ?? 0);
    if (this.sequence < lowest) {
      const fields = { expected: `${lowest}`, actual: `${this.sequence}` };
      const reason = `it ends with manifest ${this.sequence}, and ${lowest} is known`;
      throw refuseManifest("manifest.rollback", reason, fields);
    }
    if (seen !== null && seen.sequence > 0) {
      const digest = this.digestOf(seen.sequence) ?? "";
      if (digest !== seen.digest) throw forked(seen.sequence, seen.digest, digest);
    }
    this.requireInForce(now);
    return this;
  }
}

function forked(sequence: number, expected: string, actual: string): RejectedError {
  const reason = `manifest ${sequence} is ${actual}, and was seen as ${expected}`;
  return refuseManifest("manifest.fork", reason, { sequence: `${sequence}`, expected, actual });
}

async function readAll(
  files: readonly Uint8Array[],
  from: number,
): Promise<readonly ReadManifest[]> {
  refuseLength(files.length);
  const read: ReadManifest[] = [];
  for (const [at, file] of files.entries()) read.push(await readManifest(file, `${from + at}`));
  return read;
}

/** What cannot be told to a node in one message would be a chain that no node can learn. */
function refuseLength(length: number): void {
  if (length <= MAX_MANIFESTS) return;
  const fields = { expected: `at most ${MAX_MANIFESTS}`, actual: `${length}` };
  throw refuseManifest("manifest.sequence", `it has ${length} manifests`, fields);
}

function refuseSize(links: readonly ReadManifest[]): void {
  const bytes = links.reduce((sum, { file }) => sum + file.length, 0);
  if (bytes <= MAX_CHAIN_BYTES) return;
  const fields = { expected: `at most ${MAX_CHAIN_BYTES} bytes`, actual: `${bytes} bytes` };
  const reason = `its ${links.length} manifests have ${fields.actual} together, ${fields.expected}`;
  throw refuseManifest("manifest.sequence", reason, fields);
}
