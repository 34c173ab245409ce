/**
 * The one way of a boot from zero over its cluster to an admission, in an order
 * that can be broken off anywhere: what is about to happen is on disk before the
 * register says it, and only then is it so.
 *
 * @module
 */

import type { ControlPlaneGrant } from "../protocol/join.ts";
import type { KeyRing } from "./keys.ts";
import type { NodeMemory } from "./memory.ts";
import { nodeError } from "./refusal.ts";
import { clusterMark, enterPhase, readPhase, type RuntimeRegister } from "./register.ts";
import type { Admission } from "./saved.ts";
import { memberMark, type NodeSelf } from "./self.ts";
import type { Serial } from "./serial.ts";

/** What passes through the phases. */
export interface PassageParts {
  /** The node. */
  readonly self: NodeSelf;
  /** What it remembers. */
  readonly memory: NodeMemory;
  /** Its keys, renewed with each phase. */
  readonly keys: Pick<KeyRing, "renew">;
  /** Register of the variant; null where only the statement says the phase. */
  readonly register: RuntimeRegister | null;
  /** Orders work on the devices. */
  readonly serial: Serial;
}

/** Passes through the phases. */
export class Passage {
  readonly #parts: PassageParts;

  /**
   * Begins.
   *
   * @param parts What passes.
   */
  constructor(parts: PassageParts) {
    this.#parts = parts;
  }

  /**
   * Finds out how far this boot has come, and goes on from there: into the cluster, and to an
   * admission that was under way where it needs nobody else.
   *
   * @throws {OperationError} `node.register`
   */
  async resume(): Promise<void> {
    const { self, memory, register, serial } = this.#parts;
    const admission = this.#ofThisBoot(memory.admission);
    const isMember = register === null
      ? admission?.stage === "final"
      : await serial.run(() => this.#settle(register));
    self.enterCluster();
    if (isMember && memory.admission !== null) return await this.#finish(memory.admission);
    // Only the owner could ask for it again, and need not: all that it needs is here.
    if (admission?.by === "init") await this.admit(admission, memory.grant);
  }

  /**
   * Does what is left of an admission that broke off after the register was extended, as on a disk
   * that was full: until then the node would state a phase that its register denies.
   *
   * @throws {OperationError} `node.register`, `node.state_folder`
   */
  async goOn(): Promise<void> {
    const { self, memory } = this.#parts;
    if (self.admission !== null || this.#ofThisBoot(memory.admission) === null) return;
    await this.resume();
  }

  /**
   * Takes a place: saved as pending, then in the register, then saved as final; then there are new keys.
   *
   * @param admission The place.
   * @param grant Secrets of a control plane; null of a worker.
   * @throws {OperationError} `node.register`, `node.state_folder`
   */
  async admit(admission: Admission, grant: ControlPlaneGrant | null): Promise<void> {
    const { self, memory, register, serial } = this.#parts;
    await memory.keepGrant(grant, self.bootId);
    await memory.admit({ ...admission, stage: "pending" });
    await serial.run(async () => {
      const mark = memberMark(self.clusterId, admission);
      if (register !== null) await enterPhase(register, mark);
      await this.#finish(admission);
    });
  }

  /** Whether the register holds an admission; it holds the cluster at least afterwards. */
  async #settle(register: RuntimeRegister): Promise<boolean> {
    const { self, memory } = this.#parts;
    const { admission } = memory;
    const marks = admission === null ? [] : [memberMark(self.clusterId, admission)];
    const { phase } = await readPhase(register, self.clusterId, marks);
    if (phase === "zero") await enterPhase(register, clusterMark(self.clusterId));
    if (phase === "member" && this.#ofThisBoot(admission) === null) {
      const reason = `it holds an admission of boot ${admission?.bootId ?? ""}`;
      throw nodeError("node.register", `${reason}, and this is boot ${self.bootId}`);
    }
    return phase === "member";
  }

  async #finish(admission: Admission): Promise<void> {
    const { self, memory, keys } = this.#parts;
    const final: Admission = { ...admission, stage: "final" };
    await memory.admit(final);
    self.enterMember(final);
    await keys.renew();
  }

  #ofThisBoot(admission: Admission | null): Admission | null {
    return admission?.bootId === this.#parts.self.bootId ? admission : null;
  }
}
