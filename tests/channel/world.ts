/**
 * A cluster of one variant in the lab, and nodes of it that are doubles: what
 * hardware would sign is minted, all else of the channel is the program's own.
 *
 * @module
 */

import type { ChannelHandlers } from "../../src/channel/handlers.ts";
import { type HpkeKey, makeHpkeKey } from "../../src/channel/hpke.ts";
import { type Leaf, makeLeaf } from "../../src/channel/leaf.ts";
import type { ChannelLimits } from "../../src/channel/limits.ts";
import { NonceIssuer } from "../../src/channel/nonces.ts";
import type { Appraiser, Attester, EvidenceQuestion, Given } from "../../src/channel/peer.ts";
import { createChannelServer } from "../../src/channel/server.ts";
import type { Asking } from "../../src/channel/session.ts";
import { toHex } from "../../src/core/bytes.ts";
import { inlineEngine } from "../../src/core/crypto_inline.ts";
import { plainHash } from "../../src/core/labelled_hash.ts";
import type { ChannelAnswer, ChannelRequest } from "../../src/core/node_ports.ts";
import { writeStatement } from "../../src/evidence/statement/read.ts";
import type { Statement } from "../../src/evidence/statement/statement.ts";
import { channelClients } from "../../src/hosts/channel/client.ts";
import { channelServers } from "../../src/hosts/channel/server.ts";
import {
  LAB_STATEMENT,
  labAuthorities,
  labReference,
  type MintedVariant,
  mintVariant,
} from "../../src/lab/mod.ts";
import { readReferences, referenceDigest } from "../../src/manifest/references.ts";
import { signReference } from "../../src/policy/reference/authority.ts";
import { plainCopy } from "../../src/policy/reference/plain_copy.ts";
import { createAppraiser } from "../../src/services/attest/appraiser.ts";
import { labRootDigests } from "../../src/services/attest/lab_roots.ts";
import { labAuthority } from "../lab_authority.ts";
import { INTENT, made, NOW, OWNER } from "../manifest/owner.ts";
import { handlersOf } from "./handlers_double.ts";
import { PATIENCE, RANDOM } from "./host_double.ts";

const VARIANT = "sev-snp";
const AUTHORITIES = labAuthorities(NOW, { amd: await labAuthority() });

function mint(statement: Statement, nonce: Uint8Array): Promise<MintedVariant> {
  return mintVariant(VARIANT, AUTHORITIES, { now: NOW, nonce, statement });
}

/** A cluster. */
export interface Cluster {
  /** Its id. */
  readonly clusterId: string;
  /** Judges under its manifest. */
  readonly appraiser: Appraiser;
}

/** The cluster of these tests. */
export const CLUSTER: Cluster = await clusterOf();

async function clusterOf(): Promise<Cluster> {
  const { roots, reference } = await mint(LAB_STATEMENT, RANDOM.bytes(32));
  const labRoots = [new TextEncoder().encode(roots)];
  const file = await signReference(plainCopy(labReference(VARIANT, reference, NOW)), [OWNER]);
  const { chain, clusterId } = await made(1, {
    ...INTENT,
    labRoots: labRootDigests(labRoots),
    policy: { version: 1, acceptRoots: ["amd"], admitVariants: [VARIANT] },
    images: [{ variant: VARIANT, version: "1.4.0", reference: referenceDigest(file, "r") }],
    groups: INTENT.groups.map((group) => ({ ...group, variant: VARIANT, account: "" })),
  });
  const references = await readReferences(chain, [file]);
  const appraiser = createAppraiser({
    chain: () => chain,
    references: () => references,
    labRoots,
    engine: inlineEngine,
    clock: { now: () => NOW },
  });
  return { clusterId, appraiser };
}

/** What a node states. */
const MEMBER: Partial<Statement> = { role: "control-plane", nodeName: "control-plane-1" };

const NEWCOMER: Partial<Statement> = {
  phase: "cluster",
  role: "",
  nodeName: "",
  manifestDigest: "",
  manifestSequence: 0,
  logHead: "",
};

/** A node whose devices are a double: the lab mints what they would sign. */
export class DoubleNode implements Attester {
  /** Its TLS key. */
  leaf: Leaf;
  /** Its HPKE key. */
  hpke: HpkeKey;
  /** What it was asked, in order. */
  readonly asked: EvidenceQuestion[] = [];
  /** What its devices wait for before each report. */
  ready: Promise<void> = Promise.resolve();
  readonly #said: Partial<Statement>;

