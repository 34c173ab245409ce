/**
 * What tests of the channel's transport share: leaves, and servers that are
 * not of the program.
 *
 * @module
 */

import { createServer, type TlsOptions, type TLSSocket } from "node:tls";
import { makeLeaf } from "../../src/channel/leaf.ts";
import type { ChannelAnswer, ChannelCall, TlsKeyPair } from "../../src/core/node_ports.ts";
import type { Random } from "../../src/core/ports.ts";
import { contextOf } from "../../src/hosts/channel/identity.ts";

/** The machine's randomness. */
export const RANDOM: Random = {
  bytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
};

/** A fresh leaf. */
export const newLeaf = (): ReturnType<typeof makeLeaf> => makeLeaf({ random: RANDOM, hosts: [] });

/** An answer in words. */
export function said(text: string): ChannelAnswer {
  return { status: 200, type: "text/plain", body: new TextEncoder().encode(text) };
}

/** Longest that tests wait for what comes for certain, however slow the machine is, ms. */
export const PATIENCE = 60_000;

/** A port of this machine at which nobody answers, nor will: those below 1024 are given to nobody who asks for any. */
export const NOBODY = 1;

/** A question to a port of this machine. */
export function callTo(
  port: number,
  leaf: Uint8Array | null,
  more: Partial<ChannelCall> = {},
): ChannelCall {
  const body = new TextEncoder().encode("secret of the request");
  const url = `https://127.0.0.1:${port}`;
  return { url, path: "/v1/join", method: "POST", body, leaf, timeout: PATIENCE, ...more };
}

/** A server of TLS that keeps each byte that it could decrypt. */
export interface Listening {
  /** Port. */
  readonly port: number;
  /** What was sent to it inside of TLS. */
  readonly heard: Uint8Array[];
  /** How many handshakes were done. */
  readonly handshakes: () => number;
  /** Ends it. */
  readonly close: () => Promise<void>;
}

/**
 * Listens as somebody else.
 *
 * @param identity As whom.
 * @param answer What it answers to whatever is sent; null answers nothing.
 * @param more Other options of TLS.
 */
export async function listenAs(
  identity: TlsKeyPair,
  answer: string | null = null,
  more: TlsOptions = {},
): Promise<Listening> {
  const heard: Uint8Array[] = [];
  const sockets: TLSSocket[] = [];
  const options = { ...contextOf(identity), ALPNProtocols: ["http/1.1"], ...more };
  const server = createServer(options, (socket) => {
    sockets.push(socket);
    socket.on("error", () => {});
    socket.on("data", (part: Uint8Array) => {
      heard.push(new Uint8Array(part));
      if (answer !== null) socket.end(answer);
    });
  });
  server.on("tlsClientError", () => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    heard,
    handshakes: () => sockets.length,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
