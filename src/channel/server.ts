/**
 * A node's end of the channel (protocol §5): evidence for who asks, and sealed
 * requests of who gave some. Transport and devices are given to it.
 *
 * @module
 */

import { equal, fromHex } from "../core/bytes.ts";
import { InputError } from "../core/errors.ts";
import type { ChannelAnswer, ChannelRequest } from "../core/node_ports.ts";
import { readStatement } from "../evidence/statement/read.ts";
import { ATTEST_ANSWER, ATTEST_REQUEST, OWNER_ATTEST_REQUEST } from "../protocol/attest.ts";
import { type Message, readMessage, writeMessage } from "../protocol/message.ts";
import {
  ATTEST_PATH,
  INIT_ATTEST_PATH,
  INIT_PATH,
  JOIN_PATH,
  MANIFEST_PATH,
  MANIFEST_UPDATE_PATH,
  RENEW_PATH,
  STATUS_PATH,
} from "../protocol/paths.ts";
import { MANIFEST_ANSWER, STATUS_ANSWER } from "../protocol/status.ts";
import { BusyError } from "./busy.ts";
import type { ChannelCode } from "./codes.ts";
import { failureAnswer, MESSAGE_TYPE } from "./failure_answer.ts";
import type { ChannelHandlers } from "./handlers.ts";
import { keyOfLeaf } from "./leaf.ts";
import { CHANNEL_LIMITS, type ChannelLimits } from "./limits.ts";
import type { EvidenceQuestion } from "./peer.ts";
import { EvidenceQueue } from "./queue.ts";
import { answerSealed, type SealedKind, type SealedParts } from "./sealed_request.ts";
import { INIT, JOIN, RENEW } from "./sealed_kinds.ts";
import { Sources } from "./sources.ts";
import { Turns } from "./turns.ts";

/** What a server is made of. */
export interface ChannelParts extends Omit<SealedParts, "turns"> {
  /** Milliseconds that only rise. */
  readonly monotonic: () => number;
  /** Limits that differ from the usual. */
  readonly limits?: Partial<ChannelLimits>;
  /** What is done with requests. */
  readonly handlers: ChannelHandlers;
  /**
   * Is told of each request that was not done, for a log.
   *
   * @param path Where it came.
   * @param error What was thrown.
   */
  readonly failed?: (path: string, error: unknown) => void;
}

type Route = (request: ChannelRequest) => Promise<ChannelAnswer>;

/**
 * Makes a server.
 *
 * @param parts What it is made of.
 * @returns Answers a request; it never rejects.
 */
export function createChannelServer(parts: ChannelParts): Route {
  const routes = new Routes(parts).all();
  return async (request) => {
    try {
      return await routeOf(routes, request)(request);
    } catch (error) {
      parts.failed?.(request.path, error);
      return failureAnswer(error);
    }
  };
}

function routeOf(
  routes: Readonly<Record<string, Route>>,
  { method, path }: ChannelRequest,
): Route {
  const found = Object.hasOwn(routes, `${method} ${path}`)
    ? routes[`${method} ${path}`]
    : undefined;
  if (found !== undefined) return found;
  const code: ChannelCode = "channel.no_path";
  throw new InputError("Cannot answer: there is no such path and method", { code });
}

/** The paths of a server. */
class Routes {
  readonly #parts: ChannelParts;
  readonly #sources: Sources;
  readonly #queue: EvidenceQueue;
  readonly #turns: Turns;

  constructor(parts: ChannelParts) {
    const limits = { ...CHANNEL_LIMITS, ...parts.limits };
    this.#parts = parts;
    this.#sources = new Sources(limits, parts.monotonic);
    this.#queue = new EvidenceQueue(parts.attester, limits);
    this.#turns = new Turns(limits.sealed, limits.sealedQueue);
  }

  all(): Readonly<Record<string, Route>> {
    const { handlers } = this.#parts;
    return {
      [`POST ${ATTEST_PATH}`]: (request) => this.#attest(request),
      [`POST ${INIT_ATTEST_PATH}`]: (request) => this.#ownerAttest(request),
      [`GET ${MANIFEST_PATH}`]: async () => said(MANIFEST_ANSWER, await handlers.manifests()),
      [`GET ${STATUS_PATH}`]: async () => said(STATUS_ANSWER, await handlers.status()),
      [`POST ${MANIFEST_UPDATE_PATH}`]: (request) => this.#update(request),
      [`POST ${INIT_PATH}`]: this.#sealed(INIT, (opened) => handlers.init(opened)),
      [`POST ${JOIN_PATH}`]: this.#sealed(JOIN, ({ peer, ...opened }) => {
        if (peer === null) throw new TypeError("Cannot admit a node without evidence");
        return handlers.join({ ...opened, peer });
      }),
      [`POST ${RENEW_PATH}`]: this.#sealed(RENEW, ({ peer, ...opened }) => {
        if (peer === null) throw new TypeError("Cannot renew for a node without evidence");
        return handlers.renew({ ...opened, peer });
      }),
    };
  }

  async #attest(request: ChannelRequest): Promise<ChannelAnswer> {
    this.#take(request);
    const { nonce, audience, batch } = readMessage(ATTEST_REQUEST, request.body);
    const question = {
      nonce: fromHex(nonce),
      audience,
      purpose: "serve",
      requestDigest: "",
    } as const;
    return await this.#evidence(question, "serve", batch);
  }

  async #ownerAttest(request: ChannelRequest): Promise<ChannelAnswer> {
    this.#take(request);
    const { request: signed } = readMessage(OWNER_ATTEST_REQUEST, request.body);
    return await this.#evidence(await this.#parts.handlers.ownerAttest(signed), "init", false);
  }

  async #update(request: ChannelRequest): Promise<ChannelAnswer> {
    this.#take(request);
    await this.#parts.handlers.update(readMessage(MANIFEST_ANSWER, request.body));
    return { status: 204, type: MESSAGE_TYPE, body: new Uint8Array() };
  }

  /** What nobody vouches for yet costs work: each source has its share of it. */
  #take({ source }: ChannelRequest): void {
    const wait = this.#sources.take(source);
    if (wait > 0) throw new BusyError("too many from this address", wait, true);
  }

  async #evidence(
    question: EvidenceQuestion,
    served: "serve" | "init",
    batch: boolean,
  ): Promise<ChannelAnswer> {
    const { keys, nonces } = this.#parts;
    const { given, path } = await this.#queue.ask(question, batch);
    const { leaf } = keys();
    const { tlsSpki } = readStatement(given.statement);
    if (!equal(fromHex(tlsSpki), keyOfLeaf(leaf))) throw renewing();
    const server = await nonces.issue(served, null);
    return said(ATTEST_ANSWER, { envelope: given.envelope, tlsLeaf: leaf, server, path });
  }

  #sealed<Q extends object, A extends object>(
    kind: SealedKind<Q, A>,
    act: Parameters<typeof answerSealed<Q, A>>[3],
  ): Route {
    const parts = { ...this.#parts, turns: this.#turns };
    return (request) => answerSealed(parts, kind, request, act);
  }
}

/** The keys were renewed while the evidence was made. */
function renewing(): BusyError {
  return new BusyError("its keys were renewed just now", 1, false);
}

function said<T extends object>(message: Message<T>, value: T): ChannelAnswer {
  return { status: 200, type: MESSAGE_TYPE, body: writeMessage(message, value) };
}
