/**
 * Asking servers of the channel. Each request has a connection of its own: none
 * outlives the evidence that it was made on, and none is taken over by another
 * request.
 *
 * @module
 */

import http from "node:http";
import tls from "node:tls";
import type { ChannelAnswer, ChannelCall, ChannelClients } from "../../core/node_ports.ts";
import { equal, toHex } from "../../core/bytes.ts";
import { answerOf } from "./answer.ts";
import { failedBefore, pinned, unreachable } from "./failures.ts";
import { pemOf } from "./identity.ts";
import { within } from "./deadline.ts";
import { OneConnection } from "../one_connection.ts";

/** The name that leaves are certified for, after a label that is new for each connection. */
const AGENT = "agent.casemate.invalid";

/** Clients of the channel of this process. */
export const channelClients: ChannelClients = {
  ask: (call) =>
    within(call, async (alive) => {
      const socket = await connect(call, alive);
      // Nothing was written to it before this line but the handshake.
      const answer = await request(call, socket);
      socket.destroy();
      return answer;
    }),
};

/** What ends a connection when its time is over. */
type Alive = (socket: tls.TLSSocket) => void;

/**
 * Makes a connection that is TLS 1.3 and, where a certificate is demanded, shows that very one. It is the only
 * anchor of an otherwise ordinary verification, which so includes that the server holds the key.
 */
async function connect(call: ChannelCall, alive: Alive): Promise<tls.TLSSocket> {
  const { leaf } = call;
  const { host, port } = addressOf(call.url);
  const socket = tls.connect({
    host,
    port,
    servername: `${toHex(crypto.getRandomValues(new Uint8Array(8)))}.${AGENT}`,
    minVersion: "TLSv1.3",
    ALPNProtocols: ["http/1.1"],
    ...(leaf === null
      ? { rejectUnauthorized: false }
      : { ca: [pemOf("CERTIFICATE", leaf)], rejectUnauthorized: true }),
  });
  alive(socket);
  await new Promise<void>((resolve, reject) => {
    socket.once("secureConnect", resolve);
    socket.once("error", (cause) => reject(failedBefore(call, cause)));
    socket.once("close", () => reject(failedBefore(call, new Error("closed"))));
  });
  if (socket.getProtocol() !== "TLSv1.3") throw unreachable(call, new Error("not TLS 1.3"));
  if (leaf !== null && !shows(socket, leaf)) throw pinned(call, "another certificate");
  return socket;
}

function shows(socket: tls.TLSSocket, leaf: Uint8Array): boolean {
  const { raw } = socket.getPeerCertificate(true);
  return raw !== undefined && equal(new Uint8Array(raw), leaf);
}

function addressOf(url: string): { readonly host: string; readonly port: number } {
  const { protocol, hostname, port, pathname } = new URL(url);
  if (protocol !== "https:" || pathname !== "/") {
    throw new TypeError(`Cannot ask ${url}: it is not of the form https://HOST:PORT`);
  }
  return { host: hostname.replace(/^\[(.*)\]$/, "$1"), port: Number(port || 443) };
}

function request(call: ChannelCall, socket: tls.TLSSocket): Promise<ChannelAnswer> {
  const { method, path, body, url } = call;
  return new Promise((resolve, reject) => {
    const failed = (cause: unknown): void => reject(unreachable(call, cause));
    const asked = http.request({
      agent: new OneConnection(socket),
      method,
      path,
      headers: {
        "host": new URL(url).host,
        "connection": "close",
        ...(method === "GET" ? {} : {
          "content-type": "application/json",
          "content-length": String(body.length),
        }),
      },
    });
    const ended = (): void => failed(new Error("the connection ended before the answer"));
    asked.once("response", (message) => {
      socket.off("close", ended);
      answerOf(call, message).then(resolve, reject);
    });
    // Who answers for as long as it likes that the answer comes fills the memory.
    asked.once("information", ({ statusCode }) => failed(new Error(`status ${statusCode} first`)));
    asked.once("error", failed);
    socket.once("close", ended);
    asked.end(method === "GET" ? undefined : body);
  });
}
