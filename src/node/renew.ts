/**
 * Staying a member: fresh evidence for each renewal of the lease, at control
 * planes that are verified each time; what they know newer is taken.
 *
 * @module
 */

import type { Appraiser } from "../channel/peer.ts";
import type { Random } from "../core/ports.ts";
import { CasemateError, RejectedError } from "../core/errors.ts";
import type { RenewAnswer } from "../protocol/join.ts";
import type { Calls } from "./calls.ts";
import { failureEvent, type NodeLog } from "./log.ts";
import type { Intent, NodeMemory } from "./memory.ts";
import { controlPlanesOf } from "./admission.ts";
import { byChance } from "./order.ts";
import { nodeError } from "./refusal.ts";
import type { Admission } from "./saved.ts";
import type { NodeSelf } from "./self.ts";
import { requireControlPlane } from "./server_check.ts";
import type { NodeTime } from "./time.ts";

/** What renews. */
export interface RenewParts {
  /** The node. */
  readonly self: NodeSelf;
  /** What it remembers. */
  readonly memory: NodeMemory;
  /** Asks control planes. */
  readonly calls: Calls;
  /** Judges them under a chain. */
  readonly appraiserOf: (intent: Intent) => Appraiser;
  /** Addresses of the launch data, where no member's is known or answers. */
  readonly peers: readonly string[];
  /** Where this node answers. */
  readonly url: string;
  /** Time, floored. */
  readonly time: NodeTime;
  /** Randomness of the order in which others are asked. */
  readonly random: Random;
  /** Takes what happened. */
  readonly log: NodeLog;
}

/** What is told to a member that is none any more. */
const TAKEN: readonly string[] = ["join.fenced", "join.not_member"];

/**
 * Renews the lease at the first control plane that does it; others before this node itself.
 *
 * @param parts What renews.
 * @returns Life of the lease from now on, seconds.
 * @throws {OperationError} `node.fenced` where its place was taken
 * @throws {UnavailableError} `node.no_peers`
 */
export async function renewAny(parts: RenewParts): Promise<number> {
  const { admission } = parts.memory;
  if (parts.self.admission === null || admission === null) {
    throw nodeError("node.not_serving", "it was not admitted");
  }
  const reasons: string[] = [];
  let cause: unknown;
  for (const url of serversOf(parts, admission)) {
    try {
      return await renewAt(parts, url, admission);
    } catch (error) {
      if (error instanceof CasemateError && TAKEN.includes(error.code)) throw taken(parts, error);
      cause = error;
      const event = failureEvent("not_renewed", "warning", `Lease not renewed at ${url}`, error);
      reasons.push(`${url} ${event.fields["code"] ?? ""}`);
      parts.log({ ...event, fields: { ...event.fields, url } });
    }
  }
  throw nodeError("node.no_peers", reasons.join(", "), { cause });
}

async function renewAt(parts: RenewParts, url: string, admission: Admission): Promise<number> {
  const { memory, calls, appraiserOf, time } = parts;
  const { intent } = memory;
  if (intent === null) throw nodeError("node.not_serving", "it has no manifest");
  const known = intent.chain.sequence;
  const reached = await calls.reach(url, appraiserOf(intent)).catch(async (error: unknown) => {
    if (!(error instanceof RejectedError)) throw error;
    // A control plane of newer reference values is not known to the manifest that was seen last.
    const newer = await memory.verify(await calls.manifests(url));
    if (newer.chain.sequence <= known) throw error;
    await memory.learn(newer);
    return await calls.reach(url, appraiserOf(newer));
  });
  const { chain } = memory.intent ?? intent;
  if (reached.statement.manifestSequence > chain.sequence) {
    await memory.learn(await memory.verify(await calls.manifests(url)));
  }
  requireControlPlane(reached.statement, (memory.intent ?? intent).chain);
  const manifestSequence = memory.seen?.sequence ?? 0;
  const answer = await reached.renew({
    v: 1,
    lease: admission.lease,
    url: parts.url,
    manifestSequence,
  });
  time.hear(new Date(answer.time));
  await takeAnswer(memory, admission, answer);
  return answer.leaseSeconds;
}

async function takeAnswer(
  memory: NodeMemory,
  admission: Admission,
  { manifests, references, leaseSeconds, ...told }: RenewAnswer,
): Promise<void> {
  if (manifests.length > 0) {
    await memory.learn(await memory.verifyFurther({ manifests, references }));
  }
  const peers = controlPlanesOf(told.peers);
  const changed = JSON.stringify(peers) !== JSON.stringify(admission.peers) ||
    leaseSeconds !== admission.leaseSeconds;
  if (changed) await memory.admit({ ...admission, peers, leaseSeconds });
}

/** Others first: a control plane that renews itself is seen by nobody else. */
function serversOf(parts: RenewParts, { peers, role }: Admission): readonly string[] {
  const controlPlanes = controlPlanesOf(peers).map(({ url }) => url);
  const known = byChance(controlPlanes, parts.random);
  const others = [...known, ...parts.peers].filter((url) => url !== parts.url);
  const own = role === "control-plane" ? [parts.url] : [];
  return [...new Set([...others, ...own])];
}

function taken({ self }: RenewParts, cause: CasemateError): Error {
  self.fence();
  return nodeError("node.fenced", cause.message, { cause, fields: { code: cause.code } });
}
