/**
 * Servers that are no control planes, of this cluster or of another, and how an
 * agent that joins comes to them.
 *
 * @module
 */

import { makeHpkeKey } from "../../../src/channel/hpke.ts";
import { toHex } from "../../../src/core/bytes.ts";
import { readDsse } from "../../../src/core/dsse.ts";
import { plainHash } from "../../../src/core/labelled_hash.ts";
import type { ChannelAnswer } from "../../../src/core/node_ports.ts";
import type { Leaf } from "../../../src/channel/leaf.ts";
import { readEnvelope, writeEnvelope } from "../../../src/evidence/envelope/envelope.ts";
import { channelClients } from "../../../src/hosts/channel/client.ts";
import { ATTEST_ANSWER, ATTEST_REQUEST } from "../../../src/protocol/attest.ts";
import { JOIN_ANSWER } from "../../../src/protocol/join.ts";
import { readMessage, writeMessage } from "../../../src/protocol/message.ts";
import { SEALED_ANSWER_TYPE } from "../../../src/protocol/sealed.ts";
import { signManifest } from "../../../src/manifest/mod.ts";
import { ATTEST_PATH, JOIN_PATH } from "../../../src/protocol/paths.ts";
import type { Offer } from "./joining.ts";
import { makeOwner, RANDOM } from "./owner.ts";
import { type Evidence, type RogueParts, type Says, startRogue, takenIn } from "./rogue.ts";
import { controlPlaneOf, type Stage, turned } from "./stage.ts";

export type Use<T> = (offer: Offer) => Promise<T>;

/** Who waits for its admission. */
export function inCluster(clusterId: string): Says {
  const none = { role: "", nodeName: "", manifestSequence: 0, manifestDigest: "" };
  return { clusterId, phase: "cluster", ...none };
}

export function worker(says: Says): Says {
  return { ...says, role: "worker", nodeName: "worker-1" };
}

/** A genuine machine with a register of one kind says that it is of another. */
export async function offerTurned<T>(
  stage: Stage,
  { register, says, chain }: {
    readonly register: Says;
    readonly says: Says;
    readonly chain: readonly Uint8Array[];
  },
  use: Use<T>,
): Promise<T> {
  await using machine = await turned(stage, register, says, chain);
  await using rogue = await startRogue(machine.parts);
  return await use({ launch: { peers: [rogue.url] }, tap: rogue });
}

/** Who has neither TPM nor TEE takes the evidence of who has, and writes own keys into the statement. */
export function relabelled(url: string): Evidence {
  return async (statement, nonce) => {
    const body = writeMessage(ATTEST_REQUEST, {
      ...{ nonce: toHex(nonce), audience: "a1".repeat(32), batch: false },
    });
    const call = { url, path: ATTEST_PATH, method: "POST", body, leaf: null } as const;
    const { body: answered } = await channelClients.ask({ ...call, timeout: 30_000 });
    const { variant, files } = readEnvelope(readMessage(ATTEST_ANSWER, answered).envelope);
    return writeEnvelope(variant, statement, files);
  };
}

/** Another owner's cluster, and a control plane of it. */
export async function offerForeign<T>(
  stage: Stage,
  launch: Offer["launch"],
  use: Use<T>,
): Promise<T> {
  const other = await makeOwner(stage.maker);
  const says = await controlPlaneOf(other, other.chain.bytes);
  await using machine = await turned(stage, says, says, other.chain.bytes);
  const told = { manifests: other.chain.bytes, references: other.references };
  await using rogue = await startRogue({ ...machine.parts, told });
  return await use({ launch: { peers: [rogue.url], ...launch }, tap: rogue });
}

/** A control plane that is one by its evidence, and another's chain. */
export async function offerChain<T>(
  stage: Stage,
  { chain, references, sequence, digest }: {
    readonly chain: readonly Uint8Array[];
    readonly references: readonly Uint8Array[];
    readonly sequence: number;
    readonly digest: string;
  },
  use: Use<T>,
): Promise<T> {
  const base = await controlPlaneOf(stage.owner, stage.second);
  const says = { ...base, manifestSequence: sequence, manifestDigest: digest };
  await using machine = await turned(stage, says, says, chain);
  const told = { manifests: chain, references };
  await using rogue = await startRogue({ ...machine.parts, told });
  return await use({ launch: { peers: [rogue.url] }, tap: rogue });
}

/** A chain of an owner who wants this cluster's id: it is not made of that owner's key. */
export async function claimed(stage: Stage): Promise<{
  readonly chain: readonly Uint8Array[];
  readonly references: readonly Uint8Array[];
  readonly digest: string;
}> {
  const thief = await makeOwner(stage.maker);
  const { clusterId } = stage.owner;
  const policy = stage.owner.chain.newest.policy;
  const manifest = { ...thief.chain.newest, clusterId, policy };
  const file = await signManifest(manifest, [thief.key]);
  return { chain: [file], references: thief.references, digest: payloadDigest(file) };
}

export function payloadDigest(file: Uint8Array | undefined): string {
  if (file === undefined) throw new Error("There is no such manifest");
  return toHex(plainHash("sha256", readDsse(file, "a manifest").payload));
}

/** Somebody tells the owner's newest manifest, and is no control plane. */
export async function teachSecond(
  stage: Stage,
  teach: (launch: Offer["launch"]) => Promise<void>,
): Promise<void> {
  const says = await controlPlaneOf(stage.owner, stage.second);
  const told = { manifests: stage.second, references: stage.owner.references };
  const evidence = () => Promise.reject(new Error("It has none"));
  await using teller = await startRogue({ told, says, evidence });
  await teach({ peers: [teller.url] });
}

/** A control plane by its evidence, whose HPKE key is somebody else's: it cannot open what it is sent. */
export async function offerUnopened<T>(
  stage: Stage,
  how: "open" | "sealed",
  use: Use<T>,
): Promise<T> {
  const says = await controlPlaneOf(stage.owner, stage.second);
  await using machine = await turned(stage, says, says, stage.second);
  const { publicKey } = await makeHpkeKey();
  await using rogue = await startRogue({
    ...machine.parts,
    hpkeKey: toHex(publicKey),
    before: ({ path, leaf }) =>
      path === JOIN_PATH ? Promise.resolve(madeUp(machine.parts, leaf, how)) : null,
  });
  return await use({ launch: { peers: [rogue.url] }, tap: rogue });
}

export function madeUp(parts: RogueParts, leaf: Uint8Array, how: "open" | "sealed"): ChannelAnswer {
  const body = writeMessage(JOIN_ANSWER, takenIn(parts, leaf));
  return how === "open"
    ? { status: 200, type: "application/json", body }
    : { status: 200, type: SEALED_ANSWER_TYPE, body: RANDOM.bytes(body.length) };
}

/** The leaf of whoever stands between, in place of the server's. */
export function withOwnLeaf(path: string, answer: ChannelAnswer, leaf: Leaf): ChannelAnswer {
  if (path !== ATTEST_PATH) return answer;
  const said = readMessage(ATTEST_ANSWER, answer.body);
  return { ...answer, body: writeMessage(ATTEST_ANSWER, { ...said, tlsLeaf: leaf.certificate }) };
}

export const isWorker = (line: Readonly<Record<string, unknown>>): boolean =>
  line["role"] === "worker";
