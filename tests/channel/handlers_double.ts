/**
 * Handlers of a node for tests.
 *
 * @module
 */

import type { ChannelHandlers } from "../../src/channel/handlers.ts";

/** A handler that nobody should reach. */
function unwanted(): Promise<never> {
  return Promise.reject(new TypeError("nobody was to ask for this"));
}

/** Handlers of which a test gives those that it wants. */
export function handlersOf(given: Partial<ChannelHandlers>): ChannelHandlers {
  return {
    ownerAttest: unwanted,
    init: unwanted,
    join: unwanted,
    renew: unwanted,
    manifests: unwanted,
    update: unwanted,
    status: unwanted,
    ...given,
  };
}
