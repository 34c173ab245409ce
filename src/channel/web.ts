/**
 * The channel for browsers and Workers, by `fetch` alone.
 *
 * A page cannot look at the certificate that a server shows. What it can do is
 * verify the server's evidence over a nonce of its own and seal to the key that
 * the evidence names: only the attested node opens the request, and only who
 * opened it can answer. What it cannot do is tell who carries the messages
 * between; so a result says which binding was reached.
 *
 * @module
 */

import { concat } from "../core/bytes.ts";
import { UnavailableError } from "../core/errors.ts";
import type { ChannelAnswer, ChannelCall, ChannelClients } from "../core/node_ports.ts";
import type { Random } from "../core/ports.ts";
import { MAX_BODY_BYTES } from "../protocol/limits.ts";
import { attestServer, type Judging } from "./client.ts";
import type { ChannelCode } from "./codes.ts";
import { MESSAGE_TYPE } from "./failure_answer.ts";
import type { Session } from "./session.ts";

export { type Judging, type SealedCall, sealedCall, type Wanted } from "./client.ts";
export type { HpkeKey, PlatformKey, PlatformKeyUsage } from "./hpke.ts";
export type { Asking, Session } from "./session.ts";
export type { Appraised, Appraiser, Attester, EvidenceQuestion, Given } from "./peer.ts";
export type { ChannelAnswer, ChannelCall, ChannelClients } from "../core/node_ports.ts";
export type { Random } from "../core/ports.ts";
export type { Cookie } from "../protocol/attest.ts";
export type { Message } from "../protocol/message.ts";
export type { Decoder, JsonSchema } from "../core/decode.ts";

/** What a session over `fetch` reaches: the attested key for what is sealed, and a fresh nonce; not the certificate. */
export const WEB_BINDING = "hpke-key + nonce";

/**
 * What is asked of `fetch`: a `RequestInit` of which these members are set; written out, as not every compiler that
 * reads this has the names of browsers.
 */
export interface FetchCall {
  /** Method. */
  readonly method?: string;
  /** `manual`: an answer that leads elsewhere is none of an agent. */
  readonly redirect?: string;
  /** An `AbortSignal`, for the time that it may take. */
  readonly signal?: unknown;
  /** Headers by name. */
  readonly headers?: unknown;
  /** Body, bytes. */
  readonly body?: unknown;
}

/** What is looked at of an answer; a `Response` has it. */
export interface FetchAnswer {
  /** Status of HTTP. */
  readonly status: number;
  /** Headers. */
  readonly headers: {
    /** The value of a header; null where there is none. */
    get(name: string): string | null;
  };
  /** Body, piece by piece; null where there is none. */
  readonly body: {
    /** Begins to read. */
    getReader(): {
      /** Reads a piece. */
      read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }>;
      /** Ends it before it is whole. */
      cancel(): Promise<void>;
    };
  } | null;
}

/** As a member, so that the platform's own, whose call has more names, is one. */
export interface Fetching {
  /** The platform's `fetch`. */
  send(url: string, call: FetchCall): Promise<FetchAnswer>;
}

/** What `fetch` is, as much of it as is needed. */
export type Fetch = Fetching["send"];

/** How a server is asked from a page. */
export interface WebAsking {
  /** Address under which the agent is reached, also through a gateway; without a slash at its end. */
  readonly url: string;
  /** The platform's `fetch`, or one that stands for it. */
  readonly fetch: Fetch;
  /** Randomness of nonces. */
  readonly random: Random;
  /** Milliseconds that only rise, as `performance.now()`. */
  readonly monotonic: () => number;
  /** Longest time of one request, ms; absent takes half a minute. */
  readonly timeout?: number;
}

/** A server whose evidence was verified over `fetch`. */
export interface WebSession extends Session {
  /** Which binding was reached. */
  readonly binding: typeof WEB_BINDING;
}

