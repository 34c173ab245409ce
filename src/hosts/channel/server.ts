/**
 * Being a server of the channel: TLS 1.3 alone, a certificate that is replaced
 * while it runs, and limits of time and number.
 *
 * @module
 */

import { createServer, type Server, type Socket } from "node:net";
import type { ChannelListener, ChannelServers, TlsKeyPair } from "../../core/node_ports.ts";
import { closed, started, UnderWay } from "../server/answering.ts";
import { Connections } from "../server/connections.ts";
import { GRACE, MAX_UNTAKEN, REST_GRACE } from "../server/limits.ts";
import { refused, refuseTooMany } from "../server/refused.ts";
import { Untaken } from "../server/untaken.ts";
import { SERVER_LIMITS, type ServerLimits } from "./limits.ts";
import { type Shared, Shown } from "./shown.ts";

/** Servers of the channel of this process. */
export const channelServers: ChannelServers = {
  listen: (options) => listenWithin(SERVER_LIMITS, options),
};

/**
 * Listens within other limits than those of nodes, as tests do.
 *
 * @param limits The limits.
 * @param options Where, as whom, and what answers.
 * @throws {InputError} `input.value` where the address cannot be listened on.
 */
export async function listenWithin(
  limits: ServerLimits,
  { hostname, port, identity, handle }: Parameters<ChannelServers["listen"]>[0],
): Promise<ChannelListener> {
  refuseTooMany({ hostname, port }, limits.connections);
  const closing = { value: false };
  const listener = new Listener(identity, {
    handle,
    limits,
    connections: new Connections(limits.connections),
    untaken: new Untaken(MAX_UNTAKEN),
    arriving: new Untaken(limits.arriving),
    underWay: new UnderWay(),
    isClosing: () => closing.value,
  });
  try {
    const bound = await started(listener.server, { hostname, port });
    return {
      port: bound.port,
      replace: (next) => listener.show(next),
      close() {
        closing.value = true;
        return listener.close();
      },
    };
  } catch (cause) {
    throw refused({ hostname, port }, cause);
  }
}

/** A listener and the certificates that it showed. */
class Listener {
  /** Takes connections and hands them on. */
  readonly server: Server;
  readonly #shared: Shared;
  readonly #before: Set<Shown> = new Set();
  #now: Shown;

  constructor(identity: TlsKeyPair, shared: Shared) {
    this.#shared = shared;
    this.#now = new Shown(identity, shared);
    this.server = createServer((socket: Socket) => {
      shared.connections.take(socket);
      if (!socket.destroyed) this.#now.take(socket);
    });
  }

  show(identity: TlsKeyPair): void {
    const next = new Shown(identity, this.#shared);
    const before = this.#now;
    this.#before.add(before);
    before.replace(() => this.#before.delete(before));
    this.#now = next;
  }

  async close(): Promise<void> {
    const { connections, underWay } = this.#shared;
    const late = setTimeout(() => connections.endAll(), GRACE);
    const rest = setTimeout(() => connections.endResting(), REST_GRACE);
    await closed(this.server);
    await underWay.none();
    clearTimeout(late);
    clearTimeout(rest);
    for (const shown of [...this.#before, this.#now]) shown.close();
  }
}
