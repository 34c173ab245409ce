/**
 * Requests and answers of the channel as those of HTTP.
 *
 * @module
 */

import type { IncomingMessage } from "node:http";
import { concat } from "../../core/bytes.ts";
import type { ChannelAnswer, ChannelRequest } from "../../core/node_ports.ts";
import type { Untaken } from "../server/untaken.ts";
import { MAX_BODY_BYTES } from "./limits.ts";

/** What answers. */
export type Handle = (request: ChannelRequest) => Promise<ChannelAnswer>;

/** Who answers. */
export interface Answerer {
  /** What answers. */
  readonly handle: Handle;
  /** Certificate of this server that the connection was made under, DER. */
  readonly leaf: Uint8Array;
  /** Bodies on their way; if there are too many, the connections of those that wait longest end. */
  readonly arriving: Untaken;
}

/**
 * Answers a request of HTTP.
 *
 * @param answerer Who answers.
 * @param request The request.
 * @param message It as it came.
 */
export async function exchange(
  { handle, leaf, arriving }: Answerer,
  request: Request,
  message: IncomingMessage,
): Promise<Response> {
  const whole = arriving.add(declaredLength(request), () => void message.socket.destroy());
  const body = await bodyOf(request).finally(whole);
  if (body === "cut short") return headed(null, 400, "application/json");
  if (body === "too large") return tooLarge();
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

/** The room that a body takes at most. */
function declaredLength({ headers, body }: Request): number {
  if (body === null) return 0;
  const said = headers.get("content-length");
  return said === null ? MAX_BODY_BYTES : Math.min(Number(said), MAX_BODY_BYTES);
}

/** The body, whole, and no larger than any may be. */
async function bodyOf(
  request: Request,
): Promise<Uint8Array<ArrayBuffer> | "too large" | "cut short"> {
  if (request.body === null) return new Uint8Array();
  if (Number(request.headers.get("content-length") ?? 0) > MAX_BODY_BYTES) return "too large";
  const parts: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const part of request.body) {
      length += part.length;
      if (length > MAX_BODY_BYTES) return "too large";
      parts.push(part);
    }
  } catch {
    // Who sent it is gone, or was cut off: there is nobody to tell, and nothing to log.
    return "cut short";
  }
  return concat(...parts);
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