/**
 * Asks a server for evidence and judges it; {@linkcode sealedCall} goes on with what this returns.
 *
 * @param asking How it is asked.
 * @param judging Who judges, and what the statement must say.
 * @throws {RejectedError | UnavailableError} what the judge throws; `channel.leaf`, `channel.refused`, `channel.failed`,
 * `channel.answer`, `channel.unreachable`, `channel.timeout`, `channel.too_large`
 *
 * @example A node that does not answer is no node
 * ```ts
 * import { attestByFetch } from "@casemate/casemate/channel";
 *
 * const asking = {
 *   url: "https://gateway.example/node-1",
 *   fetch: () => Promise.reject(new TypeError("offline")),
 *   random: { bytes: (length: number) => crypto.getRandomValues(new Uint8Array(length)) },
 *   monotonic: () => performance.now(),
 * };
 * // Judges under a manifest; here one that would refuse everybody.
 * const appraiser = { appraise: () => Promise.reject(new Error("nobody is trusted")) };
 * const expected = { clusterId: "c1".repeat(32), role: "control-plane" };
 * try {
 *   const session = await attestByFetch(asking, { appraiser, expected });
 *   console.log(session.binding); // hpke-key + nonce
 * } catch (error) {
 *   console.log(String(error)); // … Cannot ask https://gateway.example/node-1: offline
 * }
 * ```
 */
export async function attestByFetch(
  { fetch: send, ...asking }: WebAsking,
  judging: Judging & { readonly batch?: boolean },
): Promise<WebSession> {
  const session = await attestServer({ ...asking, clients: fetchClients(send) }, judging);
  return { ...session, binding: WEB_BINDING };
}

/**
 * Servers of the channel by `fetch`. The certificate that a call demands is not looked at, as nothing can: whoever uses
 * this has the binding {@linkcode WEB_BINDING} and no other.
 *
 * @param send The platform's.
 */
export function fetchClients(send: Fetch): ChannelClients {
  return {
    pins: false,
    async ask(call) {
      const signal = AbortSignal.timeout(call.timeout);
      try {
        return await answerOf(call, await send(`${call.url}${call.path}`, initOf(call, signal)));
      } catch (cause) {
        if (cause instanceof UnavailableError) throw cause;
        const reason = cause instanceof Error ? cause.message : String(cause);
        throw failed(
          signal.aborted ? "channel.timeout" : "channel.unreachable",
          call,
          reason,
          cause,
        );
      }
    },
  };
}

/** Only what workerd knows as well. A redirect is no answer of an agent, and is not followed. */
function initOf({ method, body }: ChannelCall, signal: AbortSignal): FetchCall {
  const common = { method, signal, redirect: "manual" } as const;
  if (method === "GET") return common;
  return { ...common, headers: { "content-type": MESSAGE_TYPE }, body: concat(body) };
}

async function answerOf(call: ChannelCall, response: FetchAnswer): Promise<ChannelAnswer> {
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = response.body?.getReader();
  for (let next = await reader?.read(); next?.value !== undefined; next = await reader?.read()) {
    length += next.value.length;
    if (length > MAX_BODY_BYTES) {
      await reader?.cancel();
      throw failed("channel.too_large", call, `its answer has more than ${MAX_BODY_BYTES} bytes`);
    }
    parts.push(next.value);
  }
  const type = (response.headers.get("content-type") ?? "").split(";")[0]?.trim() ?? "";
  const after = response.headers.get("retry-after") ?? "";
  const later = /^\d{1,6}$/.test(after) ? { retryAfter: Number(after) } : {};
  return { status: response.status, type, body: concat(...parts), ...later };
}

function failed(
  code: ChannelCode,
  { url }: ChannelCall,
  reason: string,
  cause?: unknown,
): UnavailableError {
  return new UnavailableError(`Cannot ask ${url}: ${reason}`, {
    code,
    fields: { url, reason },
    cause,
    retryable: true,
  });
}
