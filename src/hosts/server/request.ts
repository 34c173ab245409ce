/**
 * What came over a connection, as a `Request`.
 *
 * @module
 */

import type { IncomingMessage } from "node:http";
import { MAX_HEADERS } from "./limits.ts";

/** A request that cannot be given to anybody, with the status that says so. */
export class BadRequest extends Error {
  /** Status of the answer. */
  readonly status: 400 | 431 | 501 | 505;

  /**
   * @param status Status of the answer.
   * @param says Why.
   */
  constructor(status: BadRequest["status"], says: string) {
    super(says);
    this.name = "BadRequest";
    this.status = status;
  }
}

/** Methods that `Request` knows not of (Fetch §2.2.1). */
const FORBIDDEN: readonly string[] = ["CONNECT", "TRACE", "TRACK"];

/** Versions that are spoken; the parser takes requests of 0.9 and 2.0 in the form of 1.1, too. */
const VERSIONS: readonly string[] = ["1.0", "1.1"];

/** A host as clients name it: a name or an address, and a port (RFC 9110 §7.2). */
const HOST = /^(?:[A-Za-z0-9._-]+|\[[0-9a-fA-F:.]+\])(?::\d{1,5})?$/;

/**
 * Makes a `Request`.
 *
 * @param message What came.
 * @param scheme `http` or `https`.
 * @param signal Is aborted when the client is gone.
 * @throws {BadRequest} where it is none.
 */
export function requestOf(
  message: IncomingMessage,
  scheme: "http" | "https",
  signal: AbortSignal,
): Request {
  const method = message.method ?? "GET";
  if (!VERSIONS.includes(message.httpVersion)) throw new BadRequest(505, "Not HTTP/1.1");
  if (FORBIDDEN.includes(method)) throw new BadRequest(501, "Not a method of this server");
  refuseEncoded(message);
  const headers = headersOf(message.rawHeaders);
  const url = urlOf(message.url ?? "/", message.rawHeaders, scheme);
  const body = method === "GET" || method === "HEAD" || !hasBody(message) ? null : bodyOf(message);
  return new Request(url, { method, headers, body, signal });
}

function headersOf(raw: readonly string[]): Headers {
  if (raw.length > 2 * MAX_HEADERS) throw new BadRequest(431, "Too many headers");
  const headers = new Headers();
  try {
    for (let at = 0; at + 1 < raw.length; at += 2) headers.append(raw[at] ?? "", raw[at + 1] ?? "");
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    throw new BadRequest(400, "Not a header");
  }
  return headers;
}

/** The target with its host; put together, since a path that begins with `//` would else name another. */
function urlOf(target: string, raw: readonly string[], scheme: string): string {
  const host = hostOf(raw) ?? "localhost";
  const [, authority, rest] = /^https?:\/\/([^/?#]*)(.*)$/is.exec(target) ?? [];
  const path = rest === undefined ? target : rest.startsWith("/") ? rest : `/${rest}`;
  if (!path.startsWith("/")) throw new BadRequest(400, "Not a path");
  const named = authority ?? host;
  const url = `${scheme}://${named}${path}`;
  if (!HOST.test(named) || !URL.canParse(url)) throw new BadRequest(400, "Not an address");
  return url;
}

/** One Host header and no more (RFC 9112 §3.2); HTTP/1.0 has none. */
function hostOf(raw: readonly string[]): string | undefined {
  const hosts = raw.filter((_, at) => at % 2 === 1 && raw[at - 1]?.toLowerCase() === "host");
  if (hosts.length > 1) throw new BadRequest(400, "Two hosts");
  return hosts[0];
}

/** RFC 9112 §6.1: what was done to a body beside cutting it into chunks would have to be undone. */
function refuseEncoded({ headers }: IncomingMessage): void {
  const coding = headers["transfer-encoding"];
  if (coding === undefined || coding.toLowerCase() === "chunked") return;
  throw new BadRequest(501, "Not a transfer coding of this server");
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
}

/** The body as it comes; no further than the reader is. */
function bodyOf(message: IncomingMessage): ReadableStream<Uint8Array> {
  let over = false;
  const once = (work: () => void): void => {
    if (!over) work();
    over = true;
  };
  return new ReadableStream({
    start(controller) {
      message.on("data", (piece: Uint8Array) => {
        if (over) return;
        controller.enqueue(new Uint8Array(piece));
        if ((controller.desiredSize ?? 0) <= 0) message.pause();
      });
      const gone = new DOMException("The client is gone", "AbortError");
      message.once("end", () => once(() => controller.close()));
      message.once("error", () => once(() => controller.error(gone)));
      message.once("close", () => once(() => controller.error(gone)));
      message.pause();
    },
    pull: () => void message.resume(),
    // Nobody reads the rest; what becomes of it is decided with the answer.
    cancel: () => once(() => {}),
  });
}
