/**
 * A node that is initialised, and may be ended at any moment of it.
 *
 * @module
 */

import { deepEqual, equal, ok } from "node:assert/strict";
import { UnavailableError } from "../../src/core/errors.ts";
import type { StateFiles } from "../../src/core/node_ports.ts";
import {
  createInit,
  type Initialised,
  type InitParts,
  runInit,
} from "../../src/services/init/init.ts";
import { INIT_STEPS } from "../../src/services/init/record.ts";
import type { Store } from "../../src/services/store/store.ts";
import type { ManifestChain } from "../../src/manifest/chain.ts";
import { listEvents } from "../../src/services/store/events.ts";
import { JoinService } from "../../src/services/join/service.ts";
import { made, NOW } from "../manifest/owner.ts";
import { agree, intent, partsOf, REFERENCES, stranger, type World } from "./world.ts";

/** The process ended. */
export class Killed extends Error {}

/** When something happens to a process: at the nth moment that it may. */
export interface Fate {
  /** Moments that are left. */
  left: number;
  /** What happens then. */
  readonly what: "killed" | "unreachable";
}

/** A node, with what outlives its process. */
export interface Node {
  /** Its files. */
  readonly disk: Map<string, Uint8Array>;
  /** Its register: places that were extended into it, in this boot. */
  readonly register: string[];
  /** Number of its machine. */
  readonly machine: number;
  /** Number of its boot. */
  boot: number;
}

/** A node that is new. */
export function newNode(machine = 1): Node {
  return { disk: new Map(), register: [], machine, boot: 1 };
}

/** The cluster that is to be. */
export const CHAIN: ManifestChain = (await made(1, intent())).chain;

/** What the owner sends. */
export const BODY = { epoch: 1, epochRoot: "99".repeat(32), store: null } as const;

/** A cluster in a store, for its join services. */
export function worldOf(store: Store): World {
  return {
    chain: CHAIN,
    store,
    now: 1_000,
    service: () => new JoinService(partsOf(worldOf(store))),
    events: () => listEvents(store),
  };
}

/**
 * What an initialisation of a node is made of.
 *
 * @param node The node.
 * @param store The store.
 * @param fate What happens to its process; absent for nothing.
 * @param change What differs.
 */
export function initParts(
  node: Node,
  store: Store,
  fate: Fate | null = null,
  change: Partial<InitParts> = {},
): InitParts {
  const risky = fate === null ? store : riskyStore(store, fate);
  const world = worldOf(risky);
  const mortal = fate?.what === "killed" ? fate : null;
  const files = filesOf(node, mortal);
  const peer = stranger(world, {
    machine: node.machine,
    boot: node.boot,
    statement: { purpose: "init" },
  });
  return {
    store: risky,
    chain: CHAIN,
    references: [REFERENCES[0]],
    body: BODY,
    machine: peer.machine,
    peer: () => Promise.resolve(peer),
    place: { group: "", url: "https://127.0.0.1:9000" },
    clock: { now: () => NOW },
    files,
    makeKeys: () => {
      const key = crypto.getRandomValues(new Uint8Array(16));
      return Promise.resolve({ nodeAuthority: key, nodeAuthorityKey: key, logKey: key });
    },
    join: (secrets) => {
      const { nodeAuthority, grant } = secrets;
      return new JoinService({ ...partsOf(world), nodeAuthority, grant: () => grant });
    },
    isPlaced: () => node.register.length > 0,
    extend: async ({ nodeName, lease }) => {
      await moment(mortal);
      const place = `${nodeName} ${lease}`;
      if (!node.register.includes(place)) node.register.push(place);
      await moment(mortal);
    },
    doing: () => {},
    ...change,
  };
}

/** Runs an initialisation to its end, or to the process's. */
export async function initialise(parts: InitParts): Promise<Initialised> {
  return await runInit(await createInit(parts));
}

async function moment(fate: Fate | null): Promise<void> {
  await Promise.resolve();
  if (fate === null || fate.left-- !== 0) return;
  if (fate.what === "killed") throw new Killed();
  throw new UnavailableError("Cannot reach the store", {
    code: "store.unreachable",
    retryable: true,
  });
}

/** A change may be made and nobody told. */
function riskyStore(store: Store, fate: Fate): Store {
  return {
    read: (key) => store.read(key),
    list: (prefix) => store.list(prefix),
    commit: async (change) => {
      await moment(fate);
      const made = await store.commit(change);
      await moment(fate);
      return made;
    },
  };
}

function filesOf({ disk }: Node, fate: Fate | null): StateFiles {
  return {
    read: (name) => Promise.resolve(disk.get(name)?.slice() ?? null),
    write: async (name, bytes) => {
      await moment(fate);
      disk.set(name, bytes.slice());
      await moment(fate);
    },
    remove: (name) => {
      disk.delete(name);
      return Promise.resolve();
    },
  };
}

/**
 * Looks that a cluster is what one initialisation makes, however often it was ended.
 *
 * @param node The first node.
 * @param store The store.
 * @param result What came of the last attempt.
 * @param boots How many boots were admitted.
 */
export async function isOneCluster(
  node: Node,
  store: Store,
  { answer, secrets }: Initialised,
  boots = 1,
): Promise<void> {
  const world = worldOf(store);
  const happened = (await world.events()).map(({ kind, node }) => `${kind} ${node}`.trim());
  const further = ["fence control-plane-1", "admit control-plane-1"];
  const more = Array.from({ length: boots - 1 }, () => further).flat();
  deepEqual(happened, ["manifest", "admit control-plane-1", ...more]);
  await agree(world);
  const [lease] = await store.list("lease/");
  const { id } = JSON.parse(new TextDecoder().decode(lease?.value));
  deepEqual(node.register, [`control-plane-1 ${id}`]);
  equal(answer.nodeName, "control-plane-1");
  deepEqual(answer.nodeAuthority, secrets.nodeAuthority);
  const record = JSON.parse(new TextDecoder().decode((await store.read("init"))?.value));
  deepEqual(record.steps, INIT_STEPS);
  ok((await store.list("manifest/")).length === 1 && (await store.list("reference/")).length === 1);
  const before = await contents(store);
  const again = await initialise(initParts(node, store));
  deepEqual(again.answer, { ...answer, already: "yes" });
  deepEqual(await contents(store), before, "the same request again changes nothing");
}

/** Prefixes of all that a store holds of a cluster. */
const PREFIXES = ["event/", "manifest/", "reference/", "member/", "lease/", "machine/", "ticket/"];

/** All records of a cluster. */
export async function contents(store: Store): Promise<readonly string[]> {
  const single = await Promise.all(["init", "events"].map((key) => store.read(key)));
  const lists = await Promise.all(PREFIXES.map((prefix) => store.list(prefix)));
  return [...single, ...lists.flat()].flatMap((record) =>
    record === null ? [] : [`${record.key} ${record.revision}`]
  );
}

/** Removes all records of a cluster. */
export async function emptied(store: Store): Promise<void> {
  const remove = (await contents(store)).map((line) => line.slice(0, line.indexOf(" ")));
  if (remove.length > 0) ok(await store.commit({ expect: [], put: [], remove }));
}
