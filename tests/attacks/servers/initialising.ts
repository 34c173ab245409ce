/**
 * Attacks on an owner who initialises a cluster, and on the node that is
 * initialised: what both have in common.
 *
 * @module
 */

import assert from "node:assert/strict";
import { attestForOwner, openCall, sealedCall } from "../../../src/channel/client.ts";
import { fromHex, toHex } from "../../../src/core/bytes.ts";
import { readDsse, signDsse } from "../../../src/core/dsse.ts";
import { CasemateError } from "../../../src/core/errors.ts";
import { plainHash } from "../../../src/core/labelled_hash.ts";
import type { SigningKey } from "../../../src/core/signing_key.ts";
import { OWNER_ATTEST_REQUEST } from "../../../src/protocol/attest.ts";
import {
  INIT_ANSWER,
  INIT_BODY,
  type InitBody,
  OWNER_REQUEST,
  OWNER_REQUEST_TYPE,
  type OwnerRequest,
} from "../../../src/protocol/init.ts";
import { readMessage, writeMessage } from "../../../src/protocol/message.ts";
import { INIT_ATTEST_PATH, INIT_PATH } from "../../../src/protocol/paths.ts";
import { makeLeaf } from "../../../src/channel/leaf.ts";
import type { Weakening } from "../weaken.ts";
import type { Agent } from "./agent.ts";
import { type Owner, RANDOM } from "./owner.ts";
import { type Program, SHIPPED } from "./program.ts";
import { CREDULOUS } from "./rogue.ts";
import { askingAt, initAt, type Stage, startAgent, statusOf, withNode } from "./stage.ts";
import { listen } from "./tap.ts";

/** Which programs are run. */
export interface Programs {
  /** The node's. */
  readonly node: Program;
  /** The owner's. */
  readonly owner: Program;
}

/** An attack. */
export interface InitAttack {
  /** Its name. */
  readonly name: string;
  /** Code that it is refused with. */
  readonly code: string;
  /** Who is attacked; that one's program is weakened. */
  readonly victim: keyof Programs;
  /** The defence that is switched off, in words. */
  readonly without: string;
  /** How. */
  readonly weakenings: readonly Weakening[];
  /** What comes of it then: `succeeded`, or the code of what stands behind. */
  readonly then?: string;
  /**
   * Makes it.
   *
   * @param stage The stage.
   * @param programs Which programs are run.
   * @returns `succeeded`, or the code that it was refused with.
   */
  make(stage: Stage, programs: Programs): Promise<string>;
}

/**
 * A node that waits for its owner is attacked. Where that is refused, it waits as before, and its owner
 * initialises it.
 *
 * @param stage The stage.
 * @param programs Which programs are run.
 * @param attack What is done.
 */
export async function atWaiting(
  stage: Stage,
  programs: Programs,
  attack: (agent: Agent) => Promise<string>,
): Promise<string> {
  return await withNode(stage, async (machine) => {
    await using agent = await startAgent(stage, programs.node, machine);
    const before = await statusOf(agent.url);
    const outcome = await attack(agent);
    if (outcome === "succeeded") return outcome;
    assert.deepEqual(await statusOf(agent.url), before);
    await initHonestly(stage, agent.url);
    return outcome;
  });
}

/**
 * The owner initialises a node by the shipped program.
 *
 * @param stage The stage.
 * @param url Where it answers.
 * @param again Whether that was done before.
 */
export async function initHonestly(
  { folder }: Stage,
  url: string,
  again = false,
): Promise<void> {
  const { code, json } = await initAt(SHIPPED, url, folder);
  assert.equal(code, "", JSON.stringify(json));
  assert.deepEqual([json["nodeName"], json["already"]], ["control-plane-1", again]);
  const { phase, role, nodeName } = await statusOf(url);
  assert.deepEqual([phase, role, nodeName], ["member", "control-plane", "control-plane-1"]);
}

