/**
 * A certificate that a server shows, and the connections that were made under
 * it. Each has a server of HTTPS of its own that listens nowhere, so that no
 * connection is ever ascribed to another certificate than the one it saw.
 *
 * @module
 */

import https from "node:https";
import type { Socket } from "node:net";
import { clearTimeout, setTimeout } from "node:timers";
import type { TlsKeyPair } from "../../core/node_ports.ts";
import { answerAll, type Answering, timeouts } from "../server/answering.ts";
import { HANDSHAKE_TIMEOUT } from "../server/limits.ts";
import type { Untaken } from "../server/untaken.ts";
import { exchange, type Handle } from "./exchange.ts";
import { contextOf } from "./identity.ts";
import type { ServerLimits } from "./limits.ts";

/** What all of a listener's certificates have in common. */
export interface Shared extends Pick<Answering, "connections" | "untaken" | "underWay"> {
  /** What answers. */
  readonly handle: Handle;
  /** Limits. */
  readonly limits: ServerLimits;
  /** Bodies on their way to the server, bounded as answers on their way to clients are. */
  readonly arriving: Untaken;
  /** Whether the listener is closing. */
  readonly isClosing: () => boolean;
}

/** A certificate that is shown. */
export class Shown {
  readonly #server: https.Server;
  readonly #limits: ServerLimits;
  readonly #sockets: Set<Socket> = new Set();
  #isReplaced = false;
  #end: ReturnType<typeof setTimeout> | undefined;

  /**
   * @param identity Certificate and key.
   * @param shared The listener's.
   */
  constructor(identity: TlsKeyPair, { handle, limits, arriving, isClosing, ...shared }: Shared) {
    this.#limits = limits;
    this.#server = https.createServer({
      ...timeouts(limits.requestTimeout),
      ...contextOf(identity),
      handshakeTimeout: HANDSHAKE_TIMEOUT,
      ALPNProtocols: ["http/1.1"],
    });
    answerAll(this.#server, {
      ...shared,
      scheme: "https",
      handle: (request, message) =>
        exchange({ handle, leaf: identity.certificate, arriving }, request, message),
      isLast: () => this.#isReplaced || isClosing(),
    });
    // A server that is handed its connections is not told that it may look at their time.
    this.#server.emit("listening");
  }

  /**
   * Takes a connection, for an hour at most.
   *
   * @param socket The connection, before TLS.
   */
  take(socket: Socket): void {
    this.#sockets.add(socket);
    const old = setTimeout(() => socket.destroy(), this.#limits.connectionAge).unref();
    socket.once("close", () => {
      clearTimeout(old);
      this.#sockets.delete(socket);
    });
    this.#server.emit("connection", socket);
  }

  /**
   * Another certificate is shown: answers end their connections from now on, and what is left ends soon.
   *
   * @param ended Is called when nothing is left.
   */
  replace(ended: () => void): void {
    this.#isReplaced = true;
    const end = (): void => {
      this.close();
      ended();
    };
    this.#end = setTimeout(end, this.#limits.replacedAge).unref();
  }

  /** Ends all connections. */
  close(): void {
    clearTimeout(this.#end);
    for (const socket of [...this.#sockets]) socket.destroy();
    this.#server.close();
    this.#server.closeAllConnections();
  }
}
