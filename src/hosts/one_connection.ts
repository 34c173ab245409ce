/**
 * Requests of HTTP over a connection that is there already.
 *
 * @module
 */

import { Agent } from "node:http";
import type { Duplex } from "node:stream";

/**
 * Any other agent, and none, take the proxies of the environment where NODE_USE_ENV_PROXY is set;
 * `node:http` then names the whole address in its requests, also over a connection that it was given.
 */
export const WITHOUT_PROXY = { keepAlive: false, proxyEnv: {} } as const;

/** Has the one connection that it is made with; no proxy, no pool. */
export class OneConnection extends Agent {
  readonly #connection: Duplex;

  /** @param connection The connection. */
  constructor(connection: Duplex) {
    super(WITHOUT_PROXY);
    this.#connection = connection;
  }

  override createConnection(): Duplex {
    return this.#connection;
  }
}