/** A signed request of an owner. */
export interface Asked {
  /** The request, DSSE. */
  readonly request: Uint8Array;
  /** What is signed. */
  readonly payload: Uint8Array;
  /** The nonce in it. */
  readonly nonce: Uint8Array;
}

/**
 * A request, signed by somebody.
 *
 * @param says What it says.
 * @param by Who signs.
 */
export async function signedBy(says: OwnerRequest, by: SigningKey): Promise<Asked> {
  const payload = writeMessage(OWNER_REQUEST, says);
  const request = await signDsse(OWNER_REQUEST_TYPE, payload, [by]);
  return { request, payload, nonce: fromHex(says.nonce) };
}

/**
 * What an owner asks for.
 *
 * @param owner The owner.
 * @param body What will be sealed.
 */
export function requestOf({ key, clusterId, chain }: Owner, body: InitBody): OwnerRequest {
  return {
    v: 1,
    purpose: "init",
    clusterId,
    owner: toHex(key.publicKey.spki),
    random: chain.newest.random,
    nonce: toHex(RANDOM.bytes(32)),
    body: toHex(plainHash("sha256", writeMessage(INIT_BODY, body))),
    issued: momentOf(new Date()),
  };
}

/**
 * A cluster of an owner's manifests, and of an epoch's root that the attacker knows.
 *
 * @param owner The owner, whose manifests are no secret.
 */
export function stolenBody({ chain, references }: Owner): InitBody {
  return {
    v: 1,
    manifests: chain.bytes,
    references,
    epoch: 1,
    epochRoot: "66".repeat(32),
    time: momentOf(new Date()),
    store: null,
  };
}

/**
 * Goes through with an initialisation, with a request that somebody signed.
 *
 * @param url Where the node answers.
 * @param asked The request.
 * @param body What is sealed.
 * @returns `succeeded`, or the node's code.
 */
export async function initWith(url: string, asked: Asked, body: InitBody): Promise<string> {
  return await codeOf(async () => {
    const session = await attestForOwner(askingAt(url), {
      ...{ ...asked, appraiser: CREDULOUS, expected: {}, purpose: "init" },
    });
    await sealedCall(session, {
      ...{ purpose: "init", path: INIT_PATH, body, own: null },
      ...{ request: INIT_BODY, answer: INIT_ANSWER },
    });
  });
}

/**
 * The code that something is refused with.
 *
 * @param work What is tried.
 */
export async function codeOf(work: () => Promise<unknown>): Promise<string> {
  try {
    await work();
    return "succeeded";
  } catch (error) {
    if (!(error instanceof CasemateError)) throw error;
    return error.fields["code"] ?? error.code;
  }
}

/**
 * What the owner signs when asked to initialise a cluster, caught on the way.
 *
 * @param stage The stage.
 */
export async function captured({ folder }: Stage): Promise<Asked> {
  const caught: Uint8Array[] = [];
  const leaf = await makeLeaf({ random: RANDOM, hosts: [] });
  await using tap = listen(leaf, ({ path, body }) => {
    if (path === INIT_ATTEST_PATH) caught.push(readMessage(OWNER_ATTEST_REQUEST, body).request);
    const said = new TextEncoder().encode('{"code":"node.not_serving","message":"Later"}');
    return Promise.resolve({ status: 503, type: "application/json", body: said });
  });
  await initAt(SHIPPED, tap.url, folder);
  const [request] = caught;
  if (request === undefined) throw new Error("The owner asked nothing");
  const { payload } = readDsse(request, "the owner's request");
  return { request, payload, nonce: fromHex(readMessage(OWNER_REQUEST, payload).nonce) };
}

/**
 * Asks for evidence and drops it.
 *
 * @param url Who is asked.
 * @param asked With which request.
 */
export async function askFor(url: string, { request }: Asked): Promise<void> {
  const body = writeMessage(OWNER_ATTEST_REQUEST, { request });
  const path = INIT_ATTEST_PATH;
  await openCall(askingAt(url), { method: "POST", path, body, answer: null });
}

function momentOf(moment: Date): string {
  return `${moment.toISOString().slice(0, 19)}Z`;
}
