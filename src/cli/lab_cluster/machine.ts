/**
 * Machines of a lab: a TPM in software for each, made as its maker would, and
 * booted with the lab's image.
 *
 * @module
 */

import { toHex } from "../../core/bytes.ts";
import type { TpmDevice } from "../../evidence/tpm/device/device.ts";
import { shutdown } from "../../evidence/tpm/device/state.ts";
import { bootTpm, manufactureTpm } from "../../lab/machine/mod.ts";
import { LAB_INSTANCE, type TpmAuthority } from "../../lab/mod.ts";
import { endPrograms, ensureProgram, runningMark, untilSo } from "./programs.ts";
import type { LabMachine } from "./state.ts";
import { bytesOf, ensureFile } from "./files.ts";
import { type LabWork, programHostOf } from "./work.ts";

/** Time until a TPM answers, ms. */
const READY = 10_000;

/** Project whose instances the machines are, as a manifest names it. */
export const LAB_PROJECT: string = LAB_INSTANCE.projectId;

/**
 * What the TPM of a machine is among the processes.
 *
 * @param machine Name of the machine.
 */
export function tpmRole(machine: string): string {
  return `tpm/${machine}`;
}

/**
 * Switches a machine on and boots it, unless that was done.
 *
 * @param work The lab.
 * @param machine The machine.
 * @param authority Certifies the TPM's key.
 * @throws {OperationError} `lab.start_failed`, `lab.not_ready`
 */
export async function startMachine(
  work: LabWork,
  machine: LabMachine,
  authority: TpmAuthority,
): Promise<void> {
  if (await isBooted(work, machine.name)) return;
  // Half a boot has extended some registers: switched off, they begin anew.
  await endPrograms(programHostOf(work), [tpmRole(machine.name)]);
  await switchOn(work, machine.name);
  await withTpm(work, machine.name, (device) => boot(work, machine, authority, device));
}

/** The mark of a boot names the process of the TPM: registers live as long as that. */
async function isBooted(work: LabWork, name: string): Promise<boolean> {
  const mark = await runningMark(programHostOf(work), work.record.state, tpmRole(name));
  if (mark === null) return false;
  const booted = await work.lab.folders.read(bootedFile(work, name));
  return booted !== null && new TextDecoder().decode(booted) === `${mark.pid} ${mark.started}`;
}

function bootedFile({ paths }: LabWork, name: string): string {
  return `${paths.machine(name).folder}/booted`;
}

async function switchOn(work: LabWork, name: string): Promise<void> {
  const { lab: { folders, sockets }, paths, programs, record } = work;
  const { tpmState, tpmSocket, tpmLog, state } = paths.machine(name);
  await folders.make(tpmState);
  await folders.make(state);
  await folders.remove(tpmSocket);
  const host = programHostOf(work);
  await ensureProgram(host, record, {
    role: tpmRole(name),
    log: tpmLog,
    command: [
      ...[programs.swtpm, "socket", "--tpm2", "--tpmstate", `dir=${tpmState}`],
      ...[
        "--server",
        `type=unixio,path=${tpmSocket},mode=0600`,
        "--flags",
        "not-need-init,startup-clear",
      ],
    ],
  });
  const what = { role: tpmRole(name), log: tpmLog, within: READY };
  await untilSo(host, record, what, () => sockets.isHeld(tpmSocket));
}

async function boot(
  work: LabWork,
  machine: LabMachine,
  authority: TpmAuthority,
  device: TpmDevice,
): Promise<void> {
  const { host: { clock, random }, lab: { folders }, paths, record } = work;
  const { name, bend } = machine;
  const { eventLog, bootId, made } = paths.machine(name);
  await ensureFile(work.lab, made, async () => {
    const instance = { ...LAB_INSTANCE, instanceName: name };
    await manufactureTpm(device, { authority, instance, now: clock.now() });
    return bytesOf(clock.now().toISOString());
  });
  await folders.write(eventLog, await bootTpm(device, bend === "registers"));
  await folders.write(bootId, bytesOf(`${uuidOf(random.bytes(16))}\n`));
  await record.changeMachine(name, { boots: machine.boots + 1 });
  const mark = await runningMark(programHostOf(work), record.state, tpmRole(name));
  await folders.write(bootedFile(work, name), bytesOf(`${mark?.pid} ${mark?.started}`));
}

/** As Linux writes the name of a boot (RFC 9562 §5.4). */
function uuidOf(bytes: Uint8Array): string {
  const set = Uint8Array.from(bytes);
  set[6] = 0x40 | ((set[6] ?? 0) & 0x0f);
  set[8] = 0x80 | ((set[8] ?? 0) & 0x3f);
  return toHex(set).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

async function withTpm<T>(
  work: LabWork,
  name: string,
  use: (device: TpmDevice) => Promise<T>,
): Promise<T> {
  const { host: { random, timer, tpms }, paths } = work;
  const transport = await tpms.open(`unix:${paths.machine(name).tpmSocket}`);
  try {
    return await use({ transport, random, timer });
  } finally {
    transport.close();
  }
}

/**
 * Switches a machine off in good order: a TPM that is not told has an unsafe clock for an hour.
 * Its agent must have ended.
 *
 * @param work The lab.
 * @param name Name of the machine.
 */
export async function switchOff(work: LabWork, name: string): Promise<void> {
  const host = programHostOf(work);
  if (await runningMark(host, work.record.state, tpmRole(name)) !== null) {
    await withTpm(work, name, shutdown);
  }
  await endPrograms(host, [tpmRole(name)]);
}
