/**
 * How attacks on initialisation go: between owner and node, at nodes that are
 * none, and at what was initialised before.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { ChannelAnswer, ChannelCall } from "../../../src/core/node_ports.ts";
import type { Leaf } from "../../../src/channel/leaf.ts";
import { ATTEST_ANSWER } from "../../../src/protocol/attest.ts";
import { readMessage, writeMessage } from "../../../src/protocol/message.ts";
import { INIT_ATTEST_PATH, INIT_PATH } from "../../../src/protocol/paths.ts";
import { channelClients } from "../../../src/hosts/channel/client.ts";
import { initCluster } from "../../../src/cluster/init.ts";
import { forgetful } from "../../../src/cli/cluster/remembering.ts";
import { parseStrictJson } from "../../../src/core/strict_json.ts";
import type { PublicKey } from "../../../src/core/signing_key.ts";
import {
  type Asked,
  askFor,
  initHonestly,
  type Programs,
  requestOf,
  signedBy,
  stolenBody,
} from "./initialising.ts";
import { goneOn, makeOwner, RANDOM } from "./owner.ts";
import { SHIPPED, tells, type Told } from "./program.ts";
import { CREDULOUS, type Evidence, startRogue } from "./rogue.ts";
import {
  askingAt,
  filesOf,
  initAt,
  type Stage,
  startAgent,
  statusOf,
  turned,
  withControlPlane,
  withNode,
} from "./stage.ts";
import { standBefore, type Tap } from "./tap.ts";

/** Whether the owner's command did it, and the cluster was initialised through whoever stood between. */
export async function initThrough(
  { folder }: Stage,
  { owner }: Programs,
  middle: Tap,
): Promise<string> {
  const { code } = await initAt(owner, middle.url, folder);
  assert.equal(middle.asked().includes(INIT_PATH), code === "");
  if (code !== "") assert.ok(!/"(ciphertext|enc)"/.test(middle.heard()));
  return code === "" ? "succeeded" : code;
}

export function withOwnLeaf(path: string, answer: ChannelAnswer, leaf: Leaf): ChannelAnswer {
  if (path !== INIT_ATTEST_PATH) return answer;
  const said = readMessage(ATTEST_ANSWER, answer.body);
  return { ...answer, body: writeMessage(ATTEST_ANSWER, { ...said, tlsLeaf: leaf.certificate }) };
}

/** Evidence that was made once, whatever is asked later. */
export function onceOf(evidence: Evidence): Evidence {
  let made: Promise<Uint8Array> | null = null;
  return (statement, nonce) => made ??= evidence(statement, nonce);
}

/** A node that a thief had for a while, and the evidence that it gave then. */
export async function replayEvidence(stage: Stage, { owner }: Programs): Promise<string> {
  const { clusterId, chain } = stage.owner;
  const none = { role: "", nodeName: "", manifestSequence: 0, manifestDigest: "" };
  const says = { clusterId, phase: "cluster", ...none } as const;
  await using machine = await turned(stage, says, says, chain.bytes);
  const evidence = onceOf(machine.parts.evidence);
  await using rogue = await startRogue({ ...machine.parts, evidence });
  const thief = await makeOwner(stage.maker);
  await askFor(rogue.url, await signedBy(requestOf(thief, stolenBody(thief)), thief.key));
  const { code } = await initAt(owner, rogue.url, stage.folder);
  assert.equal(rogue.given.length, code === "" ? 1 : 0);
  return code === "" ? "succeeded" : code;
}

/** Who signed is told as somebody else. */
export function forged(asked: Asked, by: PublicKey, as: PublicKey): Asked {
  const text = new TextDecoder().decode(asked.request);
  return { ...asked, request: new TextEncoder().encode(text.replaceAll(by.id, as.id)) };
}

/** A node of another cluster's owner, or of nobody, is asked by an owner's own command. */
export async function otherOwner(stage: Stage, { owner }: Programs, url: string): Promise<string> {
  const thief = await makeOwner(stage.maker);
  const { code, json } = await initAt(owner, url, await filesOf(stage, thief));
  return code === "" ? "succeeded" : codeIn(json) ?? code;
}

/** What the node said, where it said it before its evidence. */
export function codeIn(json: Readonly<Record<string, unknown>>): string | null {
  return /"fields":\{[^}]*"code":"([a-z_.]+)"/.exec(JSON.stringify(json))?.[1] ?? null;
}

