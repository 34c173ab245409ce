/**
 * Being admitted: each address in turn, the server verified before it learns
 * anything of this node, nothing older than what was seen.
 *
 * @module
 */

import type { Appraiser } from "../channel/peer.ts";
import type { CasemateError } from "../core/errors.ts";
import type { LaunchData } from "../protocol/launch.ts";
import { admissionFrom } from "./admission.ts";
import type { Calls } from "./calls.ts";
import { failureEvent, type NodeLog } from "./log.ts";
import type { Intent, NodeMemory } from "./memory.ts";
import type { Passage } from "./passage.ts";
import { nodeError } from "./refusal.ts";
import type { NodeSelf } from "./self.ts";
import type { Serial } from "./serial.ts";
import { requireControlPlane } from "./server_check.ts";
import type { NodeTime } from "./time.ts";

/** What joins. */
export interface JoinParts {
  /** The node. */
  readonly self: NodeSelf;
  /** What it remembers. */
  readonly memory: NodeMemory;
  /** Its way through the phases. */
  readonly passage: Passage;
  /** Asks control planes. */
  readonly calls: Calls;
  /** Judges them under a chain. */
  readonly appraiserOf: (intent: Intent) => Appraiser;
  /** What the machine was launched with. */
  readonly launch: Pick<LaunchData, "group">;
  /** The owner's ticket; null without. */
  readonly ticket: Uint8Array | null;
  /** Where this node answers. */
  readonly url: string;
  /** Time, floored. */
  readonly time: NodeTime;
  /** Takes what happened. */
  readonly log: NodeLog;
  /** Orders what changes the node's place: its owner may initialise it meanwhile. */
  readonly placing: Serial;
}

/** What says that it is too early: nobody is there, or nobody has been told of the cluster. */
const EARLY: readonly string[] = ["node.not_serving", "channel.unreachable", "channel.timeout"];

/**
 * Tries to be admitted at each address in turn.
 *
 * @param parts What joins.
 * @param urls Addresses; this node's own is passed over.
 * @throws {UnavailableError} `node.no_peers` with the last reason as its cause; its field `refused` has the codes of
 * those who were there and refused
 */
export async function joinAny(parts: JoinParts, urls: readonly string[]): Promise<void> {
  const { self, url: own, log } = parts;
  const reasons: string[] = [];
  const refused: string[] = [];
  let cause: unknown;
  for (const url of urls.filter((one) => one !== own)) {
    if (self.admission !== null) return;
    try {
      self.doing = `asking ${url} to be admitted`;
      return await joinAt(parts, url);
    } catch (error) {
      cause = error;
      const event = failureEvent("refused", "warning", `Not admitted at ${url}`, error);
      const code = String(event.fields["code"] ?? "");
      reasons.push(`${url} ${code}`);
      if (!EARLY.includes(code)) refused.push(code);
      log({ ...event, fields: { ...event.fields, url } });
    }
  }
  const tried = reasons.length === 0 ? "no address is given" : reasons.join(", ");
  throw nodeError("node.no_peers", tried, { cause, fields: { refused: refused.join(", ") } });
}

/**
 * Whether nobody was there to refuse: to ask again costs no evidence, and the owner may be looking on.
 *
 * @param error What {@linkcode joinAny} threw.
 */
export function isEarly({ code, fields }: CasemateError): boolean {
  return code === "node.no_peers" && fields["refused"] === "";
}

/**
 * Is admitted at one address.
 *
 * @param parts What joins.
 * @param url The address.
 * @throws {RejectedError} `manifest.*`, `node.server`, `node.answer`, and what either side's evidence is refused with
 */
export async function joinAt(parts: JoinParts, url: string): Promise<void> {
  const { self, memory, calls, appraiserOf, time } = parts;
  const intent = await memory.verify(await calls.manifests(url));
  // The owner signed it, whoever told: nothing older is taken from now on.
  await memory.learn(intent);
  const reached = await calls.reach(url, appraiserOf(intent));
  requireControlPlane(reached.statement, intent.chain);
  const answer = await reached.join({
    v: 1,
    group: parts.launch.group,
    url: parts.url,
    manifestSequence: intent.chain.sequence,
    ticket: parts.ticket,
  });
  time.hear(new Date(answer.time));
  const given = await memory.verify(answer);
  await memory.learn(given);
  const { bootId, variant } = self;
  const context = { chain: given.chain, by: "join", bootId, variant } as const;
  const admission = admissionFrom(answer, context);
  await parts.placing.run(async () => {
    if (self.admission !== null) throw nodeError("node.answer", "its owner initialised this node");
    await parts.passage.admit(admission, answer.controlPlane);
  });
}
