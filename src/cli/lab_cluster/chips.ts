/**
 * The TEE of a lab: chips of its machines, and the process that answers for them.
 *
 * @module
 */

import { fromHex } from "../../core/bytes.ts";
import type { AmdAuthority } from "../../lab/mod.ts";
import { exportLabChip, makeLabChip } from "../../lab/tee/mod.ts";
import { ensureProgram, untilSo } from "./programs.ts";
import type { LabMachine } from "./state.ts";
import { ensureFile, jsonBytes } from "./files.ts";
import { type LabWork, programHostOf } from "./work.ts";

/** What the TEE is among the processes. */
export const TEE = "tee";

/** Time until it answers, ms. */
const READY = 20_000;

/**
 * Starts the process of the TEE, unless it runs. It answers for each chip as soon as there is one.
 *
 * @param work The lab.
 * @throws {OperationError} `lab.start_failed`
 */
export async function startTee(work: LabWork): Promise<void> {
  const { lab: { folders, processes }, paths, record } = work;
  await folders.make(paths.tee);
  await ensureProgram(programHostOf(work), record, {
    role: TEE,
    log: paths.teeLog,
    command: [...processes.own(), "lab", "tee", "--dir", paths.folder],
  });
}

/**
 * Makes the chip of a machine, launched for the cluster, and waits until the TEE answers for it.
 *
 * @param work The lab.
 * @param machine The machine.
 * @param authority In AMD's place.
 * @throws {OperationError} `lab.start_failed`, `lab.not_ready`
 */
export async function ensureChip(
  work: LabWork,
  { name, bend }: LabMachine,
  authority: AmdAuthority,
): Promise<void> {
  if (bend === "no-tee") return;
  const { host: { clock, random }, lab: { sockets }, paths, record } = work;
  await ensureFile(work.lab, paths.chip(name), async () => {
    const cluster = fromHex(record.state.clusterId);
    const hostData = bend === "host-data" ? random.bytes(cluster.length) : cluster;
    return jsonBytes(exportLabChip(await makeLabChip(authority, { now: clock.now(), hostData })));
  });
  const what = { role: TEE, log: paths.teeLog, within: READY };
  const { teeSocket } = paths.machine(name);
  await untilSo(programHostOf(work), record, what, () => sockets.isHeld(teeSocket));
}
