/**
 * A cluster without machines: manifests of an owner, control planes that share
 * a store, and nodes of which something was proven.
 *
 * @module
 */

import { equal, ok } from "node:assert/strict";
import type { CodeClass } from "../../src/core/code_entry.ts";
import {
  CasemateError,
  InputError,
  OperationError,
  RejectedError,
  UnavailableError,
} from "../../src/core/errors.ts";
import { MANIFEST_CODES } from "../../src/manifest/codes.ts";
import { INIT_CODES } from "../../src/services/init/codes.ts";
import { JOIN_CODES } from "../../src/services/join/codes.ts";
import { STORE_CODES } from "../../src/services/store/codes.ts";
import type { Appraised } from "../../src/channel/peer.ts";
import type { Statement } from "../../src/evidence/statement/statement.ts";
import type { ManifestChain } from "../../src/manifest/chain.ts";
import type { ManifestIntent } from "../../src/manifest/create.ts";
import { referenceDigest } from "../../src/manifest/references.ts";
import { signReference } from "../../src/policy/reference/authority.ts";
import type { JoinAnswer, JoinBody, RenewBody } from "../../src/protocol/join.ts";
import type { NodeGroup } from "../../src/protocol/manifest.ts";
import { storeManifests, storeReferences } from "../../src/services/store/documents.ts";
import { type ClusterEvent, listEvents } from "../../src/services/store/events.ts";
import { MemoryStore } from "../../src/services/store/memory.ts";
import type { Store } from "../../src/services/store/store.ts";
import { type JoinParts, JoinService } from "../../src/services/join/service.ts";
import { toHex } from "../../src/core/bytes.ts";
import { INTENT, made, NOW, OWNER } from "../manifest/owner.ts";

/** Account of the manifest's groups. */
export const ACCOUNT = "my-project";

/** A signed document of reference values, and another that no manifest names yet. */
export const REFERENCES: readonly [Uint8Array, Uint8Array] = [
  await release("aa"),
  await release("bb"),
];

async function release(value: string): Promise<Uint8Array> {
  const registers = { sha256: { "4": [value.repeat(32)], "11": [value.repeat(32)] } };
  return await signReference({ version: 1, "gcp-sev-snp": { vtpm: { registers } } }, [OWNER]);
}

/** A group as the tests' manifests have them. */
export function group(name: string, max: number, change: Partial<NodeGroup> = {}): NodeGroup {
  const role = name.startsWith("control-plane") ? "control-plane" : "worker";
  return { name, role, variant: "gcp-sev-snp", min: 0, max, account: ACCOUNT, ...change };
}

/** What the owner of these tests wants: three control planes and three workers. */
export function intent(...groups: readonly NodeGroup[]): ManifestIntent {
  const [first] = REFERENCES;
  const variants = groups.map(({ variant }) => variant);
  const reference = referenceDigest(first, "reference values");
  const of = [...new Set(["gcp-sev-snp", ...variants])];
  return {
    ...INTENT,
    images: of.map((variant) => ({ variant, version: "1.4.0", reference })),
    policy: { ...INTENT.policy, admitVariants: of },
    groups: groups.length > 0 ? groups : [group("control-plane", 3), group("worker", 3)],
  };
}

/** A cluster. */
export interface World {
  /** Its manifests. */
  chain: ManifestChain;
  /** Its store. */
  readonly store: Store;
  /** The clock of leases, ms. */
  now: number;
  /**
   * A control plane's join service.
   *
   * @param change What differs from the others.
   */
  service(change?: Partial<JoinParts>): JoinService;
  /** Its events. */
  events(): Promise<readonly ClusterEvent[]>;
}

/**
 * Makes a cluster whose manifest and reference values are in its store.
 *
 * @param wanted What the owner wants.
 * @param open Opens the store of a cluster.
 */
export async function makeWorld(
  wanted: ManifestIntent = intent(),
  open: (clusterId: string) => Store | Promise<Store> = () => new MemoryStore(),
): Promise<World> {
  const { chain } = await made(1, wanted);
  const store = await open(chain.clusterId);
  await storeReferences(store, [REFERENCES[0]]);
  await storeManifests(store, chain, NOW);
  const world: World = {
    chain,
    store,
    now: 1_000,
    service: (change = {}) => new JoinService({ ...partsOf(world), ...change }),
    events: () => listEvents(store),
  };
  return world;
}

/**
 * What a join service of a cluster is made of.
 *
 * @param world The cluster.
 */
export function partsOf(world: World): JoinParts {
  return {
    store: world.store,
    chain: () => world.chain,
    clock: { now: () => NOW },
    monotonic: () => world.now,
    random: { bytes: (length) => crypto.getRandomValues(new Uint8Array(length)) },
    nodeAuthority: Uint8Array.of(1, 2, 3),
    certify: ({ spki, name, role, url }) =>
      Promise.resolve(new TextEncoder().encode(`${toHex(spki)} ${name} ${role} ${url}`)),
    grant: () => ({
      epoch: 1,
      epochRoot: "99".repeat(32),
      nodeAuthorityKey: Uint8Array.of(4),
      logKey: Uint8Array.of(5),
      store: null,
    }),
  };
}

