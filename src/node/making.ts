/**
 * Putting an agent together, in the order in which it may be answered by.
 *
 * @module
 */

import { makeHpkeKey } from "../channel/hpke.ts";
import { makeLeaf } from "../channel/leaf.ts";
import { NonceIssuer } from "../channel/nonces.ts";
import type { Appraised, Appraiser, Attester } from "../channel/peer.ts";
import { createChannelServer } from "../channel/server.ts";
import type { ChannelAnswer, ChannelListener, ChannelRequest } from "../core/node_ports.ts";
import { createAppraiser } from "../services/attest/appraiser.ts";
import type { AgentParts } from "./agent_parts.ts";
import { createAttester } from "./attester.ts";
import { channelCalls } from "./channel_calls.ts";
import type { ControlPlane } from "./control_plane.ts";
import { InitDoor } from "./init.ts";
import { KeyRing } from "./keys.ts";
import { Life } from "./life.ts";
import { type Intent, NodeMemory } from "./memory.ts";
import { OwnerRequests } from "./owner_requests.ts";
import { Passage } from "./passage.ts";
import { NodeSelf } from "./self.ts";
import { Serial } from "./serial.ts";
import { handlersOf } from "./serve.ts";
import { NodeTime } from "./time.ts";

/** Requests of one address for evidence, where the agent is of a lab. */
const LAB_LIMITS = { perSecond: 100, burst: 1000 } as const;

/** Bytes of a nonce, and of the secret of nonces. */
const NONCE_BYTES = 32;

/** An agent that is being put together. */
export class Making {
  readonly #parts: AgentParts;
  readonly #memory: NodeMemory;
  readonly #time: NodeTime;
  readonly #keys: KeyRing;
  readonly #requests: OwnerRequests;
  readonly #open: Attester;
  readonly #inner: Attester;
  readonly #listening: { listener: ChannelListener | null };
  #handle: ((request: ChannelRequest) => Promise<ChannelAnswer>) | null = null;
  /** The node. */
  readonly self: NodeSelf;
  /** Its way through the phases. */
  readonly passage: Passage;

  private constructor(
    parts: AgentParts,
    made: {
      readonly time: NodeTime;
      readonly memory: NodeMemory;
      readonly keys: KeyRing;
      readonly listening: { listener: ChannelListener | null };
    },
  ) {
    const { launch, bootId, variant, collect, register } = parts;
    const { time, memory, keys, listening } = made;
    const serial = new Serial();
    this.#parts = parts;
    this.#time = time;
    this.#memory = memory;
    this.#keys = keys;
    this.#listening = listening;
    this.self = new NodeSelf({ clusterId: launch.clusterId, bootId, variant });
    this.#requests = new OwnerRequests(launch.clusterId);
    const attesting = {
      ...{ self: this.self, keys, collect, serial },
      ownerAsked: (audience: string, purpose: Parameters<OwnerRequests["find"]>[1]) =>
        this.#requests.find(audience, purpose) !== null,
    };
    this.#open = createAttester(attesting, "open");
    this.#inner = createAttester(attesting, "inner");
    this.passage = new Passage({ self: this.self, memory, keys, register, serial });
  }

  /**
   * Reads what was saved, and makes keys.
   *
   * @param parts What the agent is made of.
   * @throws {OperationError} `node.state`, `node.other_cluster`
   */
  static async begin(parts: AgentParts): Promise<Making> {
    const { clock, random, files, launch, host } = parts;
    const { clusterId, minimumSequence } = launch;
    const time = new NodeTime(clock);
    const memory = await NodeMemory.open({ files, clusterId, time, minimumSequence });
    const listening: { listener: ChannelListener | null } = { listener: null };
    const keys = await KeyRing.make({
      makeLeaf: () => makeLeaf({ random, hosts: hostsOf(parts) }),
      makeHpkeKey,
      monotonic: host.monotonic,
      replaced: (leaf) => listening.listener?.replace(leaf),
    });
    return new Making(parts, { time, memory, keys, listening });
  }

  /** Evidence once, for nobody: what this machine cannot state it does not offer. */
  async tryDevices(): Promise<void> {
    const { random } = this.#parts;
    const audience = "00".repeat(NONCE_BYTES);
    const nonce = random.bytes(NONCE_BYTES);
    await this.#open.attest({ nonce, audience, purpose: "serve", requestDigest: "" });
  }

  /** Takes connections; until it lives, nobody is answered. */
  async listen(): Promise<{ readonly listener: ChannelListener; readonly url: string }> {
    const { host, listen, advertise } = this.#parts;
    const { leaf } = this.#keys;
    const listener = await host.servers.listen({
      ...listen,
      identity: leaf,
      handle: (request) => this.#answer(request),
    });
    this.#listening.listener = listener;
    const hostname = listen.hostname.includes(":") ? `[${listen.hostname}]` : listen.hostname;
    return { listener, url: advertise ?? `https://${hostname}:${listener.port}` };
  }

