/**
 * Ending agents anywhere: at a point of their way, as a signal would that cannot
 * be caught, then starting them anew over the same TPM, disk and store.
 *
 * @module
 */

import assert from "node:assert/strict";
import { CasemateError } from "../../src/core/errors.ts";
import { listEvents } from "../../src/services/store/events.ts";
import type { Store } from "../../src/services/store/store.ts";
import { type Fate, Killed } from "./mortal.ts";
import {
  initAt,
  type Machine,
  makeOwner,
  makeStore,
  type Owner,
  type Running,
  startAgent,
  untilSo,
  verifyAll,
  withMachines,
} from "./world.ts";

/** Which way is walked. */
export type Way = "init" | "join";

/** Ends an agent at its n-th point, counted from 0; tells how many it came by. */
class Countdown {
  /** Points that were come by. */
  readonly points: string[] = [];
  readonly #at: number;

  constructor(at: number) {
    this.#at = at;
  }

  /** As {@linkcode Fate}. */
  readonly fate: Fate = (point) => this.points.push(point) - 1 === this.#at;
}

/**
 * Names of the points of a way, in order.
 *
 * @param way The way.
 */
export async function pointsOf(way: Way): Promise<readonly string[]> {
  return await killedAt(way, Number.POSITIVE_INFINITY);
}

/**
 * Walks a way, ends the agent at a point, starts it anew and demands that all
 * comes to the same end: one member of one name, told of once.
 *
 * @param way The way.
 * @param at The point, counted from 0; beyond the last nobody is ended.
 * @returns The points that were come by until then.
 */
export async function killedAt(way: Way, at: number): Promise<readonly string[]> {
  const countdown = new Countdown(at);
  await walk(way, countdown.fate);
  return countdown.points;
}

/**
 * The same, ended where a point of that name is come by for the n-th time.
 *
 * @param way The way.
 * @param name The point.
 * @param time From 1.
 */
export async function killedAfter(way: Way, name: string, time: number): Promise<void> {
  let times = 0;
  await walk(way, (point) => point === name && ++times === time);
  assert.ok(times >= time, `${name} was come by ${times} times`);
}

async function walk(way: Way, fate: Fate): Promise<void> {
  const owner = await makeOwner();
  const count = way === "init" ? 1 : 2;
  await withMachines(count, owner.clusterId, async ([first, second]) => {
    if (first === undefined) throw new TypeError("no machine");
    const store = makeStore();
    if (way === "init") return await walkInit(owner, first, store, fate);
    if (second === undefined) throw new TypeError("no second machine");
    await walkJoin(owner, [first, second], store, fate);
  });
}

async function walkInit(owner: Owner, machine: Machine, store: Store, fate: Fate): Promise<void> {
  const before = await startOrKilled(machine, owner, store, { fate });
  if (before !== null) {
    await initAt(owner, before.url).catch(requireKnown);
    await before.end();
  }
  const after = await startAgent(machine, owner.clusterId, store);
  const done = await initAt(owner, after.url);
  assert.equal(done.nodeName, "control-plane-1");
  await requireOneMember(owner, after, store, 1);
  await after.end();
}

async function walkJoin(
  owner: Owner,
  [first, second]: readonly [Machine, Machine],
  store: Store,
  fate: Fate,
): Promise<void> {
  const server = await startAgent(first, owner.clusterId, store);
  await initAt(owner, server.url);
  const how = { peers: [server.url], group: "control-plane" };
  const before = await startOrKilled(second, owner, store, { ...how, fate });
  if (before !== null) {
    await untilSo("it is admitted or was ended", () => before.isOver() || isAdmitted(before));
    await before.end();
  }
  const after = await startAgent(second, owner.clusterId, store, how);
  await untilSo("it is admitted", () => isAdmitted(after));
  await requireOneMember(owner, after, store, 2);
  await after.end();
  await server.end();
}

async function startOrKilled(
  machine: Machine,
  owner: Owner,
  store: Store,
  options: Parameters<typeof startAgent>[3],
): Promise<Running | null> {
  try {
    return await startAgent(machine, owner.clusterId, store, options);
  } catch (error) {
    requireKnown(error);
    return null;
  }
}

/** What the owner and others see of an agent that was ended has a code; what ends it is the tests' own. */
function requireKnown(error: unknown): void {
  if (error instanceof CasemateError) return;
  if (error instanceof Killed) return;
  throw error;
}

/** Whether an agent was admitted. */
export function isAdmitted({ events }: Pick<Running, "events">): boolean {
  return events.some(({ event }) => event === "admitted");
}

async function requireOneMember(
  owner: Owner,
  { url }: Running,
  store: Store,
  members: number,
): Promise<void> {
  const { verdict, members: [member] } = await verifyAll(owner, [url]);
  assert.equal(verdict, "lab-trusted", member?.message ?? "");
  assert.equal(member?.peer?.statement.nodeName, `control-plane-${members}`);
  const names = (await store.list("member/")).map(({ key }) => key);
  assert.equal(names.length, members, names.join(" "));
  const leases = (await store.list("lease/")).map(({ key }) => key);
  assert.equal(leases.length, members, leases.join(" "));
  const events = await listEvents(store);
  const admitted = events.filter(({ kind }) => kind === "admit").map(({ node }) => node);
  assert.deepEqual(admitted, [...new Set(admitted)], "each is told of once");
  assert.equal(admitted.length, members);
}
