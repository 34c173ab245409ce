/**
 * Machines of the lab for the second client: a TPM in software as Google's, and
 * a TEE, each behind a unix socket.
 *
 * @module
 */

import { fromHex } from "../../src/core/bytes.ts";
import type { AmdAuthority, TpmAuthority } from "../../src/lab/mod.ts";
import { LAB_INSTANCE, pem } from "../../src/lab/mod.ts";
import { bootTpm, manufactureTpm } from "../../src/lab/machine/mod.ts";
import { createLabTee, makeLabChip } from "../../src/lab/tee/mod.ts";
import { connected, withSwtpm } from "../tpm/swtpm.ts";

/** Whose machine it is. */
export interface Maker {
  /** In AMD's place. */
  readonly amd: AmdAuthority;
  /** In Google's place. */
  readonly google: TpmAuthority;
  /** When papers are written. */
  readonly now: Date;
}

/** A machine that runs, as the Python program takes it. */
export interface RunningMachine {
  /** Path of the TPM's socket. */
  readonly tpm: string;
  /** Path of the TEE's socket. */
  readonly tee: string;
  /** Path of the firmware's event log. */
  readonly eventLog: string;
  /** Its folder, for whatever else there is. */
  readonly folder: string;
}

/** How a machine is. */
export interface MachineOptions {
  /** Cluster that it is launched for, hex. */
  readonly clusterId: string;
  /** Whether it boots another image than the lab's. */
  readonly bent?: boolean;
}

/**
 * Runs a machine that has just booted, uses it and switches it off.
 *
 * @param maker Whose machine it is.
 * @param options How it is.
 * @param use What is done with it.
 */
export async function withMachine<T>(
  { amd, google, now }: Maker,
  { clusterId, bent = false }: MachineOptions,
  use: (machine: RunningMachine) => Promise<T>,
): Promise<T> {
  const chip = await makeLabChip(amd, { now, hostData: fromHex(clusterId) });
  return await withSwtpm({}, async (swtpm) => {
    const log = await connected(swtpm, async (device) => {
      await manufactureTpm(device, { authority: google, instance: LAB_INSTANCE, now });
      return await bootTpm(device, bent);
    });
    const { folder } = swtpm;
    const machine = {
      tpm: swtpm.address.replace(/^unix:/, ""),
      tee: `${folder}/tee.sock`,
      eventLog: `${folder}/eventlog`,
      folder,
    };
    await Deno.writeFile(machine.eventLog, log);
    await using _tee = Deno.serve({ path: machine.tee, onListen: () => {} }, createLabTee(chip));
    return await use(machine);
  });
}

/**
 * Roots of a maker, PEM.
 *
 * @param maker The maker.
 */
export function rootsOf({ amd, google }: Maker): string {
  return pem("CERTIFICATE", amd.ARK.certificate) + pem("CERTIFICATE", google.root.certificate);
}
