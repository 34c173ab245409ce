/**
 * Sends a `Response` over a connection.
 *
 * @module
 */

import type { IncomingMessage, ServerResponse } from "node:http";
import { ANSWER_TIMEOUT, MAX_REST, REST_TIMEOUT } from "./limits.ts";
import type { Untaken } from "./untaken.ts";

/** One request and where its answer goes. */
export interface Exchange {
  /** The request. */
  readonly message: IncomingMessage;
  /** The answer. */
  readonly answer: ServerResponse;
  /** Is aborted when the answer was taken or the client is gone. */
  readonly gone: AbortSignal;
}

/** How an answer is sent. */
export interface Sending {
  /** Whether the connection ends with it. */
  readonly last: boolean;
  /** Answers on their way. */
  readonly untaken: Untaken;
}

/**
 * Sends an answer, and resolves when it was taken or the client is gone.
 *
 * @param exchange The request and where the answer goes.
 * @param response The answer.
 * @param sending How.
 */
export async function send(
  exchange: Exchange,
  response: Response,
  { last, untaken }: Sending,
): Promise<void> {
  const body = new Uint8Array(await response.arrayBuffer());
  const { message, answer, gone } = exchange;
  if (gone.aborted) return;
  const whole = message.complete;
  const taken = untaken.add(body.length, () => void message.socket.destroy());
  const late = setTimeout(() => message.socket.destroy(), ANSWER_TIMEOUT);
  try {
    // A client that did not send all cannot be asked for another request.
    if (last || !whole) answer.shouldKeepAlive = false;
    answer.writeHead(response.status, headersOf(response, body, message.method));
    if (!whole) await sendBeforeRest(exchange, body);
    await ended(exchange, whole ? body : new Uint8Array());
  } finally {
    clearTimeout(late);
    taken();
  }
}

/** Length as well: an answer to HEAD says that of the answer to GET where the service did. */
function headersOf(response: Response, body: Uint8Array, method: string | undefined): string[] {
  const headers = [...response.headers].flat();
  const bodiless = method === "HEAD" || response.status === 204 || response.status === 304;
  const said = response.headers.has("content-length");
  return bodiless || said ? headers : [...headers, "content-length", String(body.length)];
}

function ended({ answer, gone }: Exchange, body: Uint8Array): Promise<void> {
  return new Promise((done) => {
    if (gone.aborted) return done();
    gone.addEventListener("abort", () => done());
    answer.once("finish", done);
    answer.end(body);
  });
}

/**
 * Answers a request that is still being sent. The rest is read for a while and thrown away: a
 * connection that is closed on unread bytes takes its answer along.
 */
async function sendBeforeRest(
  { message, answer, gone }: Exchange,
  body: Uint8Array,
): Promise<void> {
  if (body.length > 0) answer.write(body);
  else answer.flushHeaders();
  const { promise, resolve } = Promise.withResolvers<void>();
  const late = setTimeout(resolve, REST_TIMEOUT);
  let length = 0;
  message.on("data", ({ length: more }: Uint8Array) => {
    length += more;
    if (length > MAX_REST) resolve();
  });
  message.once("end", resolve);
  gone.addEventListener("abort", () => resolve());
  message.resume();
  await promise;
  clearTimeout(late);
}
