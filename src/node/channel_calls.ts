/**
 * Asking control planes over the channel.
 *
 * @module
 */

import { type Asking, attestServer, openCall, sealedCall } from "../channel/client.ts";
import type { HpkeKey } from "../channel/hpke.ts";
import type { Attester } from "../channel/peer.ts";
import type { ChannelClients } from "../core/node_ports.ts";
import type { Random } from "../core/ports.ts";
import { JOIN_ANSWER, JOIN_BODY, RENEW_ANSWER, RENEW_BODY } from "../protocol/join.ts";
import { JOIN_PATH, MANIFEST_PATH, RENEW_PATH } from "../protocol/paths.ts";
import { MANIFEST_ANSWER } from "../protocol/status.ts";
import type { Calls } from "./calls.ts";
import { nodeError } from "./refusal.ts";

/** What asks. */
export interface ChannelCallParts {
  /** The network. */
  readonly clients: ChannelClients;
  /** Randomness. */
  readonly random: Random;
  /** Milliseconds that only rise. */
  readonly monotonic: () => number;
  /** Cluster that a server must be of, hex. */
  readonly clusterId: string;
  /** Evidence of this node, at its inner door. */
  readonly attester: Attester;
  /** The HPKE key that its evidence names. */
  readonly hpkeKey: () => HpkeKey;
}

/** Longest time until an answer is there, ms: a TPM's quote and a queue before it. */
const TIMEOUT = 30_000;

/**
 * Calls over the channel.
 *
 * @param parts What asks.
 */
export function channelCalls(parts: ChannelCallParts): Calls {
  const { clients, random, monotonic, clusterId } = parts;
  const asking = (url: string): Asking => ({ clients, url, random, monotonic, timeout: TIMEOUT });
  const own = () => ({ attester: parts.attester, hpke: parts.hpkeKey() });
  return {
    async manifests(url) {
      const path = MANIFEST_PATH;
      const told = await openCall(asking(url), { path, method: "GET", answer: MANIFEST_ANSWER });
      if (told !== null && told.manifests.length > 0) return told;
      throw nodeError("node.not_serving", "it has no manifest yet");
    },
    async reach(url, appraiser) {
      const expected = { clusterId, role: "control-plane" } as const;
      // Many nodes that ask at once share a report.
      const session = await attestServer(asking(url), { appraiser, expected, batch: true });
      return {
        statement: session.peer.statement,
        join: (body) =>
          sealedCall(session, {
            ...{ purpose: "join", path: JOIN_PATH, body, own: own() },
            ...{ request: JOIN_BODY, answer: JOIN_ANSWER },
          }),
        renew: (body) =>
          sealedCall(session, {
            ...{ purpose: "renew", path: RENEW_PATH, body, own: own() },
            ...{ request: RENEW_BODY, answer: RENEW_ANSWER },
          }),
      };
    },
  };
}
