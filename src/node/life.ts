/**
 * The life of an agent: it waits to be initialised or joins, then renews its
 * lease; beside that its keys, its time, and what its control plane watches.
 *
 * @module
 */

import type { Appraised, Appraiser } from "../channel/peer.ts";
import type { NodeHost } from "../core/node_host.ts";
import { CasemateError } from "../core/errors.ts";
import type { Random } from "../core/ports.ts";
import type { StoreAccess } from "../protocol/store_access.ts";
import { finishInit } from "../services/init/init.ts";
import type { Store } from "../services/store/store.ts";
import { ControlPlane } from "./control_plane.ts";
import { isEarly, joinAny, type JoinParts } from "./join.ts";
import type { KeyRing } from "./keys.ts";
import { failureEvent } from "./log.ts";
import { byChance } from "./order.ts";
import { nodeError } from "./refusal.ts";
import { renewAny, type RenewParts } from "./renew.ts";
import { backoff, LONGEST_EARLY, Waiting } from "./waiting.ts";

/** What lives. */
export interface LifeParts extends JoinParts, RenewParts {
  /** Keys of the channel. */
  readonly keys: KeyRing;
  /** Waiting. */
  readonly host: Pick<NodeHost, "sleep">;
  /** Randomness. */
  readonly random: Random;
  /** Milliseconds that only rise. */
  readonly monotonic: () => number;
  /** Opens the cluster's state; null for this process's memory. */
  readonly openStore: (access: StoreAccess | null) => Promise<Store>;
  /** Gives evidence of this node to itself. */
  readonly appraiseSelf: (appraiser: Appraiser) => Promise<Appraised>;
}

/** Nothing happens by itself: until woken, ms. */
const LONG = 3_600_000;

/** Between two looks at keys and manifests, ms. */
const HOUSEKEEPING = 10_000;

/** Between two savings of the time, ms. */
const KEEP_TIME = 600_000;

/** The life of one agent. */
export class Life {
  readonly #parts: LifeParts;
  readonly #waiting: Waiting;
  readonly #beside: Waiting;
  #controlPlane: ControlPlane | null = null;
  /** Attempts to be admitted. */
  #attempts = 0;
  /** Attempts in a row that failed, and whether they were too early. */
  #failed = 0;
  #early = true;
  #timeKept: number;

  /**
   * Begins.
   *
   * @param parts What lives.
   */
  constructor(parts: LifeParts) {
    this.#parts = parts;
    this.#waiting = new Waiting(parts.host.sleep);
    this.#beside = new Waiting(parts.host.sleep);
    this.#timeKept = parts.monotonic();
  }

  /** The control plane that this node is; null where it is none. */
  get controlPlane(): ControlPlane | null {
    return this.#controlPlane;
  }

  /** Goes on as what the register says that this boot is. */
  async resume(): Promise<void> {
    const { self, log } = this.#parts;
    log({
      level: "info",
      event: "phase",
      message: `This boot is in phase ${self.mark.phase}`,
      fields: { phase: self.mark.phase },
    });
    if (self.admission === null) return;
    this.#tellAdmitted();
    await this.#becomeControlPlane();
  }