  /** Between listening and living nobody is answered. */
  async #answer(request: ChannelRequest): Promise<ChannelAnswer> {
    const handle = this.#handle;
    if (handle === null) return { status: 503, type: "application/json", body: STARTING };
    return await handle(request);
  }

  /**
   * Begins to answer.
   *
   * @param url Where others reach it.
   */
  live(url: string): Life {
    const { host, random, launch, log, ticket } = this.#parts;
    const { self, passage } = this;
    const [memory, time] = [this.#memory, this.#time];
    const placing = new Serial();
    const calls = channelCalls({
      ...{ clients: host.clients, random, monotonic: host.monotonic },
      clusterId: launch.clusterId,
      attester: this.#inner,
      hpkeKey: () => this.#keys.hpkeKey,
    });
    const appraiserOf = (intent: Intent) => this.#appraiserOf(() => intent);
    const life = new Life({
      ...{ self, memory, passage, calls, appraiserOf, launch, ticket, url, time, log },
      ...{ peers: launch.peers, placing, random, host, keys: this.#keys },
      ...{ monotonic: host.monotonic, openStore: this.#parts.openStore },
      appraiseSelf: (appraiser) => this.#appraiseSelf(appraiser, null),
    });
    this.#handle = this.#server(url, placing, life);
    return life;
  }

  #server(
    url: string,
    placing: Serial,
    life: Life,
  ): (request: ChannelRequest) => Promise<ChannelAnswer> {
    const { host, random, bootId, launch, files, openStore, log, labRoots } = this.#parts;
    const { self, passage } = this;
    const [memory, time, requests] = [this.#memory, this.#time, this.#requests];
    const { monotonic } = host;
    const door = new InitDoor({
      ...{ self, memory, passage, requests, files, openStore, url, time, random, monotonic, log },
      group: launch.group,
      appraiserOf: (intent) => this.#appraiserOf(() => intent),
      appraiseSelf: (appraiser, audience) => this.#appraiseSelf(appraiser, audience),
    });
    return createChannelServer({
      attester: this.#open,
      appraiser: () => memory.intent === null ? null : this.#appraiserOf(() => memory.intent),
      keys: () => ({ hpke: this.#keys.hpke, leaf: this.#keys.leaf.certificate }),
      nonces: new NonceIssuer({
        secret: random.bytes(NONCE_BYTES),
        ...{ bootId, random, monotonic },
      }),
      ...{ random, monotonic },
      // All machines of a lab have one address.
      ...(labRoots.length > 0 ? { limits: LAB_LIMITS } : {}),
      handlers: handlersOf({
        ...{ self, memory, requests, door, placing },
        controlPlane: () => life.controlPlane,
        initialised: (controlPlane: ControlPlane) => life.initialised(controlPlane),
      }),
      failed: (path, error) => life.failed(path, error),
    });
  }

  #appraiserOf(intent: () => Intent | null): Appraiser {
    const { labRoots, engine } = this.#parts;
    const known = (): Intent => {
      const found = intent();
      if (found === null) throw new TypeError("Cannot judge anybody without a manifest");
      return found;
    };
    return createAppraiser({
      chain: () => known().chain,
      references: () => known().references,
      ...{ labRoots, engine, clock: this.#time },
    });
  }

  /** This node judged as it judges others; for its owner where a request is named, else as it serves. */
  async #appraiseSelf(appraiser: Appraiser, request: string | null): Promise<Appraised> {
    const nonce = this.#parts.random.bytes(NONCE_BYTES);
    const question = request === null
      ? { purpose: "serve", audience: "00".repeat(NONCE_BYTES) } as const
      : { purpose: "init", audience: request, requestDigest: request } as const;
    const { envelope } = await this.#open.attest({ nonce, requestDigest: "", ...question });
    return await appraiser.appraise(envelope, nonce, {
      ...question,
      clusterId: this.self.clusterId,
    });
  }
}

const STARTING: Uint8Array = new TextEncoder().encode(
  '{"code":"node.not_serving","message":"The agent starts"}',
);

/** Names for the leaf: clients of the channel compare it whole, others like to read whom they reached. */
function hostsOf({ listen, advertise }: AgentParts): readonly string[] {
  if (advertise !== null) return [new URL(advertise).hostname.replace(/^\[(.*)\]$/, "$1")];
  return ["0.0.0.0", "::"].includes(listen.hostname) ? [] : [listen.hostname];
}
