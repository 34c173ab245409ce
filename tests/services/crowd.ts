/**
 * Many nodes that join at once, over several join services on one store.
 *
 * @module
 */

import { deepEqual, equal, ok } from "node:assert/strict";
import { CasemateError } from "../../src/core/errors.ts";
import type { JoinAnswer } from "../../src/protocol/join.ts";
import type { Store } from "../../src/services/store/store.ts";
import { agree, group, insider, intent, makeWorld, stay, stranger, wish } from "./world.ts";

/** Control planes. */
const SERVICES = 3;

/** Machines that find no place. */
const TOO_MANY = 20;

/**
 * Has machines ask at once for some places less than they are, some of them twice; then all members renew at once.
 *
 * @param machines How many.
 * @param open Opens the store of a cluster for one control plane.
 */
export async function crowd(
  machines: number,
  open: (clusterId: string) => Store | Promise<Store>,
): Promise<void> {
  const places = machines - TOO_MANY;
  const wanted = intent(group("control-plane", 3), group("worker", places - 3));
  const world = await makeWorld(wanted, open);
  const { clusterId } = world.chain;
  const stores = await Promise.all(Array.from({ length: SERVICES }, () => open(clusterId)));
  const services = stores.map((store) => world.service({ store }));
  const serviceOf = (machine: number) => services[machine % SERVICES] ?? world.service();
  const ask = (machine: number, by = machine): Promise<JoinAnswer | string> => {
    const name = machine < 10 ? "control-plane" : "worker";
    return serviceOf(by).admit(stranger(world, { machine }), wish(name)).catch(codeOf);
  };
  const all = Array.from({ length: machines }, (_, machine) => machine);
  const twice = all.filter((machine) => machine % 5 === 0);
  const [answers, again] = await Promise.all([
    Promise.all(all.map((machine) => ask(machine))),
    Promise.all(twice.map((machine) => ask(machine, machine + 1))),
  ]);
  const admitted = answers.flatMap((answer, machine) =>
    typeof answer === "string" ? [] : [{ machine, answer }]
  );
  deepEqual(admitted.map(({ answer }) => answer.nodeName).sort(), expectedNames(places));
  equal(new Set(admitted.map(({ answer }) => answer.lease)).size, places);
  const refused = answers.filter((answer) => typeof answer === "string");
  deepEqual([...new Set(refused)], ["join.name_held"]);
  for (const [i, machine] of twice.entries()) {
    const [one, other] = [answers[machine], again[i]];
    if (typeof one === "string" || one === undefined) continue;
    ok(typeof other === "object" && other.nodeName === one.nodeName && other.lease === one.lease);
  }
  const renewals = admitted.map(({ machine, answer }) =>
    serviceOf(machine + 1).renew(insider(world, { machine, keys: 2 }, answer), stay(answer))
  );
  equal((await Promise.all(renewals)).length, places);
  const events = await world.events();
  equal(events.filter(({ kind }) => kind === "admit").length, places);
  equal(events.filter(({ kind }) => kind === "renew").length, places);
  equal(events.length, 1 + 2 * places);
  await agree(world);
}

function expectedNames(places: number): readonly string[] {
  const numbers = (name: string, count: number) =>
    Array.from({ length: count }, (_, i) => `${name}-${i + 1}`);
  return [...numbers("control-plane", 3), ...numbers("worker", places - 3)].sort();
}

function codeOf(error: unknown): string {
  if (error instanceof CasemateError) return error.code;
  throw error;
}
