/**
 * Machines that join, reboot, fall silent, renew and leave in any order, over
 * three control planes whose store is silent now and then: whatever happened,
 * names are held once, and nobody holds one who was fenced.
 */

import { equal, ok } from "node:assert/strict";
import { CasemateError, UnavailableError } from "../../src/core/errors.ts";
import type { JoinAnswer } from "../../src/protocol/join.ts";
import type { Store } from "../../src/services/store/store.ts";
import {
  agree,
  group,
  insider,
  intent,
  type Machine,
  makeWorld,
  stay,
  stranger,
  wish,
  type World,
} from "./world.ts";

/** Numbers in an order that a seed gives (xorshift32). */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % sides;
  };
}

/** A store that is silent before or after a change, one time in six. */
function moody(store: Store, roll: (sides: number) => number): Store {
  const silence = () => {
    if (roll(12) > 0) return;
    throw new UnavailableError("Cannot reach the store", {
      code: "store.unreachable",
      retryable: true,
    });
  };
  return {
    read: (key) => store.read(key),
    list: (prefix) => store.list(prefix),
    commit: async (change) => {
      silence();
      const made = await store.commit(change);
      silence();
      return made;
    },
  };
}

/** Answers that are part of life in a storm. */
const USUAL: readonly string[] = [
  "store.unreachable",
  "join.full",
  "join.name_held",
  "join.ticket_needed",
  "join.fenced",
  "join.not_member",
];

interface Walker {
  readonly machine: number;
  boot: number;
  keys: number;
  answer: JoinAnswer | null;
}

async function usual<T>(work: Promise<T>, told: (code: string) => void): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    ok(error instanceof CasemateError && USUAL.includes(error.code), String(error));
    told(error.code);
    return null;
  }
}

async function storm(seed: number): Promise<ReadonlySet<string>> {
  const roll = dice(seed);
  const world: World = await makeWorld(intent(group("control-plane", 2), group("worker", 3)));
  const services = [1, 2, 3].map(() => world.service({ store: moody(world.store, roll) }));
  const walkers: Walker[] = Array.from(
    { length: 8 },
    (_, machine) => ({ machine, boot: 1, keys: 1, answer: null }),
  );
  const codes = new Set<string>();
  const step = async (walker: Walker) => {
    const service = services[roll(3)] ?? world.service();
    const { machine, boot, keys, answer } = walker;
    const node: Machine = { machine, boot, keys };
    const name = machine < 3 ? "control-plane" : "worker";
    switch (roll(8)) {
      case 0:
        return void Object.assign(walker, { boot: boot + 1, keys: keys + 1, answer: null });
      case 1:
        return void (world.now += roll(40) * 1000);
      case 2:
        return await service.observe();
      case 3:
        if (answer !== null) {
          await usual(service.release(answer.nodeName), (code) => codes.add(code));
        }
        return;
      case 4:
        walker.keys++;
        return;
      default:
        if (answer === null) {
          const asked = service.admit(stranger(world, node), wish(name));
          walker.answer = await usual(asked, (code) => codes.add(code));
          return;
        }
        await usual(service.renew(insider(world, node, answer), stay(answer)), (code) => {
          codes.add(code);
          if (code === "join.fenced" || code === "join.not_member") walker.boot++;
          if (code === "join.fenced" || code === "join.not_member") walker.answer = null;
        });
    }
  };
  for (let round = 0; round < 60; round++) {
    await Promise.all(walkers.filter(() => roll(2) === 0).map(step));
    await agree(world);
    await heldOnce(world);
  }
  return codes;
}

async function heldOnce(world: World): Promise<void> {
  const members = await world.service().members();
  equal(new Set(members.map(({ nodeName }) => nodeName)).size, members.length);
  equal(new Set(members.map(({ machine }) => machine)).size, members.length);
  const count = (name: string) => members.filter((member) => member.group === name).length;
  ok(count("control-plane") <= 2 && count("worker") <= 3);
}

Deno.test("JoinService keeps names whole through a storm of joins, reboots, silence and ends", async () => {
  const seen = new Set<string>();
  for (let seed = 1; seed <= 6; seed++) {
    for (const code of await storm(seed * 7919)) seen.add(code);
  }
  for (const code of USUAL) {
    if (code !== "join.full") ok(seen.has(code), `${code} was never seen`);
  }
});
