/**
 * Attacks on an agent that joins, by whoever answers it: each says what the
 * agent is offered, and how one sees that it was taken in.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { RunningMachine } from "../../second_client/machine.ts";
import type { Weakening } from "../weaken.ts";
import { type Agent, bootOf, isWaiting, type Launch, type Line } from "./agent.ts";
import type { Program } from "./program.ts";
import { STOLEN } from "./rogue.ts";
import { type ControlPlane, joinHonestly, type Stage, startAgent, withNode } from "./stage.ts";
import type { Tap } from "./tap.ts";

/** Control planes of the cluster that is attacked. */
export interface Stood {
  /** One that knows the owner's first manifest alone. */
  readonly old: ControlPlane;
  /** One that knows the second. */
  readonly current: ControlPlane;
  /** One that knows another second, which the owner signed as well. */
  readonly forked: ControlPlane;
}

/** What an agent is offered. */
export interface Offer {
  /** What it is launched with. */
  readonly launch: Partial<Launch>;
  /** Who listens; null where it is a control plane of the cluster. */
  readonly tap: Tap | null;
  /** Whether it was taken in, by what it told when it was admitted; default: it has the rogue's name. */
  readonly isTaken?: (line: Line) => boolean;
  /** The control plane that gives a name away when the attack succeeds; absent for none. */
  readonly at?: ControlPlane;
}

/** An attack. */
export interface JoinAttack {
  /** Its name. */
  readonly name: string;
  /** Code that the agent refuses with. */
  readonly code: string;
  /** The defence that is switched off, in words. */
  readonly without: string;
  /** How; nothing where the attack is on what is no single defence. */
  readonly weakenings: readonly Weakening[];
  /** What comes of it then: `succeeded`, or the code of what stands behind. */
  readonly then?: string;
  /** Whether the agent has shown its evidence when it refuses: only to who proved to be a control plane. */
  readonly shows?: true;
  /** Whether the machine has to boot anew before it joins where it should: what it was launched for is measured. */
  readonly spoils?: true;
  /**
   * Offers it.
   *
   * @param stage The stage.
   * @param stood Control planes.
   * @param use Is given the offer, while it stands.
   * @param teach Lets an agent see what it may know from before.
   */
  offer<T>(
    stage: Stage,
    stood: Stood,
    use: (offer: Offer) => Promise<T>,
    teach: (launch: Partial<Launch>) => Promise<void>,
  ): Promise<T>;
}

/**
 * Attacks an agent. Where it refuses: it is as it was, showed nobody its evidence, and joins honestly.
 *
 * @param stage The stage.
 * @param stood Control planes.
 * @param attack The attack.
 * @param program The agent's program.
 * @returns `succeeded`, or the code that it refused with.
 */
export async function attackAgent(
  stage: Stage,
  stood: Stood,
  attack: JoinAttack,
  program: Program,
): Promise<string> {
  return await withNode(stage, async (machine) => {
    const teach = async (launch: Partial<Launch>) => {
      await using agent = await startAgent(stage, program, machine, launch);
      await agent.tells("refused");
    };
    const outcome = await attack.offer(
      stage,
      stood,
      (offer) => offered(stage, { attack, program, machine, offer }),
      teach,
    );
    if (outcome !== "succeeded" && attack.spoils !== true) {
      await joinHonestly(stage, machine, stood.current);
    }
    return outcome;
  });
}

async function offered(
  stage: Stage,
  { attack, program, machine, offer }: {
    readonly attack: JoinAttack;
    readonly program: Program;
    readonly machine: RunningMachine;
    readonly offer: Offer;
  },
): Promise<string> {
  const line = await firstOutcome(stage, { program, machine, offer });
  if (line["event"] === "admitted") {
    const isTaken = offer.isTaken?.(line) ?? line["nodeName"] === STOLEN;
    offer.at?.names.push(String(line["nodeName"]));
    assert.ok(isTaken, JSON.stringify(line));
    return "succeeded";
  }
  const { clusterId = stage.owner.clusterId } = offer.launch;
  assert.ok(await isWaiting(machine, clusterId), "the machine was changed");
  if (offer.tap !== null) await assertHeard(offer.tap, machine, attack.shows === true);
  return String(line["code"]);
}

async function firstOutcome(
  stage: Stage,
  { program, machine, offer }: {
    readonly program: Program;
    readonly machine: RunningMachine;
    readonly offer: Offer;
  },
): Promise<Line> {
  const launch = { group: "worker", ...offer.launch };
  await using agent: Agent = await startAgent(stage, program, machine, launch);
  return await agent.tells("refused", "admitted");
}

/** What an agent said before it refused: questions that anybody could ask, and neither its evidence nor anything sealed. */
async function assertHeard(tap: Tap, machine: RunningMachine, shows: boolean): Promise<void> {
  const heard = tap.heard();
  const paths = tap.asked().filter((path) => !["/v1/manifest", "/v1/attest"].includes(path));
  assert.deepEqual(paths, shows ? ["/v1/join"] : []);
  assert.match(heard, /^GET \/v1\/manifest HTTP\/1\.1\r\n/);
  const boot = await bootOf(machine);
  assert.equal(/"(envelope|ciphertext|enc)"/.test(heard), shows);
  assert.ok(!heard.includes(boot), "it named its boot");
}
