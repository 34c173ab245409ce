/**
 * `casemate lab node stop|start|reboot|add`: single machines of a lab.
 *
 * @module
 */

import { InputError } from "../../core/errors.ts";
import type { LabCode } from "../../lab/codes.ts";
import type { Context } from "../context.ts";
import { readFormat } from "../format.ts";
import type { Given } from "../input/given.ts";
import { busy, findLab } from "../lab_cluster/locate.ts";
import { addMachine, powerOn, stopMachine } from "../lab_cluster/power.ts";
import { ensureProgramsThere } from "../lab_cluster/programs_needed.ts";
import { createProgress } from "../lab_cluster/progress.ts";
import { type LabMachine, LabRecord } from "../lab_cluster/state.ts";
import { readBend } from "../lab_cluster/wishes.ts";
import type { LabWork } from "../lab_cluster/work.ts";
import { OUTPUT_FLAG } from "../verify_flags.ts";

/** What is done with a machine that there is. */
export type NodeVerb = "stop" | "start" | "reboot";

/**
 * Switches a machine off, on, or both.
 *
 * @param context The machine.
 * @param verb What is done.
 * @param which Name of the node or of the machine.
 * @param given The flags.
 * @throws {InputError} `lab.unknown`, `lab.damaged`
 * @throws {OperationError} `lab.busy`, `lab.start_failed`, `lab.not_ready`
 */
export async function labNode(
  context: Context,
  verb: NodeVerb,
  which: string,
  given: Given,
): Promise<void> {
  await onLab(context, given, async (work) => {
    const machine = machineOf(work, which);
    const { progress } = work;
    if (verb !== "start") {
      const hard = given.has("hard");
      const how = hard ? "loses its power" : "is switched off";
      await progress.step(`${machine.name} ${how}`, () => stopMachine(work, machine, hard));
    }
    if (verb !== "stop") await powerOn(work, machine);
  });
}

/**
 * Adds a machine.
 *
 * @param context The machine.
 * @param given The flags.
 * @throws {InputError} `lab.unknown`, `lab.bend`
 * @throws {OperationError} `lab.busy`, `lab.start_failed`, `lab.not_ready`
 */
export async function labNodeAdd(context: Context, given: Given): Promise<void> {
  const how = given.text("bend");
  const [, bend] = how === undefined ? ["", "" as const] : readBend(`vm-1=${how}`);
  const group = given.text("group") === "control-plane" ? "control-plane" : "worker";
  await onLab(context, given, async (work) => {
    using claims = new DisposableStack();
    await powerOn(work, await addMachine(work, group, bend, claims));
  });
}

async function onLab(
  context: Context,
  given: Given,
  change: (work: LabWork) => Promise<void>,
): Promise<void> {
  const { host } = context;
  const lab = await host.lab();
  const format = readFormat(given.text(OUTPUT_FLAG));
  const progress = createProgress({ ...host, live: lab.live }, format);
  try {
    const { paths, state } = await findLab(lab.folders, given);
    const done = await lab.folders.alone(paths.lock, async () => {
      const programs = await ensureProgramsThere(lab.processes, progress, false);
      const record = new LabRecord(lab.folders, paths, state);
      await change({ host, lab, node: await host.node(), paths, record, progress, programs });
      return true;
    });
    if (done === null) throw busy(state.name);
  } finally {
    progress.end();
  }
}

function machineOf(work: LabWork, which: string): LabMachine {
  const { machines } = work.record.state;
  const named = machines.find(({ name, nodeName }) => name === which || nodeName === which);
  if (named !== undefined) return named;
  const code: LabCode = "lab.unknown";
  const there = machines.flatMap(({ name, nodeName }) =>
    nodeName === "" ? [name] : [nodeName, name]
  )
    .join(", ");
  const message = `Cannot find a node or machine of the name ${which}: there is ${there}`;
  throw new InputError(message, { code, fields: { name: which } });
}
