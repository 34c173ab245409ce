/**
 * Where all this happens: an owner whose cluster has control planes, as
 * processes of the shipped program, and machines that would join it.
 *
 * @module
 */

import assert from "node:assert/strict";
import { openCall } from "../../../src/channel/client.ts";
import type { Asking } from "../../../src/channel/session.ts";
import { channelClients } from "../../../src/hosts/channel/client.ts";
import { addDays } from "../../../src/lab/dates.ts";
import { createTpmAuthority, generateLabKey } from "../../../src/lab/mod.ts";
import { ManifestChain } from "../../../src/manifest/mod.ts";
import { STATUS_PATH } from "../../../src/protocol/paths.ts";
import { STATUS_ANSWER, type StatusAnswer } from "../../../src/protocol/status.ts";
import { labAuthorityAt } from "../../lab_authority.ts";
import {
  type Maker,
  rootsOf,
  type RunningMachine,
  withMachine,
} from "../../second_client/machine.ts";
import { RogueMachine } from "../joiner/machine.ts";
import { Agent, type Launch } from "./agent.ts";
import { goneOn, makeOwner, type Owner, RANDOM } from "./owner.ts";
import { type Program, SHIPPED, tells, type Told } from "./program.ts";
import { evidenceOf, type RogueParts, type Says } from "./rogue.ts";

/** A cluster that is attacked. */
export interface Stage {
  /** Who makes its machines. */
  readonly maker: Maker;
  /** Roots of that, PEM. */
  readonly roots: string;
  /** Whose cluster it is. */
  readonly owner: Owner;
  /** The chain with the owner's second manifest. */
  readonly second: readonly Uint8Array[];
  /** The owner's files. */
  readonly folder: string;
}

/** The owner, and files of what the owner has. */
export async function setUp(): Promise<Stage> {
  // Papers of machines are older than what the owner signs: a clock that is hours behind is not told by them.
  const now = addDays(new Date(), -1);
  const google = await createTpmAuthority({
    now,
    keys: { root: await generateLabKey("P-256"), issuing: await generateLabKey("P-256") },
  });
  const maker: Maker = { amd: await labAuthorityAt(now), google, now };
  const owner = await makeOwner(maker);
  const second = await goneOn(owner, "1.34.3");
  const folder = await Deno.makeTempDir({ prefix: "casemate_servers_" });
  const stage: Stage = { maker, roots: rootsOf(maker), owner, second, folder };
  await writeFiles(stage, owner, folder);
  await Deno.writeFile(`${folder}/second.json`, second[1] ?? new Uint8Array());
  return stage;
}

async function writeFiles({ roots }: Stage, owner: Owner, folder: string): Promise<void> {
  await Deno.writeTextFile(`${folder}/owner.key`, owner.pem, { mode: 0o600 });
  await Deno.writeFile(`${folder}/master`, owner.master, { mode: 0o600 });
  await Deno.writeFile(`${folder}/manifest.json`, owner.chain.bytes[0] ?? new Uint8Array());
  await Deno.writeFile(`${folder}/reference.json`, owner.references[0] ?? new Uint8Array());
  await Deno.writeTextFile(`${folder}/roots.pem`, roots);
}

/**
 * A folder with the files of an owner.
 *
 * @param stage The stage.
 * @param owner The owner.
 */
export async function filesOf(stage: Stage, owner: Owner): Promise<string> {
  const folder = await Deno.makeTempDir({ dir: stage.folder });
  await writeFiles(stage, owner, folder);
  return folder;
}

/**
 * Switches a machine on, launched for the cluster.
 *
 * @param stage The stage.
 * @param use What is done with it.
 */
export async function withNode<T>(
  { maker, owner }: Stage,
  use: (machine: RunningMachine) => Promise<T>,
): Promise<T> {
  return await withMachine(maker, { clusterId: owner.clusterId }, use);
}

/**
 * Starts an agent.
 *
 * @param stage The stage.
 * @param program Its program.
 * @param machine Its machine.
 * @param launch What it is launched with, beside the cluster's id.
 */
export async function startAgent(
  { owner, roots }: Stage,
  program: Program,
  machine: RunningMachine,
  launch: Partial<Launch> = {},
): Promise<Agent> {
  return await Agent.start(program, machine, { clusterId: owner.clusterId, ...launch }, roots);
}