/** The exact request that initialised a node, sent once more. */
export async function replaySealed(stage: Stage, programs: Programs): Promise<string> {
  return await withNode(stage, async (machine) => {
    await using agent = await startAgent(stage, programs.node, machine);
    const calls: ChannelCall[] = [];
    const { owner: { key, chain, references } } = stage;
    await initCluster({
      ...{ ...askingAt(agent.url), clock: { now: () => new Date() } },
      clients: { ask: (call) => (calls.push(call), channelClients.ask(call)) },
      ...{ owner: key, chain, references, appraiser: CREDULOUS, epoch: 1 },
      ...{ epochRoot: RANDOM.bytes(32), store: null, files: forgetful(), doing: () => {} },
    });
    const before = await statusOf(agent.url);
    const sealed = calls.find(({ path }) => path === INIT_PATH);
    if (sealed === undefined) throw new Error("The owner sealed nothing");
    const { status, body } = await channelClients.ask({ ...sealed, leaf: null });
    assert.equal((await statusOf(agent.url)).phase, before.phase);
    return status === 200 ? "succeeded" : failureIn(body);
  });
}

export function failureIn(body: Uint8Array): string {
  const failure = parseStrictJson(body);
  if (typeof failure === "object" && failure !== null && "code" in failure) {
    return String(failure.code);
  }
  throw new Error("It is no failure");
}

/** What was initialised once is initialised again, otherwise. */
export async function again(
  stage: Stage,
  programs: Programs,
  manifests: readonly string[],
  otherwise: (url: string, before: readonly string[]) => Promise<string>,
): Promise<string> {
  return await withNode(stage, async (machine) => {
    await using agent = await startAgent(stage, programs.node, machine);
    const state = ["--state", `${machine.folder}/owner`];
    const further = manifests.flatMap((path) => ["--manifest", path]);
    const first = await initAt(SHIPPED, agent.url, stage.folder, [...further, ...state]);
    assert.equal(first.code, "");
    const { doing: _, ...before } = await statusOf(agent.url);
    const outcome = await otherwise(agent.url, state);
    const { doing: __, ...after } = await statusOf(agent.url);
    assert.deepEqual(after, before);
    if (outcome === "succeeded") return outcome;
    const same = await initAt(SHIPPED, agent.url, stage.folder, [...further, ...state]);
    assert.deepEqual([same.code, same.json["already"]], ["", true]);
    return outcome;
  });
}

export const SECOND = (stage: Stage): string => `${stage.folder}/second.json`;

export async function otherSecond(stage: Stage): Promise<string> {
  const path = `${stage.folder}/other.json`;
  const [, other] = await goneOn(stage.owner, "1.99.0");
  await Deno.writeFile(path, other ?? new Uint8Array());
  return path;
}

/** A worker is asked to become the first control plane. */
export async function atWorker(stage: Stage, { owner }: Programs): Promise<string> {
  return await withControlPlane(stage, [], ({ url }) =>
    withNode(stage, async (machine) => {
      const launch = { peers: [url], group: "worker" };
      await using worker = await startAgent(stage, SHIPPED, machine, launch);
      await worker.tells("admitted");
      const { doing: _, ...before } = await statusOf(worker.url);
      const { code } = await initAt(owner, worker.url, stage.folder);
      const { doing: __, ...after } = await statusOf(worker.url);
      assert.deepEqual(after, before);
      await initHonestly(stage, url, true);
      return code === "" ? "succeeded" : code;
    }));
}

/** One agent is reached by two addresses, so that it looks like two members. */
export async function twoAddresses(stage: Stage, { owner }: Programs): Promise<string> {
  return await withControlPlane(stage, [], async ({ url }) => {
    await using middle = await standBefore(url);
    const honest = await verify(stage, SHIPPED, [url]);
    assert.equal(honest.json["verdict"], "lab-trusted");
    const { json } = await verify(stage, owner, [url, middle.url]);
    if (json["verdict"] === "lab-trusted") return "succeeded";
    const codes = /"code":"([a-z_.]+)".*"code":"([a-z_.]+)"/.exec(JSON.stringify(json));
    assert.equal(codes?.[1], codes?.[2]);
    return codes?.[1] ?? "";
  });
}

export async function verify(
  { folder, owner: { clusterId } }: Stage,
  program: Programs["owner"],
  urls: readonly string[],
  further: readonly string[] = [],
): Promise<Told> {
  return await tells(program, [
    ...["cluster", "verify", "--cluster-id", clusterId, "--lab-root", `${folder}/roots.pem`],
    ...[...urls.flatMap((url) => ["--url", url]), ...further],
  ]);
}

/** An owner who has seen the second manifest is shown the first. */
export async function olderShown(stage: Stage, { owner }: Programs): Promise<string> {
  return await withControlPlane(
    stage,
    [],
    ({ url: old }) =>
      withControlPlane(stage, [SECOND(stage)], async ({ url }) => {
        const state = ["--state", await Deno.makeTempDir({ dir: stage.folder })];
        const seen = await verify(stage, SHIPPED, [url], state);
        assert.equal(seen.json["manifestSequence"], 2);
        const { code, json } = await verify(stage, owner, [old], state);
        return json["verdict"] === "lab-trusted" ? "succeeded" : code;
      }),
  );
}
