/**
 * What machines a lab shall have, as the command line says it.
 *
 * @module
 */

import { InputError } from "../../core/errors.ts";
import type { LabCode } from "../../lab/codes.ts";
import type { Given } from "../input/given.ts";
import { BENDS, type LabBend, type LabState, MAX_MACHINES } from "./state.ts";

/** Machines of a lab where nothing is said. */
const DEFAULTS = { "control-planes": 3, workers: 2 } as const;

/** What is asked for. */
export interface Wishes {
  /** Control planes. */
  readonly controlPlanes: number;
  /** Workers. */
  readonly workers: number;
  /** What is wrong with which machine. */
  readonly bends: ReadonlyMap<string, LabBend>;
}

/**
 * Reads what is asked for.
 *
 * @param given The flags.
 * @throws {InputError} `input.value`, `lab.bend`
 */
export function readWishes(given: Given): Wishes {
  const controlPlanes = count(given, "control-planes", 1);
  const workers = count(given, "workers", 0);
  if (controlPlanes + workers > MAX_MACHINES) {
    throw refuse(
      "--workers",
      `${controlPlanes + workers} machines, expected at most ${MAX_MACHINES}`,
    );
  }
  const bends = new Map(given.texts("bend").map(readBend));
  for (const machine of bends.keys()) {
    const number = Number(machine.slice("vm-".length));
    if (number <= controlPlanes + workers) continue;
    throw badBend(machine, `there are machines vm-1 to vm-${controlPlanes + workers}`);
  }
  return { controlPlanes, workers, bends };
}

function count(given: Given, flag: "control-planes" | "workers", least: number): number {
  const text = given.text(flag);
  if (text === undefined) return DEFAULTS[flag];
  const number = /^\d{1,3}$/.test(text) ? Number(text) : -1;
  if (number >= least && number <= MAX_MACHINES) return number;
  throw refuse(`--${flag}`, `${JSON.stringify(text)}, expected ${least} to ${MAX_MACHINES}`);
}

function refuse(flag: string, problem: string): InputError {
  const code = "input.value";
  return new InputError(`Cannot use ${flag}: ${problem}`, { code, fields: { flag } });
}

/**
 * Reads what is wrong with which machine.
 *
 * @param text As `vm-5=registers`.
 * @throws {InputError} `lab.bend`
 */
export function readBend(text: string): readonly [machine: string, bend: LabBend] {
  const [machine = "", how = ""] = text.split("=", 2);
  const bend = BENDS.find((known) => known === how);
  if (bend !== undefined && /^vm-[1-9]\d{0,2}$/.test(machine)) return [machine, bend];
  throw badBend(text, `expected MACHINE=HOW, as vm-5=registers; HOW is ${BENDS.join(", ")}`);
}

function badBend(text: string, problem: string): InputError {
  const code: LabCode = "lab.bend";
  const message = `Cannot use --bend ${JSON.stringify(text)}: ${problem}`;
  return new InputError(message, { code, fields: { flag: "--bend" } });
}

/**
 * Refuses a lab that is there with other machines than are asked for. What is not said, is not asked.
 *
 * @param state What there is.
 * @param given The flags.
 * @param wishes What they say.
 * @throws {InputError} `lab.differs`
 */
export function requireSame({ name, machines }: LabState, given: Given, wishes: Wishes): void {
  const has = (group: string): number => machines.filter((one) => one.group === group).length;
  const compared = [
    ["control-planes", has("control-plane"), wishes.controlPlanes],
    ["workers", has("worker"), wishes.workers],
  ] as const;
  for (const [flag, actual, expected] of compared) {
    if (!given.has(flag) || actual === expected) continue;
    throw differs(name, `--${flag}`, `it has ${actual}, asked for are ${expected}`);
  }
  for (const [machine, bend] of wishes.bends) {
    if (machines.some((one) => one.name === machine && one.bend === bend)) continue;
    throw differs(name, "--bend", `${machine} was not made so`);
  }
}

function differs(name: string, flag: string, problem: string): InputError {
  const code: LabCode = "lab.differs";
  const message = `Cannot bring up lab ${name} as asked: ${problem}`;
  return new InputError(message, { code, fields: { flag, name } });
}