  /** Lives, until its end. */
  async run(): Promise<void> {
    await Promise.all([this.#live(), this.#keepHouse()]);
  }

  /** Ends it. */
  end(): void {
    this.#waiting.end();
    this.#beside.end();
  }

  /**
   * The owner initialised the cluster here.
   *
   * @param controlPlane What this node is from now on.
   */
  initialised(controlPlane: ControlPlane): void {
    this.#controlPlane = controlPlane;
    this.#tellAdmitted();
    this.#waiting.wake();
  }

  /**
   * A request was not done.
   *
   * @param path Where it came.
   * @param error Why.
   */
  failed(path: string, error: unknown): void {
    this.#parts.log(failureEvent("request_failed", "warning", `Request to ${path}`, error));
  }

  async #live(): Promise<void> {
    const { self } = this.#parts;
    while (!this.#waiting.isOver) {
      if (self.fenced) await this.#waiting.wait(LONG);
      else if (self.admission === null) await this.#join();
      else await this.#renew();
    }
  }

  async #join(): Promise<void> {
    const { self, peers, url, random, passage, placing } = this.#parts;
    if (peers.every((peer) => peer === url)) {
      self.doing = "waiting for the owner to initialise the cluster";
      return await this.#waiting.wait(LONG);
    }
    try {
      this.#attempts++;
      await placing.run(() => passage.goOn());
      if (self.admission === null) await joinAny(this.#parts, byChance(peers, random));
      this.#failed = 0;
      if (self.admission?.by !== "join") return;
      this.#tellAdmitted({ attempts: this.#attempts });
      await this.#becomeControlPlane();
    } catch (error) {
      if (!(error instanceof CasemateError)) throw error;
      // Its owner initialised it meanwhile, and woke nobody: it was not waiting.
      if (self.admission !== null) return;
      self.doing = `waits to be admitted: ${lineOf(error)}`;
      await this.#waiting.wait(this.#pauseAfter(isEarly(error)));
    }
  }

  /** Who was long too early does not wait long for the first who has no time for it. */
  #pauseAfter(early: boolean): number {
    if (early !== this.#early) this.#failed = 0;
    this.#early = early;
    const chance = chanceOf(this.#parts.random);
    return backoff(this.#failed++, chance, early ? LONGEST_EARLY : undefined);
  }

  async #renew(): Promise<void> {
    const { self, memory, random, log } = this.#parts;
    try {
      await this.#settleInit();
      const seconds = await renewAny(this.#parts);
      this.#failed = 0;
      self.doing = `serves as ${self.admission?.nodeName ?? ""}`;
      await this.#controlPlane?.service.observe();
      await this.#waiting.wait(seconds * 1000 / 3);
    } catch (error) {
      if (!(error instanceof CasemateError)) throw error;
      self.doing = self.fenced ? "was fenced" : `cannot renew its lease: ${lineOf(error)}`;
      if (self.fenced) return log(failureEvent("fenced", "error", "Serves no longer", error));
      const longest = (memory.admission?.leaseSeconds ?? 60) * 1000 / 6;
      await this.#waiting.wait(Math.min(longest, backoff(this.#failed++, chanceOf(random))));
    }
  }

  /** The last steps of an initialisation that was broken off after the register was extended. */
  async #settleInit(): Promise<void> {
    const { memory, appraiserOf, appraiseSelf, openStore } = this.#parts;
    const { admission, grant, intent } = memory;
    if (this.#initSettled || admission?.by !== "init" || grant === null || intent === null) return;
    const { machine } = await appraiseSelf(appraiserOf(intent));
    await finishInit(await openStore(grant.store), machine);
    this.#initSettled = true;
  }

  #initSettled = false;

  async #becomeControlPlane(): Promise<void> {
    const { self, memory, openStore, time, random, monotonic } = this.#parts;
    const { admission, grant } = memory;
    if (self.admission?.role !== "control-plane" || admission === null) return;
    if (grant === null) throw nodeError("node.state", "the secrets of this control plane are gone");
    const store = await openStore(grant.store);
    const { nodeAuthority } = admission;
    this.#controlPlane = new ControlPlane({
      ...{ store, memory, grant, nodeAuthority, time, random, monotonic },
    });
  }

  async #keepHouse(): Promise<void> {
    const { keys, log } = this.#parts;
    while (!this.#beside.isOver) {
      await this.#beside.wait(HOUSEKEEPING);
      if (this.#beside.isOver) return;
      try {
        await keys.renewOld();
        await this.#keepTime();
        await this.#controlPlane?.refresh();
      } catch (error) {
        if (!(error instanceof CasemateError)) throw error;
        log(failureEvent("behind", "warning", "Cannot look after itself", error));
      }
    }
  }

  async #keepTime(): Promise<void> {
    const { memory, monotonic } = this.#parts;
    if (monotonic() - this.#timeKept < KEEP_TIME) return;
    this.#timeKept = monotonic();
    await memory.keepTime();
  }

  #tellAdmitted(more: Readonly<Record<string, number>> = {}): void {
    const { self, log } = this.#parts;
    const { role, nodeName, manifestSequence } = self.mark;
    self.doing = `serves as ${nodeName}`;
    log({
      level: "info",
      event: "admitted",
      message: `Is ${nodeName}, a ${role}, under manifest ${manifestSequence}`,
      fields: { role, nodeName, manifestSequence, ...more },
    });
  }
}

function chanceOf(random: Random): number {
  const [byte = 0] = random.bytes(1);
  return byte / 256;
}

/** A message as one line that a status takes. */
function lineOf({ code, message }: CasemateError): string {
  // deno-lint-ignore no-control-regex -- they are what must not be in it
  return `${message} (${code})`.replaceAll(/[\u0000-\u001f]+/g, " ").slice(0, 450);
}
