/**
 * A lab that is worked on: where it is, what it is, and the computer below.
 *
 * @module
 */

import type { LabHost } from "../../core/lab_ports.ts";
import type { NodeHost } from "../../core/node_host.ts";
import type { Host } from "../../core/ports.ts";
import type { LabPaths } from "./paths.ts";
import type { Progress } from "./progress.ts";
import type { ProgramHost } from "./programs.ts";
import type { LabRecord } from "./state.ts";

/** A lab that is worked on. */
export interface LabWork {
  /** The computer, as every command has it. */
  readonly host: Host;
  /** As labs need it. */
  readonly lab: LabHost;
  /** As agents, and who speaks with them, need it. */
  readonly node: NodeHost;
  /** Where the lab is. */
  readonly paths: LabPaths;
  /** What it is. */
  readonly record: LabRecord;
  /** Tells what is being done. */
  readonly progress: Progress;
  /** Paths of the programs that labs need. */
  readonly programs: LabProgramPaths;
}

/** A lab that is looked at, and the computer. */
export type LabPlace = Pick<LabWork, "host" | "lab" | "paths">;

/** Programs that labs need beside this one. */
export interface LabProgramPaths {
  /** TPMs in software. */
  readonly swtpm: string;
  /** Where the cluster's state is kept. */
  readonly etcd: string;
}

/**
 * Processes and time of a lab.
 *
 * @param work The lab.
 */
export function programHostOf(
  { host, lab, paths }: Pick<LabPlace, "lab" | "paths"> & { readonly host: Pick<Host, "timer"> },
): ProgramHost {
  const { processes, folders, sockets } = lab;
  return { processes, folders, sockets, timer: host.timer, folder: paths.folder };
}