  private constructor(leaf: Leaf, hpke: HpkeKey, said: Partial<Statement>) {
    this.leaf = leaf;
    this.hpke = hpke;
    this.#said = said;
  }

  /** A control plane that was admitted. */
  static member(said: Partial<Statement> = {}): Promise<DoubleNode> {
    return DoubleNode.#make({ ...MEMBER, ...said });
  }

  /** A node that asks to be admitted. */
  static newcomer(said: Partial<Statement> = {}): Promise<DoubleNode> {
    return DoubleNode.#make({ ...NEWCOMER, ...said });
  }

  static async #make(said: Partial<Statement>): Promise<DoubleNode> {
    const leaf = await makeLeaf({ random: RANDOM, hosts: [] });
    return new DoubleNode(leaf, await makeHpkeKey(), { clusterId: CLUSTER.clusterId, ...said });
  }

  /** Its statement for a question. */
  statementFor({ purpose, audience, requestDigest }: EvidenceQuestion): Statement {
    return {
      ...LAB_STATEMENT,
      ...this.#said,
      variant: VARIANT,
      purpose,
      audience,
      requestDigest,
      tlsSpki: toHex(this.leaf.spki),
      hpkeKey: toHex(this.hpke.publicKey),
    };
  }

  /** Gives evidence. */
  async attest(question: EvidenceQuestion): Promise<Given> {
    this.asked.push(question);
    await this.ready;
    const { envelope, statement } = await mint(this.statementFor(question), question.nonce);
    return { envelope, statement };
  }

  /** Makes a statement again. */
  statementOf(question: EvidenceQuestion, digest: string): Uint8Array | null {
    const bytes = writeStatement(this.statementFor(question));
    return toHex(plainHash("sha256", bytes)) === digest ? bytes : null;
  }
}

/** What a test's server does differently. */
export interface ServerOptions {
  /** Handlers. */
  readonly handlers?: Partial<ChannelHandlers>;
  /** Limits. */
  readonly limits?: Partial<ChannelLimits>;
  /** Its clock; absent stands still. */
  readonly monotonic?: () => number;
  /** Who judges; null before there is a manifest. */
  readonly appraiser?: Appraiser | null;
  /** Is told of each request, once the server has it: one for evidence then has its place in the queue. */
  readonly came?: () => void;
  /** Is told what failed. */
  readonly failed?: (path: string, error: unknown) => void;
}

/** Answers requests as a node's agent would. */
export function answering(
  node: DoubleNode,
  { handlers = {}, limits, monotonic = () => 1000, appraiser, failed }: ServerOptions = {},
): (request: ChannelRequest) => Promise<ChannelAnswer> {
  const bootId = LAB_STATEMENT.bootId;
  return createChannelServer({
    attester: node,
    appraiser: () => appraiser === undefined ? CLUSTER.appraiser : appraiser,
    keys: () => ({ hpke: [node.hpke], leaf: node.leaf.certificate }),
    nonces: new NonceIssuer({ secret: RANDOM.bytes(32), bootId, random: RANDOM, monotonic }),
    random: RANDOM,
    monotonic,
    handlers: handlersOf(handlers),
    ...(limits === undefined ? {} : { limits }),
    ...(failed === undefined ? {} : { failed }),
  });
}

/** A server of the test. */
export interface TestServer extends AsyncDisposable {
  /** Address. */
  readonly url: string;
}

/** Runs a node's agent on loopback. */
export async function startServer(
  node: DoubleNode,
  options: ServerOptions = {},
): Promise<TestServer> {
  const handle = answering(node, options);
  const listener = await channelServers.listen({
    hostname: "127.0.0.1",
    port: 0,
    identity: node.leaf,
    handle(request) {
      const answer = handle(request);
      options.came?.();
      return answer;
    },
  });
  return {
    url: `https://127.0.0.1:${listener.port}`,
    [Symbol.asyncDispose]: () => listener.close(),
  };
}

/** How these tests ask. */
export function asking(url: string, more: Partial<Asking> = {}): Asking {
  return {
    clients: channelClients,
    url,
    random: RANDOM,
    monotonic: () => 0,
    timeout: PATIENCE,
    ...more,
  };
}

/** A control plane is wanted. */
export const WANTED = {
  appraiser: CLUSTER.appraiser,
  expected: { clusterId: CLUSTER.clusterId, role: "control-plane" },
} as const;
