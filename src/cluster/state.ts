/**
 * What the owner's machine remembers of a cluster: the highest manifest that it
 * saw, and how far an initialisation came.
 *
 * @module
 */

import { type Decoder, object, oneNumber, oneOf, orNull, required } from "../core/decode.ts";
import { CasemateError, OperationError } from "../core/errors.ts";
import type { StateFiles } from "../core/node_ports.ts";
import type { SeenManifest } from "../manifest/mod.ts";
import {
  AGENT_URL,
  CERTIFICATE,
  COUNT,
  DIGEST,
  MAYBE_DIGEST,
  MAYBE_ID,
} from "../protocol/forms.ts";
import { type Message, readMessage, writeMessage } from "../protocol/message.ts";

/** An initialisation, as far as it came. */
export interface InitRecord {
  /** Node that is initialised. */
  readonly url: string;
  /** What tells the root of the epoch's keys from others, and nothing of it: hex. */
  readonly rootMark: string;
  /** SHA-256 of the manifest, hex. */
  readonly manifestDigest: string;
  /** How far it came. */
  readonly step: "asked" | "done";
  /** Name of the node; empty until it answered. */
  readonly nodeName: string;
  /** Certificate of the authority for nodes, DER; null until it answered. */
  readonly nodeAuthority: Uint8Array | null;
}

/** What is remembered. */
export interface OwnerState {
  /** Version of the form. */
  readonly v: 1;
  /** Cluster, hex. */
  readonly clusterId: string;
  /** Highest manifest that was seen; 0 for none. */
  readonly manifestSequence: number;
  /** SHA-256 of it, hex; empty for none. */
  readonly manifestDigest: string;
  /** The initialisation; null before. */
  readonly init: InitRecord | null;
}

const INIT: Decoder<InitRecord> = object<InitRecord>({
  url: required(AGENT_URL, "Node that is initialised"),
  rootMark: required(DIGEST, "Mark of the epoch's root"),
  manifestDigest: required(DIGEST, "SHA-256 of the manifest"),
  step: required(oneOf("asked", "done"), "How far it came"),
  nodeName: required(MAYBE_ID, "Name of the node"),
  nodeAuthority: required(orNull(CERTIFICATE), "Certificate of the authority for nodes"),
});

const STATE: Message<OwnerState> = {
  name: "state of the cluster",
  form: object<OwnerState>({
    v: required(oneNumber(1), "Version of the form"),
    clusterId: required(DIGEST, "Cluster"),
    manifestSequence: required(COUNT, "Highest manifest that was seen"),
    manifestDigest: required(MAYBE_DIGEST, "SHA-256 of it"),
    init: required(orNull(INIT), "The initialisation"),
  }),
};

/**
 * Reads what is remembered of a cluster.
 *
 * @param files Where.
 * @param clusterId The cluster, hex.
 * @throws {OperationError} `cluster.state`
 */
export async function readOwnerState(files: StateFiles, clusterId: string): Promise<OwnerState> {
  const file = await files.read(nameOf(clusterId));
  if (file === null) {
    return { v: 1, clusterId, manifestSequence: 0, manifestDigest: "", init: null };
  }
  try {
    const state = readMessage(STATE, file);
    if (state.clusterId === clusterId) return state;
  } catch (cause) {
    if (!(cause instanceof CasemateError)) throw cause;
    throw damaged(clusterId, cause.message);
  }
  throw damaged(clusterId, "it is of another cluster");
}

/**
 * Remembers.
 *
 * @param files Where.
 * @param state What.
 */
export async function writeOwnerState(files: StateFiles, state: OwnerState): Promise<void> {
  await files.write(nameOf(state.clusterId), writeMessage(STATE, state));
}

/**
 * The highest manifest that is remembered; null for none.
 *
 * @param state What is remembered.
 */
export function seenBy({ manifestSequence, manifestDigest }: OwnerState): SeenManifest | null {
  if (manifestSequence === 0) return null;
  return { sequence: manifestSequence, digest: manifestDigest };
}

/**
 * Remembers a manifest, where it is newer than what was seen.
 *
 * @param files Where.
 * @param clusterId The cluster, hex.
 * @param seen The newest of a chain that was verified against what was seen.
 */
export async function rememberManifest(
  files: StateFiles,
  clusterId: string,
  seen: SeenManifest,
): Promise<void> {
  const state = await readOwnerState(files, clusterId);
  if (seen.sequence <= state.manifestSequence) return;
  const { sequence: manifestSequence, digest: manifestDigest } = seen;
  await writeOwnerState(files, { ...state, manifestSequence, manifestDigest });
}

/** One file for each cluster. */
function nameOf(clusterId: string): string {
  return `c${clusterId.slice(0, 32)}.cluster`;
}

function damaged(clusterId: string, reason: string): OperationError {
  return new OperationError(`Cannot read what is remembered of cluster ${clusterId}: ${reason}`, {
    code: "cluster.state",
    fields: { clusterId },
  });
}
