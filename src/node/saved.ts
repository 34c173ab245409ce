/**
 * What a node saves: its place in the cluster, the highest manifest that it has
 * seen, the time below which no clock is believed. A damaged file is an error,
 * never a new beginning: a node that forgets what it has seen takes an older manifest.
 *
 * @module
 */

import { equal, toHex } from "../core/bytes.ts";
import { type Decoder, object, oneNumber, oneOf, orNull, required, text } from "../core/decode.ts";
import { CasemateError } from "../core/errors.ts";
import { plainHash } from "../core/labelled_hash.ts";
import type { StateFiles } from "../core/node_ports.ts";
import {
  CERTIFICATE,
  COUNT,
  DIGEST,
  ID,
  MAYBE_DIGEST,
  MAYBE_MANIFESTS,
  MOMENT,
  POSITIVE,
  REFERENCES,
} from "../protocol/forms.ts";
import {
  type ControlPlaneGrant,
  GRANT,
  type Peer,
  PEERS,
  ROLE,
  type Role,
} from "../protocol/join.ts";
import { type Message, readMessage, writeMessage } from "../protocol/message.ts";
import { nodeError } from "./refusal.ts";

/** A place that the node was given. */
export interface Admission {
  /** Whether the register holds it for certain, or may. */
  readonly stage: "pending" | "final";
  /** How it came: an admission by init is finished by the node alone, one by join is asked for again. */
  readonly by: "init" | "join";
  /** Boot that was admitted, 16 bytes, hex. */
  readonly bootId: string;
  /** Role. */
  readonly role: Role;
  /** Name. */
  readonly nodeName: string;
  /** Sequence of the manifest under which it was admitted. */
  readonly manifestSequence: number;
  /** SHA-256 of that manifest, hex. */
  readonly manifestDigest: string;
  /** Id of its lease, hex. */
  readonly lease: string;
  /** Life of the lease, seconds. */
  readonly leaseSeconds: number;
  /** Certificate of the authority for nodes, DER. */
  readonly nodeAuthority: Uint8Array;
  /** Control planes when it last heard of them. */
  readonly peers: readonly Peer[];
}

/** What is saved of a node. */
export interface SavedNode {
  /** Version of the form. */
  readonly v: 1;
  /** Cluster, hex. */
  readonly clusterId: string;
  /** The latest moment that is known to be past. */
  readonly floor: string;
  /** Highest manifest that it has seen; 0 for none. */
  readonly manifestSequence: number;
  /** SHA-256 of it, hex; empty for none. */
  readonly manifestDigest: string;
  /** The chain up to it. */
  readonly manifests: readonly Uint8Array[];
  /** Signed documents of reference values. */
  readonly references: readonly Uint8Array[];
  /** Its place; null before. */
  readonly admission: Admission | null;
}

/** Secrets of a control plane; in a file of their own, which workers never have. */
export interface SavedGrant {
  /** Version of the form. */
  readonly v: 1;
  /** Boot that they were given to. */
  readonly bootId: string;
  /** What was given. */
  readonly grant: ControlPlaneGrant;
}

const BOOT_ID = text("[0-9a-f]{32}", "16 bytes in lowercase hex");

const ADMISSION: Decoder<Admission> = object<Admission>({
  stage: required(oneOf("pending", "final"), "Whether the register holds it for certain"),
  by: required(oneOf("init", "join"), "How it came"),
  bootId: required(BOOT_ID, "Boot that was admitted"),
  role: required(ROLE, "Role"),
  nodeName: required(ID, "Name"),
  manifestSequence: required(POSITIVE, "Manifest under which it was admitted"),
  manifestDigest: required(DIGEST, "SHA-256 of that manifest"),
  lease: required(DIGEST, "Id of the lease"),
  leaseSeconds: required(POSITIVE, "Life of the lease"),
  nodeAuthority: required(CERTIFICATE, "Certificate of the authority for nodes"),
  peers: required(PEERS, "Members"),
});

