/**
 * Answers what comes over connections of `node:http`, with TLS or without, and keeps to limits
 * of time and number.
 *
 * @module
 */

import http from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import { Server as ConnectionServer, type Socket } from "node:net";
import { send } from "./answer.ts";
import type { Connections } from "./connections.ts";
import * as limits from "./limits.ts";
import { BadRequest, requestOf } from "./request.ts";
import type { Untaken } from "./untaken.ts";

/** What requests are answered with. */
export interface Answering {
  /** `http` or `https`. */
  readonly scheme: "http" | "https";
  /**
   * Answers a request.
   *
   * @param request The request.
   * @param message It as it came.
   */
  readonly handle: (request: Request, message: IncomingMessage) => Promise<Response>;
  /** Who is connected. */
  readonly connections: Connections;
  /** Answers on their way. */
  readonly untaken: Untaken;
  /** Whether the connection ends with this answer. */
  readonly isLast: () => boolean;
  /** Requests that are being answered. */
  readonly underWay: UnderWay;
}

/**
 * Options of a server of `node:http` that does not wait for ever.
 *
 * @param requestTimeout Longest time until a whole request is there, ms; absent takes the usual.
 */
export function timeouts(requestTimeout?: number): http.ServerOptions {
  const whole = requestTimeout ?? limits.REQUEST_TIMEOUT;
  return {
    headersTimeout: Math.min(limits.HEADERS_TIMEOUT, whole),
    requestTimeout: whole,
    keepAliveTimeout: limits.IDLE_TIMEOUT,
    connectionsCheckingInterval: limits.CHECK_INTERVAL,
    maxHeaderSize: limits.MAX_HEADER_BYTES,
  };
}

/**
 * Has a server's requests answered.
 *
 * @param server The server.
 * @param answering With what.
 */
export function answerAll(server: http.Server, answering: Answering): void {
  // Headers beyond a number would be left out silently; the size bounds them.
  server.maxHeadersCount = 0;
  server.on("clientError", refuseClient);
  server.on("request", (message, answer) => {
    answering.underWay.add(answerOne(answering, message, answer));
  });
}

/** Where to listen. */
export interface Place {
  /** Name or address. */
  readonly hostname: string;
  /** Port; 0 takes a free one. */
  readonly port: number;
  /** Whether other processes of the same user may listen there as well. */
  readonly sharePort?: boolean;
}

/** Where a server listens. */
export interface Bound {
  /** Address, IPv6 with brackets. */
  readonly host: string;
  /** Port. */
  readonly port: number;
}

/**
 * Begins to listen.
 *
 * @param server A server of connections.
 * @param place Where.
 * @throws {Error} of the system where it cannot.
 */
export function started(
  server: ConnectionServer,
  { hostname, port, sharePort }: Place,
): Promise<Bound> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    const options = { host: hostname, port, backlog: 1024, reusePort: sharePort ?? false };
    server.listen(options, () => {
      server.off("error", reject);
      const address = server.address();
      const at = typeof address === "object" && address !== null
        ? address
        : { address: hostname, port };
      const host = at.address.includes(":") ? `[${at.address}]` : at.address;
      resolve({ host, port: at.port });
    });
  });
}

/**
 * Closes the listener alone: a server of HTTP that is closed ends resting connections at once,
 * also those to which a request is on its way.
 *
 * @param server A server of connections.
 */
export function closed(server: ConnectionServer): Promise<void> {
  return new Promise((done) => ConnectionServer.prototype.close.call(server, () => done()));
}

/** Requests that are being answered. */
export class UnderWay {
  readonly #all: Set<Promise<void>> = new Set();

  /**
   * A request is being answered.
   *
   * @param done Resolves when it is.
   */
  add(done: Promise<void>): void {
    this.#all.add(done);
    void done.finally(() => this.#all.delete(done));
  }

  /** Resolves when none is. */
  async none(): Promise<void> {
    while (this.#all.size > 0) await Promise.all(this.#all);
  }
}

async function answerOne(
  answering: Answering,
  message: IncomingMessage,
  answer: ServerResponse,
): Promise<void> {
  const { connections, untaken, isLast } = answering;
  const { socket } = message;
  const gone = new AbortController();
  if (!connections.begin(socket, gone)) return void socket.destroy();
  let whole = false;
  message.once("end", () => {
    whole = true;
    connections.whole(socket);
  });
  answer.once("close", () => gone.abort());
  try {
    const response = await responseOf(answering, message, gone.signal);
    const exchange = { message, answer, gone: gone.signal };
    await send(exchange, response, { last: isLast(), untaken });
  } catch (error) {
    console.error(error);
    socket.destroy();
  } finally {
    connections.end(socket, gone, whole);
  }
}

async function responseOf(
  { scheme, handle }: Answering,
  message: IncomingMessage,
  signal: AbortSignal,
): Promise<Response> {
  try {
    const request = requestOf(message, scheme, signal);
    if (request.body === null) message.resume();
    return await handle(request, message);
  } catch (error) {
    if (error instanceof BadRequest) return problem(error.status, error.message);
    if (!signal.aborted) console.error(error);
    return problem(500, "Nothing more is known");
  }
}

/** RFC 9457 §4.2.1: a problem that says no more than its status has no type of its own. */
function problem(status: number, detail: string): Response {
  const body = { type: "about:blank", title: http.STATUS_CODES[status], status, detail };
  return new Response(`${JSON.stringify(body)}\n`, {
    status,
    headers: {
      "cache-control": "no-store",
      "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
      "content-type": "application/problem+json",
      "x-content-type-options": "nosniff",
    },
  });
}

const REFUSALS: Readonly<Record<string, string>> = {
  ERR_HTTP_REQUEST_TIMEOUT: "408 Request Timeout",
  HPE_HEADER_OVERFLOW: "431 Request Header Fields Too Large",
  HPE_CHUNK_EXTENSIONS_OVERFLOW: "413 Content Too Large",
};

/** Codes of errors of who speaks HTTP; all others are of the connection or its handshake. */
const SPOKEN = /^(?:HPE|ERR_HTTP)_/;

/** What is no HTTP, or too slow. It is told once, however much more comes. */
function refuseClient({ code = "" }: NodeJS.ErrnoException, socket: Socket): void {
  if (socket.destroyed || socket.writableEnded) return;
  // Where TLS is not there yet nothing can be told, and what waits to be sent would keep the connection.
  if (!socket.writable || !SPOKEN.test(code)) return void socket.destroy();
  const status = REFUSALS[code] ?? "400 Bad Request";
  // The rest is read and thrown away for the moment that the answer takes.
  socket.removeAllListeners("data");
  socket.resume();
  const head = `HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`;
  socket.end(head, () => socket.destroy());
}
