/**
 * What a node is launched with: user data, fw_cfg or a file. It is the host's
 * word, so nothing is believed for it: a wrong cluster id makes a node that the
 * right cluster refuses (protocol §2).
 *
 * @module
 */

import { listOrNone, object, oneNumber, optional, required } from "../core/decode.ts";
import { AGENT_URL, COUNT, DIGEST, MAYBE_ID } from "./forms.ts";
import type { Message } from "./message.ts";

/** Most control planes that are named. */
const MAX_PEERS = 64;

/** Launch data. */
export interface LaunchData {
  /** Version of the form. */
  readonly v: 1;
  /** Id of the cluster, 32 bytes, hex. */
  readonly clusterId: string;
  /** Where nodes that may be control planes answer; tried in turn. */
  readonly peers: readonly string[];
  /** Node group that the machine was made for; a hint, the manifest decides. */
  readonly group: string;
  /** Lowest sequence of a manifest that the node takes; raises what it would know itself. */
  readonly minimumSequence: number;
}

/** Launch data. */
export const LAUNCH_DATA: Message<LaunchData> = {
  name: "launch data",
  form: object<LaunchData>({
    v: required(oneNumber(1), "Version of the form"),
    clusterId: required(DIGEST, "Id of the cluster"),
    peers: optional(listOrNone(AGENT_URL, MAX_PEERS), [], "Where control planes answer"),
    group: optional(MAYBE_ID, "", "Node group that the machine was made for"),
    minimumSequence: optional(COUNT, 0, "Lowest sequence of a manifest that is taken"),
  }),
};
