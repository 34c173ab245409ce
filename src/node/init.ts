/**
 * Being initialised: the first control plane of a cluster, by its owner alone.
 *
 * @module
 */

import { toHex } from "../core/bytes.ts";
import { plainHash } from "../core/labelled_hash.ts";
import type { StateFiles } from "../core/node_ports.ts";
import type { Random } from "../core/ports.ts";
import type { Opened } from "../channel/handlers.ts";
import type { Appraised, Appraiser } from "../channel/peer.ts";
import type { InitAnswer, InitBody } from "../protocol/init.ts";
import type { JoinAnswer } from "../protocol/join.ts";
import type { StoreAccess } from "../protocol/store_access.ts";
import { createInit, runInit } from "../services/init/init.ts";
import { type InitSecrets, makeClusterKeys } from "../services/init/secrets.ts";
import type { Store } from "../services/store/store.ts";
import { admissionFrom } from "./admission.ts";
import { ControlPlane } from "./control_plane.ts";
import type { NodeLog } from "./log.ts";
import type { Intent, NodeMemory } from "./memory.ts";
import type { OwnerRequests } from "./owner_requests.ts";
import type { Passage } from "./passage.ts";
import { nodeError } from "./refusal.ts";
import type { NodeSelf } from "./self.ts";
import type { NodeTime } from "./time.ts";

/** What is initialised. */
export interface InitPlace {
  /** The node. */
  readonly self: NodeSelf;
  /** What it remembers. */
  readonly memory: NodeMemory;
  /** Its way through the phases. */
  readonly passage: Passage;
  /** Requests that the owner signed. */
  readonly requests: OwnerRequests;
  /** Files of the node's state. */
  readonly files: StateFiles;
  /** Judges this node as it judges others. */
  readonly appraiserOf: (intent: Intent) => Appraiser;
  /**
   * Gives evidence of this node to itself.
   *
   * @param appraiser Judges it.
   * @param audience SHA-256 of the owner's request, hex.
   */
  readonly appraiseSelf: (appraiser: Appraiser, audience: string) => Promise<Appraised>;
  /** Opens the cluster's state; null for this process's memory. */
  readonly openStore: (access: StoreAccess | null) => Promise<Store>;
  /** Node group that the machine was launched for; empty for none. */
  readonly group: string;
  /** Where this node answers. */
  readonly url: string;
  /** Time, floored. */
  readonly time: NodeTime;
  /** Randomness. */
  readonly random: Random;
  /** Milliseconds that only rise. */
  readonly monotonic: () => number;
  /** Takes what happened. */
  readonly log: NodeLog;
}

/** A node that can be initialised. */
export class InitDoor {
  readonly #place: InitPlace;

  /**
   * Begins.
   *
   * @param place What is initialised.
   */
  constructor(place: InitPlace) {
    this.#place = place;
  }

  /**
   * Initialises the cluster, or goes on where that broke off.
   *
   * @param opened The owner's request, opened.
   * @returns The answer, and the control plane that this node is from now on.
   * @throws {RejectedError} `node.owner_request`, `node.init_body`, `manifest.*`, `init.*`, and what its own evidence is refused with
   */
  async initialise(
    { body, exact, audience }: Opened<InitBody>,
  ): Promise<{ readonly answer: InitAnswer; readonly controlPlane: ControlPlane }> {
    const { memory, time, openStore } = this.#place;
    this.#refuseOther(exact, audience);
    time.hear(new Date(body.time));
    const intent = await memory.verify(body);
    // Before anything is changed: a machine that its own manifest refuses is no control plane.
    const appraiser = this.#place.appraiserOf(intent);
    const self = await this.#place.appraiseSelf(appraiser, audience);
    await memory.learn(intent);
    const store = await openStore(body.store);
    return await this.#run({ body, intent, self, store });
  }

  async #run(
    { body, intent, self, store }: {
      readonly body: InitBody;
      readonly intent: Intent;
      readonly self: Appraised;
      readonly store: Store;
    },
  ): Promise<{ readonly answer: InitAnswer; readonly controlPlane: ControlPlane }> {
    const { files, group, url, time, random, log } = this.#place;
    const { clusterId, kind } = intent.chain;
    const lab = kind === "lab-cluster";
    const { epoch, epochRoot, store: access } = body;
    const serving = (secrets: InitSecrets) => this.#controlPlane(store, secrets);
    const init = await createInit({
      ...{ store, files, place: { group, url } },
      chain: intent.chain,
      references: body.references,
      body: { epoch, epochRoot, store: access },
      machine: self.machine,
      peer: () => Promise.resolve(self),
      clock: time,
      makeKeys: () => makeClusterKeys({ clusterId, lab, now: time.now(), random }),
      join: (secrets) => serving(secrets).service,
      isPlaced: () => this.#place.self.admission !== null,
      extend: (answer) => this.#extend(answer, intent),
      doing: (step) =>
        log({ level: "info", event: "init", message: `Initialising: ${step}`, fields: { step } }),
    });
    const { answer, secrets } = await runInit(init);
    return { answer, controlPlane: serving(secrets) };
  }

  /** What is sealed to this node is signed by nobody: only what the owner's request announced is taken. */
  #refuseOther(exact: Uint8Array, audience: string): void {
    const request = this.#place.requests.find(audience, "init");
    if (request === null) throw nodeError("node.owner_request", "no such request was accepted");
    const actual = toHex(plainHash("sha256", exact));
    if (actual === request.body) return;
    throw nodeError("node.init_body", `it has SHA-256 ${actual}, announced was ${request.body}`, {
      fields: { actual, expected: request.body },
    });
  }

  #controlPlane(store: Store, { nodeAuthority, grant }: InitSecrets): ControlPlane {
    const { memory, time, random, monotonic } = this.#place;
    return new ControlPlane({ store, memory, grant, nodeAuthority, time, random, monotonic });
  }

  async #extend(answer: JoinAnswer, { chain }: Intent): Promise<void> {
    const { self, passage } = this.#place;
    if (self.admission?.by === "join") {
      throw nodeError("node.purpose_refused", "the node joined a cluster meanwhile");
    }
    if (self.admission !== null) return;
    const { bootId, variant } = self;
    const admission = admissionFrom(answer, { chain, by: "init", bootId, variant });
    await passage.admit(admission, answer.controlPlane);
  }
}
