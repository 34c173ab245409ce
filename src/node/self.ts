/**
 * What a node is at present.
 *
 * @module
 */

import type { PhaseMark } from "../evidence/statement/binding.ts";
import type { Statement } from "../evidence/statement/statement.ts";
import type { VariantId } from "../evidence/variants/facts.ts";
import type { StatusAnswer } from "../protocol/status.ts";
import { clusterMark, zeroMark } from "./register.ts";
import type { Admission } from "./saved.ts";

/** What does not change while a node runs. */
export interface SelfFacts {
  /** Cluster that it was launched for, hex. */
  readonly clusterId: string;
  /** This boot, 16 bytes, hex. */
  readonly bootId: string;
  /** Variant of its evidence. */
  readonly variant: VariantId;
}

/** Members of a statement that say what the node is. */
export type OwnMembers = Omit<
  Statement,
  "purpose" | "audience" | "requestDigest" | "tlsSpki" | "hpkeKey"
>;

/** A node at present: its phase, its place, and what it is doing. */
export class NodeSelf implements SelfFacts {
  readonly clusterId: string;
  readonly bootId: string;
  readonly variant: VariantId;
  #inCluster = false;
  #admission: Admission | null = null;
  #fenced = false;
  /** What it is doing, or why it does not get on, one line for people. */
  doing = "starting";

  /**
   * Begins in phase zero.
   *
   * @param facts What does not change.
   */
  constructor({ clusterId, bootId, variant }: SelfFacts) {
    this.clusterId = clusterId;
    this.bootId = bootId;
    this.variant = variant;
  }

  /** Place that the register holds; null before admission. */
  get admission(): Admission | null {
    return this.#admission;
  }

  /** Whether another machine or boot took its place. */
  get fenced(): boolean {
    return this.#fenced;
  }

  /** What the register holds. */
  get mark(): PhaseMark {
    if (this.#admission !== null) return memberMark(this.clusterId, this.#admission);
    return this.#inCluster ? clusterMark(this.clusterId) : zeroMark();
  }

  /** The register holds the cluster. */
  enterCluster(): void {
    this.#inCluster = true;
  }

  /**
   * The register holds an admission.
   *
   * @param admission The place.
   */
  enterMember(admission: Admission): void {
    this.#admission = admission;
  }

  /** Another took its place. */
  fence(): void {
    this.#fenced = true;
  }

  /** Its members of a statement. */
  get members(): OwnMembers {
    return {
      v: 1,
      variant: this.variant,
      bootId: this.bootId,
      ...this.mark,
      manifestDigest: this.#admission?.manifestDigest ?? "",
      logHead: "",
    };
  }

  /** What it says of itself to everybody. */
  get status(): StatusAnswer {
    const { phase, clusterId, role, nodeName, manifestSequence } = this.mark;
    return { phase, clusterId, role, nodeName, manifestSequence, doing: this.doing };
  }
}

/**
 * What a register holds of an admission.
 *
 * @param clusterId The cluster, hex.
 * @param admission The place.
 */
export function memberMark(clusterId: string, admission: Admission): PhaseMark {
  const { role, nodeName, manifestSequence } = admission;
  return { phase: "member", clusterId, role, nodeName, manifestSequence };
}