const SAVED_NODE: Message<SavedNode> = {
  name: "saved state",
  // Chain and members come in messages of 1 MiB each, and stand in it together.
  maxBytes: 4 * 1024 * 1024,
  form: object<SavedNode>({
    v: required(oneNumber(1), "Version of the form"),
    clusterId: required(DIGEST, "Cluster"),
    floor: required(MOMENT, "The latest moment that is known to be past"),
    manifestSequence: required(COUNT, "Highest manifest that was seen"),
    manifestDigest: required(MAYBE_DIGEST, "SHA-256 of it"),
    manifests: required(MAYBE_MANIFESTS, "The chain up to it"),
    references: required(REFERENCES, "Reference values"),
    admission: required(orNull(ADMISSION), "Place of the node"),
  }),
};

const SAVED_GRANT: Message<SavedGrant> = {
  name: "saved secrets",
  secret: true,
  form: object<SavedGrant>({
    v: required(oneNumber(1), "Version of the form"),
    bootId: required(BOOT_ID, "Boot that they were given to"),
    grant: required(GRANT, "What control planes are given"),
  }),
};

/** Names of the files. */
const FILES = { node: "node.state", grant: "control_plane.secret" } as const;

/** Hex of a SHA-256, and the line's end. */
const HEAD_BYTES = 65;

/**
 * Reads what was saved; null on the first start.
 *
 * @param files Where.
 * @param clusterId The cluster that the node was launched for, hex.
 * @throws {OperationError} `node.state`, `node.other_cluster`
 */
export async function readSavedNode(
  files: StateFiles,
  clusterId: string,
): Promise<SavedNode | null> {
  const saved = await readFile(files, FILES.node, SAVED_NODE);
  if (saved === null || saved.clusterId === clusterId) return saved;
  const fields = { actual: saved.clusterId, expected: clusterId };
  throw nodeError("node.other_cluster", `${saved.clusterId}, launched for ${clusterId}`, {
    fields,
  });
}

/**
 * Saves the node; it is on disk when this resolves.
 *
 * @param files Where.
 * @param saved What.
 */
export async function writeSavedNode(files: StateFiles, saved: SavedNode): Promise<void> {
  await files.write(FILES.node, sealedFile(writeMessage(SAVED_NODE, saved)));
}

/**
 * Reads the secrets of a control plane; null where there are none.
 *
 * @param files Where.
 * @throws {OperationError} `node.state`
 */
export async function readSavedGrant(files: StateFiles): Promise<SavedGrant | null> {
  return await readFile(files, FILES.grant, SAVED_GRANT);
}

/**
 * Saves the secrets of a control plane, for its own disk alone.
 *
 * @param files Where.
 * @param saved What; null removes them.
 */
export async function writeSavedGrant(files: StateFiles, saved: SavedGrant | null): Promise<void> {
  if (saved === null) return await files.remove(FILES.grant);
  await files.write(FILES.grant, sealedFile(writeMessage(SAVED_GRANT, saved)));
}

/** What is bent on the way to the disk or on it is told from what was written. */
function sealedFile(content: Uint8Array): Uint8Array {
  const head = new TextEncoder().encode(`${toHex(plainHash("sha256", content))}\n`);
  const file = new Uint8Array(head.length + content.length);
  file.set(head);
  file.set(content, head.length);
  return file;
}

async function readFile<T extends object>(
  files: StateFiles,
  name: string,
  message: Message<T>,
): Promise<T | null> {
  const file = await files.read(name);
  if (file === null) return null;
  const content = file.subarray(HEAD_BYTES);
  if (!equal(file, sealedFile(content))) {
    throw nodeError("node.state", `${name} has ${file.length} bytes that were not written so`);
  }
  try {
    return readMessage(message, content);
  } catch (cause) {
    // The content of secrets must not be told: a reader's message may quote it.
    if (!(cause instanceof CasemateError)) throw cause;
    throw nodeError("node.state", `${name} is of another form, as of another version`);
  }
}
