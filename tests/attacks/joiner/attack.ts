/**
 * What an attack on the join service is.
 *
 * @module
 */

import type { Session } from "../../../src/channel/session.ts";
import type { JoinAnswer } from "../../../src/protocol/join.ts";
import type { Weakening } from "../weaken.ts";
import type { Joiner } from "./joiner.ts";
import type { JoinLab } from "./lab.ts";
import type { MachineOptions } from "./machine.ts";
import type { Answered } from "./wire.ts";

/** Where an attack is made. */
export interface Scene {
  /** The cluster. */
  readonly lab: JoinLab;
  /** Where the control plane answers that is attacked. */
  readonly url: string;
  /** The attacker's node, in phase `cluster`. */
  readonly joiner: Joiner;
  /** Whether the defence is switched off there. */
  readonly weakened: boolean;
  /** A server as it was verified when all began; of the program as it is. */
  readonly old: { readonly session: Session; readonly since: number };
  /**
   * One more node.
   *
   * @param options How its machine is.
   */
  another(options?: MachineOptions): Promise<Joiner>;
  /** One more node, which lives as long as the cluster. */
  lasting(): Promise<Joiner>;
}

/** An attack. */
export interface Attack {
  /** What is tried. */
  readonly says: string;
  /** Code of the refusal, its own. */
  readonly code: string;
  /** Status of the refusal; default 403. */
  readonly status?: number;
  /** How the attacker's machine is; default as an honest one's. */
  readonly machine?: (lab: JoinLab) => MachineOptions | Promise<MachineOptions>;
  /**
   * All that comes before the attack, and is allowed.
   *
   * @param scene Where.
   * @returns Does it.
   */
  prepare(scene: Scene): Promise<() => Promise<Answered>>;
  /**
   * What an honest node does beside, and is admitted; default that it joins, on the same machine where that is honest.
   *
   * @param scene Where.
   */
  readonly honest?: (scene: Scene) => Promise<void>;
  /**
   * Whether the attacker has what he wanted, where being admitted is not all.
   *
   * @param admitted What he was told.
   */
  readonly gains?: (admitted: JoinAnswer) => boolean;
  /** The defence, switched off; none where there would be nothing to judge. Where several stand behind each other a comment says which. */
  readonly off: readonly Weakening[];
}