/**
 * `casemate cluster init`.
 *
 * @param program The program.
 * @param url Where the node answers.
 * @param folder The owner's files.
 * @param further Further arguments.
 */
export async function initAt(
  program: Program,
  url: string,
  folder: string,
  further: readonly string[] = [],
): Promise<Told> {
  return await tells(program, [
    ...["cluster", "init", "--url", url, "--owner", `${folder}/owner.key`],
    ...["--master", `${folder}/master`, "--manifest", `${folder}/manifest.json`, ...further],
    ...["--reference", `${folder}/reference.json`, "--lab-root", `${folder}/roots.pem`],
  ]);
}

/** A control plane that runs. */
export interface ControlPlane {
  /** Where it answers. */
  readonly url: string;
  /** Names that it has given away. */
  readonly names: string[];
}

/**
 * Brings a control plane up, by the shipped program, and uses it.
 *
 * @param stage The stage.
 * @param manifests Paths of manifests after the first.
 * @param use What is done with it.
 */
export async function withControlPlane<T>(
  stage: Stage,
  manifests: readonly string[],
  use: (controlPlane: ControlPlane) => Promise<T>,
): Promise<T> {
  return await withNode(stage, async (machine) => {
    await using agent = await startAgent(stage, SHIPPED, machine);
    const further = manifests.flatMap((path) => ["--manifest", path]);
    const told = await initAt(SHIPPED, agent.url, stage.folder, further);
    assert.equal(told.code, "", JSON.stringify(told.json));
    return await use({ url: agent.url, names: [] });
  });
}

/**
 * A machine that waits joins a control plane by the shipped program. Its name is the next one: nobody was
 * admitted meanwhile.
 *
 * @param stage The stage.
 * @param machine The machine.
 * @param controlPlane The control plane.
 */
export async function joinHonestly(
  stage: Stage,
  machine: RunningMachine,
  { url, names }: ControlPlane,
): Promise<void> {
  await using agent = await startAgent(stage, SHIPPED, machine, { peers: [url], group: "worker" });
  const admitted = await agent.tells("admitted", "refused");
  names.push(`worker-${names.length + 1}`);
  assert.equal(admitted["nodeName"], names.at(-1), JSON.stringify(admitted));
}

/**
 * What a node says of itself.
 *
 * @param url Where it answers.
 */
export async function statusOf(url: string): Promise<StatusAnswer> {
  const call = { method: "GET", path: STATUS_PATH, answer: STATUS_ANSWER } as const;
  const status = await openCall(askingAt(url), call);
  if (status === null) throw new Error(`${url} has no status`);
  return status;
}

/**
 * How a server is asked.
 *
 * @param url Where it answers.
 */
export function askingAt(url: string): Asking {
  return { clients: channelClients, url, random: RANDOM, monotonic: () => performance.now() };
}

/** A control plane of a chain, in words. */
export async function controlPlaneOf(
  owner: Pick<Owner, "clusterId">,
  chain: readonly Uint8Array[],
): Promise<Says> {
  const { sequence, newestDigest } = await ManifestChain.verify(chain, owner.clusterId, {
    now: new Date(),
  });
  return {
    ...{ clusterId: owner.clusterId, phase: "member", role: "control-plane" },
    ...{ nodeName: "control-plane-1", manifestSequence: sequence, manifestDigest: newestDigest },
  };
}

/** A genuine machine that code of somebody else runs on. */
export interface Turned extends AsyncDisposable {
  /** What a rogue on it is. */
  readonly parts: RogueParts;
  /** The machine. */
  readonly machine: RogueMachine;
}

/**
 * A genuine machine whose register is where the image brought it before other code came.
 *
 * @param stage The stage.
 * @param register How far its boot came; what it was launched for stands in it.
 * @param says What it says of itself.
 * @param chain Manifests that it tells.
 */
export async function turned(
  { maker, owner }: Stage,
  register: Says,
  says: Says,
  chain: readonly Uint8Array[],
): Promise<Turned> {
  const machine = await RogueMachine.start({ ...maker, clusterId: register.clusterId });
  await machine.enter("cluster", register);
  if (register.phase === "member") await machine.enter("member", register);
  const told = { manifests: chain, references: owner.references };
  return {
    machine,
    parts: { told, says, evidence: evidenceOf(machine) },
    [Symbol.asyncDispose]: () => machine[Symbol.asyncDispose](),
  };
}
