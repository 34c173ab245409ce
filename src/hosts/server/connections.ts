/**
 * Who is connected. At the limit, who has not even sent a request makes room for the next:
 * whoever opens connections and stays silent shuts out nobody.
 *
 * @module
 */

import type { Socket } from "node:net";
import { MAX_PIPELINED } from "./limits.ts";

/** A connection. */
interface Connection {
  readonly socket: Socket;
  /** Requests that are whole and not answered yet. */
  underWay: number;
  /** Requests of which the headers came; each is told when the client is gone. */
  readonly begun: Set<AbortController>;
  /** Whether it ever had an answer. */
  served: boolean;
}

/** The connections of a server. */
export class Connections {
  readonly #limit: number;
  /** By the client's address, as a socket and TLS above it are one. The oldest that waits is the first. */
  readonly #all: Map<string, Connection> = new Map();

  /** @param limit Most at once. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /**
   * Takes a connection, if need be in place of one that sent nothing whole for the longest time.
   *
   * @param socket The connection.
   */
  take(socket: Socket): void {
    if (this.#all.size >= this.#limit && !this.#evict()) return void socket.destroy();
    const key = keyOf(socket);
    const connection: Connection = { socket, underWay: 0, begun: new Set(), served: false };
    this.#all.set(key, connection);
    socket.once("close", () => {
      if (this.#all.get(key) === connection) this.#all.delete(key);
      for (const gone of connection.begun) gone.abort();
    });
  }

  /** Those that never had an answer go first, then those that rest after one. */
  #evict(): boolean {
    const [key, oldest] = this.#first(({ served }) => !served) ?? this.#first(() => true) ?? [];
    if (key === undefined || oldest === undefined) return false;
    this.#all.delete(key);
    oldest.socket.destroy();
    return true;
  }

  #first(is: (connection: Connection) => boolean): [string, Connection] | undefined {
    for (const entry of this.#all) {
      if (entry[1].underWay === 0 && is(entry[1])) return entry;
    }
    return undefined;
  }

  /**
   * A request began on a connection.
   *
   * @param socket The connection.
   * @param gone Is aborted when the client is gone.
   * @returns Whether it may: not where too many others did before.
   */
  begin(socket: Socket, gone: AbortController): boolean {
    const found = this.#all.get(keyOf(socket));
    if (found === undefined || found.begun.size >= MAX_PIPELINED) return false;
    found.begun.add(gone);
    return true;
  }

  /**
   * The whole of a request is there: from now on the connection makes room for nobody.
   *
   * @param socket The connection.
   */
  whole(socket: Socket): void {
    const found = this.#all.get(keyOf(socket));
    if (found !== undefined) found.underWay += 1;
  }

  /**
   * A request was answered; the connection waits again, behind all others.
   *
   * @param socket The connection.
   * @param gone As it began.
   * @param wasWhole Whether all of the request had come.
   */
  end(socket: Socket, gone: AbortController, wasWhole: boolean): void {
    const key = keyOf(socket);
    const found = this.#all.get(key);
    if (found === undefined) return;
    found.begun.delete(gone);
    if (wasWhole) {
      found.underWay -= 1;
      found.served = true;
    }
    this.#all.delete(key);
    this.#all.set(key, found);
  }

  /** Ends the connections on which no request began. */
  endResting(): void {
    for (const { socket, begun } of [...this.#all.values()]) if (begun.size === 0) socket.destroy();
  }

  /** Ends all connections. */
  endAll(): void {
    for (const { socket } of [...this.#all.values()]) socket.destroy();
  }
}

function keyOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}
