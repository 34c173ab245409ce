/**
 * Requests and answers of the channel as those of HTTP.
 *
 * @module
 */

import type { IncomingMessage } from "node:http";
import type { ChannelAnswer, ChannelRequest } from "../../core/node_ports.ts";
import { MAX_BODY_BYTES } from "./limits.ts";

/** What answers. */
export type Handle = (request: ChannelRequest) => Promise<ChannelAnswer>;

/**
 * Answers a request of HTTP.
 *
 * @param handle What answers.
 * @param leaf Certificate of this server that the connection was made under, DER.
 * @param request The request.
 * @param message It as it came.
 */
export async function exchange(
  handle: Handle,
  leaf: Uint8Array,
  request: Request,
  message: IncomingMessage,
): Promise<Response> {
  const body = await bodyOf(request);
  if (body === null) return tooLarge();
  return responseOf(
    await handle({
      method: request.method,
      path: new URL(request.url).pathname,
      body,
      source: message.socket.remoteAddress ?? "",
      leaf,
    }),
  );
}

/** The body, whole; null of one that is larger than any may be. */
async function bodyOf(request: Request): Promise<Uint8Array<ArrayBuffer> | null> {
  if (request.body === null) return new Uint8Array();
  if (Number(request.headers.get("content-length") ?? 0) > MAX_BODY_BYTES) return null;
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of request.body) {
    length += part.length;
    if (length > MAX_BODY_BYTES) return null;
    parts.push(part);
  }
  const whole = new Uint8Array(length);
  parts.reduce((at, part) => {
    whole.set(part, at);
    return at + part.length;
  }, 0);
  return whole;
}

function tooLarge(): Response {
  const message = `Cannot take the body: it has more than ${MAX_BODY_BYTES} bytes`;
  return headed(JSON.stringify({ code: "protocol.too_large", message }), 413, "application/json");
}

function responseOf({ status, type, body, retryAfter }: ChannelAnswer): Response {
  return headed(body.length === 0 ? null : new Uint8Array(body), status, type, retryAfter);
}

/** Answers are for who asked: no cache keeps them. */
function headed(
  body: BodyInit | null,
  status: number,
  type: string,
  retryAfter?: number,
): Response {
  const headers = new Headers({ "content-type": type, "cache-control": "no-store" });
  if (retryAfter !== undefined) headers.set("retry-after", String(Math.ceil(retryAfter)));
  return new Response(body, { status, headers });
}
