/**
 * Where the files of a lab are.
 *
 * @module
 */

import { InputError } from "../../core/errors.ts";
import type { LabCode } from "../../lab/codes.ts";

/** Longest path of a unix socket (unix(7): 108 bytes with the zero behind it). */
const MAX_SOCKET_PATH = 107;

/** Longest name of a machine, as `vm-250`. */
const LONGEST_MACHINE = "vm-250";

/** File in which a lab is written down; a folder without it is no lab. */
export const STATE_FILE = "lab.json";

/** Files of one machine. */
export interface MachinePaths {
  /** Folder. */
  readonly folder: string;
  /** The TPM's own state. */
  readonly tpmState: string;
  /** Says that the maker is done with the TPM. */
  readonly made: string;
  /** Where the TPM answers. */
  readonly tpmSocket: string;
  /** What the TPM's program writes. */
  readonly tpmLog: string;
  /** Where the TEE answers. */
  readonly teeSocket: string;
  /** What the machine is launched with. */
  readonly launch: string;
  /** The agent's own files. */
  readonly state: string;
  /** The firmware's event log. */
  readonly eventLog: string;
  /** The name of this boot. */
  readonly bootId: string;
  /** What the agent writes. */
  readonly log: string;
}

/** Files of a lab. */
export interface LabPaths {
  /** Folder. */
  readonly folder: string;
  /** Stands for whoever works on the lab; beside the folder, since that goes. */
  readonly lock: string;
  /** Folder of a lab that is not begun yet, and of one that goes: a lab's own name is only ever of a whole one. */
  readonly coming: string;
  readonly going: string;
  /** What there is, as a command that ends early leaves it behind. */
  readonly state: string;
  /** Roots of the lab's authorities, PEM. */
  readonly roots: string;
  /** Keys of the lab's authorities. */
  readonly amd: string;
  readonly tpm: string;
  /** Folder of the TEE: a file for each chip. */
  readonly tee: string;
  readonly teeLog: string;
  /** The owner's key, and what comes of it. */
  readonly ownerKey: string;
  readonly masterSecret: string;
  readonly ownerState: string;
  readonly manifest: string;
  readonly reference: string;
  /** What came of the last verification. */
  readonly verdict: string;
  /** Access of control planes to etcd, and etcd itself. */
  readonly store: string;
  readonly etcd: string;
  readonly etcdLog: string;
  /**
   * Files of a machine.
   *
   * @param machine Its name.
   */
  machine(machine: string): MachinePaths;
  /**
   * What the TEE keeps of a machine's chip.
   *
   * @param machine Its name.
   */
  chip(machine: string): string;
}

/**
 * Where the files of a lab are.
 *
 * @param home Folder of labs, from the root on.
 * @param name Name of the lab.
 * @throws {InputError} `lab.path_too_long`
 */
export function labPaths(home: string, name: string): LabPaths {
  const folder = `${home}/${name}`;
  const below = (path: string): string => `${folder}/${path}`;
  const paths: LabPaths = {
    folder,
    lock: `${home}/.${name}.lock`,
    coming: `${home}/.${name}.coming`,
    going: `${home}/.${name}.going`,
    state: below(STATE_FILE),
    roots: below("lab-roots.pem"),
    amd: below("tee/authority.json"),
    tpm: below("tpm-authority.json"),
    tee: below("tee"),
    teeLog: below("tee.log"),
    ownerKey: below("owner/owner.key"),
    masterSecret: below("owner/master"),
    ownerState: below("owner/state"),
    manifest: below("manifest.json"),
    reference: below("reference.json"),
    verdict: below("verdict.json"),
    store: below("store.json"),
    etcd: below("etcd"),
    etcdLog: below("etcd.log"),
    machine: (machine) => machinePaths(below(`nodes/${machine}`)),
    chip: (machine) => below(`tee/${machine}.chip.json`),
  };
  refuseLong(paths.machine(LONGEST_MACHINE).tpmSocket);
  return paths;
}

function machinePaths(folder: string): MachinePaths {
  return {
    folder,
    tpmState: `${folder}/tpm`,
    made: `${folder}/made`,
    tpmSocket: `${folder}/tpm.sock`,
    tpmLog: `${folder}/tpm.log`,
    teeSocket: `${folder}/tee.sock`,
    launch: `${folder}/launch.json`,
    state: `${folder}/state`,
    eventLog: `${folder}/eventlog`,
    bootId: `${folder}/boot_id`,
    log: `${folder}/agent.log`,
  };
}

function refuseLong(socket: string): void {
  const bytes = new TextEncoder().encode(socket).length;
  if (bytes <= MAX_SOCKET_PATH) return;
  const code: LabCode = "lab.path_too_long";
  const fields = { path: socket, expected: `at most ${MAX_SOCKET_PATH} bytes` };
  const message = `Cannot put sockets at ${socket}: it has ${bytes} bytes, ` +
    `and the system takes ${MAX_SOCKET_PATH} at most`;
  throw new InputError(message, { code, fields });
}
