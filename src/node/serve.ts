/**
 * What a node does with requests that came over the channel.
 *
 * @module
 */

import type { ChannelHandlers } from "../channel/handlers.ts";
import type { ControlPlane } from "./control_plane.ts";
import type { InitDoor } from "./init.ts";
import type { NodeMemory } from "./memory.ts";
import type { OwnerRequests } from "./owner_requests.ts";
import { nodeError } from "./refusal.ts";
import type { NodeSelf } from "./self.ts";
import type { Serial } from "./serial.ts";

/** What serves. */
export interface Serving {
  /** The node. */
  readonly self: NodeSelf;
  /** What it remembers. */
  readonly memory: NodeMemory;
  /** Requests that the owner signed. */
  readonly requests: OwnerRequests;
  /** Initialises. */
  readonly door: InitDoor;
  /** Orders what changes the node's place. */
  readonly placing: Serial;
  /** The control plane that this node is; null where it is none. */
  readonly controlPlane: () => ControlPlane | null;
  /**
   * Is told that the node was initialised.
   *
   * @param controlPlane What it is now.
   */
  readonly initialised: (controlPlane: ControlPlane) => void;
}

/**
 * The handlers of a node.
 *
 * @param serving What serves.
 */
export function handlersOf(serving: Serving): ChannelHandlers {
  const { self, memory, requests, door, placing } = serving;
  const controlPlane = (): ControlPlane => {
    const found = self.fenced ? null : serving.controlPlane();
    if (found !== null) return found;
    throw nodeError("node.not_serving", self.fenced ? "its place was taken" : self.doing);
  };
  return {
    ownerAttest: (request) => requests.accept(request),
    init: (opened) =>
      placing.run(async () => {
        const { answer, controlPlane } = await door.initialise(opened);
        serving.initialised(controlPlane);
        return answer;
      }),
    async join({ peer, body }) {
      const serves = controlPlane();
      await serves.refresh();
      return await serves.service.admit(peer, body);
    },
    async renew({ peer, body }) {
      const serves = controlPlane();
      await serves.refresh();
      return await serves.service.renew(peer, body);
    },
    manifests: () => Promise.resolve(memory.told),
    update: (told) => controlPlane().update(told),
    status: () => Promise.resolve(self.status),
  };
}