/** A digest of a number. */
export function digest(kind: string, number: number): string {
  return (kind + number.toString(16).padStart(8, "0")).padEnd(64, "0");
}

/** A node of which something is proven. */
export interface Machine {
  /** Number of the machine. */
  readonly machine: number;
  /** Number of its boot; default 1. */
  readonly boot?: number;
  /** Number of its keys; default 1. */
  readonly keys?: number;
  /** What else of its statement differs. */
  readonly statement?: Partial<Statement>;
  /** What else was proven. */
  readonly proven?: Partial<Appraised>;
}

/**
 * What is proven of a node that wants to join.
 *
 * @param world The cluster.
 * @param node The node.
 */
export function stranger(world: World, node: Machine): Appraised {
  const { machine, boot = 1, keys = 1, statement = {}, proven = {} } = node;
  return {
    statement: {
      v: 1,
      purpose: "join",
      variant: "gcp-sev-snp",
      audience: digest("a", 0),
      requestDigest: digest("b", 0),
      clusterId: world.chain.clusterId,
      manifestDigest: "",
      manifestSequence: 0,
      role: "",
      nodeName: "",
      bootId: digest("c", machine * 1000 + boot).slice(0, 32),
      tlsSpki: digest("d", machine * 1000 + keys),
      hpkeKey: digest("e", machine * 1000 + keys),
      phase: "cluster",
      logHead: "",
      ...statement,
    },
    statementDigest: digest("f", machine * 1000 + keys),
    evidenceDigest: digest("1", machine * 1000 + keys),
    variant: "gcp-sev-snp",
    verdict: "lab-trusted",
    account: ACCOUNT,
    machine: digest("2", machine),
    ...proven,
  };
}

/**
 * What is proven of a member that renews.
 *
 * @param world The cluster.
 * @param node The node.
 * @param answer What it was told when it was admitted.
 */
export function insider(
  world: World,
  node: Machine,
  { role, nodeName, manifestSequence }: JoinAnswer,
): Appraised {
  const manifestDigest = world.chain.digestOf(manifestSequence) ?? "";
  const place = { role, nodeName, manifestSequence, manifestDigest };
  const statement = { purpose: "renew", phase: "member", ...place, ...node.statement } as const;
  return stranger(world, { ...node, statement });
}

/**
 * What a node asks.
 *
 * @param name Its group.
 * @param change What else it asks.
 */
export function wish(name: string, change: Partial<JoinBody> = {}): JoinBody {
  const url = "https://127.0.0.1:9000";
  return { v: 1, group: name, url, manifestSequence: 0, ticket: null, ...change };
}

/**
 * What a member asks.
 *
 * @param answer What it was told when it was admitted.
 * @param change What differs.
 */
export function stay({ lease }: JoinAnswer, change: Partial<RenewBody> = {}): RenewBody {
  return { v: 1, lease, url: "https://127.0.0.1:9000", manifestSequence: 1, ...change };
}

/**
 * Looks that a store's members, leases, machines and events agree.
 *
 * @param world The cluster.
 */
export async function agree(world: World): Promise<void> {
  const read = async (prefix: string) =>
    (await world.store.list(prefix)).map(({ key, value }) => ({
      key: key.slice(prefix.length),
      value: JSON.parse(new TextDecoder().decode(value)),
    }));
  const [members, leases, machines] = [
    await read("member/"),
    await read("lease/"),
    await read("machine/"),
  ];
  const names = members.map(({ key }) => key);
  ok(names.join() === leases.map(({ key }) => key).join(), "a lease for each member, no other");
  ok(machines.length === members.length, "a machine for each member, no other");
  for (const { key, value } of members) {
    const lease = leases.find((other) => other.key === key)?.value;
    ok(lease.machine === value.machine && lease.bootId === value.bootId, `lease of ${key}`);
    ok(machines.find((other) => other.key === value.machine)?.value.nodeName === key);
  }
  const there = new Set<string>();
  for (const { kind, node } of await world.events()) {
    if (kind === "admit") there.add(node);
    if (kind === "leave" || kind === "fence") there.delete(node);
  }
  ok([...there].sort().join() === [...names].sort().join(), "events tell who is there");
}

const CODES: ReadonlyMap<string, { readonly class: CodeClass }> = new Map(
  [MANIFEST_CODES, INIT_CODES, JOIN_CODES, STORE_CODES].flatMap((table) => Object.entries(table)),
);

/**
 * Looks that something fails with a code, and as an error of that code's class.
 *
 * @param code The code.
 * @param work What fails.
 */
export async function fails(code: string, work: Promise<unknown>): Promise<void> {
  const error = await work.then(() => null, (thrown: unknown) => thrown);
  ok(error instanceof CasemateError, `expected ${code}: ${error}`);
  equal(error.code, code, error.message);
  equal(classOf(error), CODES.get(code)?.class);
}

function classOf(error: CasemateError): CodeClass {
  if (error instanceof InputError) return "input";
  if (error instanceof RejectedError) return "rejected";
  if (error instanceof UnavailableError) return "unavailable";
  return error instanceof OperationError ? "operation" : "bug";
}
