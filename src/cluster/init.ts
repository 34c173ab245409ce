/**
 * Initialising a cluster from the owner's machine: the node is verified before it
 * is given anything, and what it is given is what the owner signed for.
 *
 * @module
 */

import { fromHex, toHex } from "../core/bytes.ts";
import { signDsse } from "../core/dsse.ts";
import { CasemateError } from "../core/errors.ts";
import { labelledHash, plainHash } from "../core/labelled_hash.ts";
import type { ChannelClients, StateFiles } from "../core/node_ports.ts";
import type { Clock, Random } from "../core/ports.ts";
import type { SigningKey } from "../core/signing_key.ts";
import { type Asking, attestForOwner, attestServer, sealedCall } from "../channel/client.ts";
import type { Appraised, Appraiser } from "../channel/peer.ts";
import type { ManifestChain } from "../manifest/mod.ts";
import {
  INIT_ANSWER,
  INIT_BODY,
  type InitBody,
  OWNER_REQUEST,
  OWNER_REQUEST_TYPE,
  type OwnerRequest,
} from "../protocol/init.ts";
import { writeMessage } from "../protocol/message.ts";
import { INIT_PATH } from "../protocol/paths.ts";
import type { StoreAccess } from "../protocol/store_access.ts";
import { clusterError } from "./refusal.ts";
import { type InitRecord, readOwnerState, writeOwnerState } from "./state.ts";

/** What a cluster is initialised with. */
export interface InitParts {
  /** The network. */
  readonly clients: ChannelClients;
  /** Randomness. */
  readonly random: Random;
  /** The owner's clock. */
  readonly clock: Clock;
  /** Milliseconds that only rise. */
  readonly monotonic: () => number;
  /** Address of the node that becomes the first control plane. */
  readonly url: string;
  /** The owner's key. */
  readonly owner: SigningKey;
  /** The manifest chain, verified. */
  readonly chain: ManifestChain;
  /** Signed documents of reference values. */
  readonly references: readonly Uint8Array[];
  /** Judges the node under the chain. */
  readonly appraiser: Appraiser;
  /** Epoch, from 1. */
  readonly epoch: number;
  /** Root of the epoch's keys, 32 bytes; all that the cluster is ever given of the owner's secrets. */
  readonly epochRoot: Uint8Array;
  /** Where the cluster's state is kept; null for the node's own memory, which is for tests. */
  readonly store: StoreAccess | null;
  /** Where the owner's machine remembers. */
  readonly files: StateFiles;
  /**
   * Is told of each step.
   *
   * @param line What is done.
   */
  readonly doing: (line: string) => void;
}

/** A cluster that was initialised. */
export interface InitDone {
  /** Name of its first control plane. */
  readonly nodeName: string;
  /** SHA-256 of the manifest, hex. */
  readonly manifestDigest: string;
  /** Certificate of its authority for nodes, DER; null where its answer was lost on the way. */
  readonly nodeAuthority: Uint8Array | null;
  /** Whether all was done before. */
  readonly already: boolean;
  /** Whether it is known to have been done with this master secret: a node that was admitted compares it no more. */
  readonly isSameSecret: boolean;
  /** What was proven of the node. */
  readonly peer: Appraised;
}

/** Longest time of a step, ms: the node makes keys and writes its state down. */
const TIMEOUT = 60_000;

/**
 * Initialises a cluster, or goes on where that broke off.
 *
 * @param parts What with.
 * @throws {RejectedError | UnavailableError} what the node's evidence is refused with, and what it refuses with
 * @throws {OperationError} `cluster.other_init`, `cluster.state`
 */
export async function initCluster(parts: InitParts): Promise<InitDone> {
  const { init } = await readOwnerState(parts.files, parts.chain.clusterId);
  // `remember` refuses another secret than that of the record.
  const isRecorded = init !== null;
  try {
    return await initOnce(parts, isRecorded);
  } catch (error) {
    // An earlier request of the owner may be done meanwhile: the node then has other keys, and is a member.
    const hasChanged = error instanceof CasemateError && error.code === "channel.pin";
    if (!hasChanged && !refusedPurpose(error)) throw error;
    parts.doing(`${parts.url} is not what its evidence said any more; asks for evidence once more`);
    return await initOnce(parts, isRecorded);
  }
}

async function initOnce(parts: InitParts, isRecorded: boolean): Promise<InitDone> {
  const { chain, doing, url } = parts;
  await remember(parts, "asked", null);
  const body = bodyOf(parts);
  const exact = writeMessage(INIT_BODY, body);
  const request = requestOf(parts, exact);
  const payload = writeMessage(OWNER_REQUEST, request);
  doing(`asks ${url} for evidence`);
  const reached = await reach(parts, payload, request);
  if ("member" in reached) return await already(parts, reached.member, isRecorded);
  const { session } = reached;
  doing(`${url} is ${session.peer.variant}, ${session.peer.verdict}; initialises the cluster`);
  const answer = await sealedCall(session, {
    ...{ purpose: "init", path: INIT_PATH, body, own: null },
    ...{ request: INIT_BODY, answer: INIT_ANSWER },
  });
  if (answer.manifestDigest !== chain.newestDigest) {
    throw clusterError("cluster.answer", `${answer.manifestDigest}, not ${chain.newestDigest}`);
  }
  const { nodeName, manifestDigest, nodeAuthority } = answer;
  await remember(parts, "done", { nodeName, nodeAuthority });
  const was = answer.already === "yes";
  const { peer } = session;
  return { nodeName, manifestDigest, nodeAuthority, already: was, isSameSecret: true, peer };
}

