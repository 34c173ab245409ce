/**
 * A server of HTTP/1.1, with TLS or without, that keeps to limits of time and number.
 *
 * It is that of `node:http`, which Deno has as well: Deno's own has no limit of the time
 * until headers or a body are there, nor of connections, and ends when files run out.
 *
 * @module
 */

import http from "node:http";
import https from "node:https";
import type { Socket } from "node:net";
import type { Service, TlsIdentity } from "../../core/ports.ts";
import { answerAll, closed, started, timeouts, UnderWay } from "./answering.ts";
import { Connections } from "./connections.ts";
import { contextOf } from "./identity.ts";
import * as limits from "./limits.ts";
import { Untaken } from "./untaken.ts";

/** A server that listens. */
export interface Running {
  /** Where, as `https://127.0.0.1:8443`. */
  readonly url: string;
  /** Shows new clients another certificate. */
  readonly show: (identity: TlsIdentity) => void;
  /** Takes no further connections; resolves when all requests that came are answered, or their time is over. */
  readonly drain: () => Promise<void>;
}

/**
 * Listens.
 *
 * @param service What to answer with, and where.
 * @throws {Error} of the system where it cannot.
 */
export async function listen(service: Service): Promise<Running> {
  const connections = new Connections(service.maxConnections ?? limits.MAX_CONNECTIONS);
  const draining = { value: false };
  const underWay = new UnderWay();
  const server = serverOf(service);
  const scheme = server instanceof https.Server ? "https" : "http";
  server.on("connection", (socket: Socket) => connections.take(socket));
  answerAll(server, {
    scheme,
    handle: (request) => service.handle(request),
    connections,
    untaken: new Untaken(limits.MAX_UNTAKEN),
    isLast: () => draining.value,
    underWay,
  });
  const { host, port } = await started(server, service);
  return {
    url: `${scheme}://${host}:${port}`,
    show(identity) {
      if (server instanceof https.Server) server.setSecureContext(contextOf(identity));
    },
    async drain() {
      draining.value = true;
      await drain(server, connections, underWay);
      server.closeAllConnections();
    },
  };
}

async function drain(
  server: http.Server,
  connections: Connections,
  underWay: UnderWay,
): Promise<void> {
  const late = setTimeout(() => connections.endAll(), limits.GRACE);
  const rest = setTimeout(() => connections.endResting(), limits.REST_GRACE);
  await closed(server);
  await underWay.none();
  clearTimeout(late);
  clearTimeout(rest);
}

function serverOf({ tls, requestTimeout }: Service): http.Server | https.Server {
  const options = timeouts(requestTimeout);
  return tls === undefined ? http.createServer(options) : https.createServer({
    ...options,
    ...contextOf(tls),
    handshakeTimeout: limits.HANDSHAKE_TIMEOUT,
    ALPNProtocols: ["http/1.1"],
  });
}