type Session = Awaited<ReturnType<typeof attestForOwner>>;

/** The node that waits for its owner; or the member that it is already, as evidence to `serve` has it. */
async function reach(
  parts: InitParts,
  payload: Uint8Array,
  { nonce }: OwnerRequest,
): Promise<{ readonly session: Session } | { readonly member: Appraised }> {
  const { owner, appraiser, chain } = parts;
  const signed = await signDsse(OWNER_REQUEST_TYPE, payload, [owner]);
  const expected = { clusterId: chain.clusterId };
  const asks = { appraiser, expected, request: signed, payload, nonce: fromHex(nonce) };
  try {
    return { session: await attestForOwner(askingOf(parts), { ...asks, purpose: "init" }) };
  } catch (error) {
    if (!refusedPurpose(error)) throw error;
    parts.doing(`${parts.url} was admitted already; asks what it serves as`);
    const { peer } = await attestServer(askingOf(parts), { appraiser, expected });
    return { member: peer };
  }
}

/** Nobody's word, as it came before any evidence: it only leads to asking otherwise. */
function refusedPurpose(error: unknown): boolean {
  return error instanceof CasemateError &&
    (error.code === "node.purpose_refused" || error.fields["code"] === "node.purpose_refused");
}

/**
 * A node takes one initialisation, and only one that the owner's request announced: a control plane
 * of this cluster under this manifest is the one that was asked for.
 */
async function already(
  parts: InitParts,
  peer: Appraised,
  isSameSecret: boolean,
): Promise<InitDone> {
  const { phase, role, nodeName, manifestDigest, manifestSequence } = peer.statement;
  const isOurs = phase === "member" && role === "control-plane" &&
    parts.chain.digestOf(manifestSequence) === manifestDigest;
  if (!isOurs) {
    const is = `${role} ${nodeName} in phase ${phase} under manifest ${manifestSequence}`;
    throw clusterError("cluster.not_initialised", is);
  }
  const { init } = await readOwnerState(parts.files, parts.chain.clusterId);
  const known = init?.nodeAuthority ?? null;
  await remember(parts, "done", { nodeName, nodeAuthority: known });
  const done = { nodeName, manifestDigest, nodeAuthority: known, already: true, peer };
  return { ...done, isSameSecret };
}

function askingOf({ clients, url, random, monotonic }: InitParts): Asking {
  return { clients, url, random, monotonic, timeout: TIMEOUT };
}

function bodyOf({ chain, references, epoch, epochRoot, clock, store }: InitParts): InitBody {
  const manifests = chain.bytes;
  const time = momentOf(clock.now());
  return { v: 1, manifests, references, epoch, epochRoot: toHex(epochRoot), time, store };
}

function requestOf({ chain, owner, random, clock }: InitParts, exact: Uint8Array): OwnerRequest {
  return {
    v: 1,
    purpose: "init",
    clusterId: chain.clusterId,
    owner: toHex(owner.publicKey.spki),
    random: chain.newest.random,
    nonce: toHex(random.bytes(32)),
    body: toHex(plainHash("sha256", exact)),
    issued: momentOf(clock.now()),
  };
}

function momentOf(moment: Date): string {
  return `${moment.toISOString().slice(0, 19)}Z`;
}

/** Written before the node is asked: who begins anew elsewhere, or with another secret, is told. */
async function remember(
  { files, chain, url, epochRoot, epoch }: InitParts,
  step: InitRecord["step"],
  answer: Pick<InitRecord, "nodeName" | "nodeAuthority"> | null,
): Promise<void> {
  const { clusterId, sequence, newestDigest } = chain;
  const state = await readOwnerState(files, clusterId);
  const text = new TextEncoder();
  const fields = [text.encode(clusterId), text.encode(String(epoch)), epochRoot];
  const rootMark = toHex(labelledHash("sha256", "casemate/epoch-mark/v1", ...fields));
  if (state.init !== null && state.init.rootMark !== rootMark) {
    throw clusterError("cluster.other_init", `it was begun at ${state.init.url}`);
  }
  const before = state.init ?? { nodeName: "", nodeAuthority: null, step };
  const kept = before.step === "done" ? "done" : step;
  const { nodeName, nodeAuthority } = answer ?? before;
  const init = { url, rootMark, manifestDigest: newestDigest, step: kept, nodeName, nodeAuthority };
  const newer = sequence > state.manifestSequence
    ? { manifestSequence: sequence, manifestDigest: newestDigest }
    : {};
  await writeOwnerState(files, { ...state, ...newer, init });
}
