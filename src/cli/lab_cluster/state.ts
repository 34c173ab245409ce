/**
 * What a lab writes down of itself: enough that any later command finds all of
 * it, wherever the one before ended.
 *
 * @module
 */

import { integer, list, listOrNone, object, oneOf, required, text } from "../../core/decode.ts";
import type { LabFolders, ProcessMark } from "../../core/lab_ports.ts";
import { readJson } from "./files.ts";
import type { LabPaths } from "./paths.ts";

/** Ways in which a machine can be made wrong, to see it refused; empty for none. */
export const BENDS = ["registers", "host-data", "no-tee"] as const;

/** One of them. */
export type LabBend = (typeof BENDS)[number];

/** Most machines of a lab: ports and processes of one computer. */
export const MAX_MACHINES = 50;

/** A machine. */
export interface LabMachine {
  /** Name, as `vm-1`; the node gets its own from the join service. */
  readonly name: string;
  /** Node group that it is launched for. */
  readonly group: "control-plane" | "worker";
  /** Port of its agent on the loopback. */
  readonly port: number;
  /** What is wrong with it; empty for nothing. */
  readonly bend: LabBend | "";
  /** Name of the node that it was last; empty before. */
  readonly nodeName: string;
  /** How often it was booted. */
  readonly boots: number;
  /** Whether it is meant to run. */
  readonly power: "on" | "off";
}

/** A process of a lab. */
export interface LabProcess extends ProcessMark {
  /** What it is: `etcd`, `tee`, `tpm/vm-1`, `node/vm-1`. */
  readonly role: string;
}

/** A lab as it is written down. */
export interface LabState {
  /** Mark of the form. */
  readonly kind: "casemate-lab-cluster/v1";
  /** Name. */
  readonly name: string;
  /** When it was begun, ISO 8601. */
  readonly created: string;
  /** Whether it is being brought up or taken down, whatever came of that. */
  readonly goal: "up" | "down";
  /** How far it came: `up` once all was verified. */
  readonly reached: "begun" | "up";
  /** Id of the cluster, hex; empty before the owner has a key. */
  readonly clusterId: string;
  /** Run of this computer in which the processes were started. */
  readonly machineBoot: string;
  /** Ports of etcd on the loopback. */
  readonly etcd: { readonly client: number; readonly peer: number };
  /** Machines. */
  readonly machines: readonly LabMachine[];
  /** Processes that were started, one of each role. */
  readonly processes: readonly LabProcess[];
}

/** Mark of the form. */
export const STATE_KIND: LabState["kind"] = "casemate-lab-cluster/v1";

const PORT = integer(1, 65535);

const STATE = object<LabState>({
  kind: required(oneOf("casemate-lab-cluster/v1"), "Mark of the form"),
  name: required(text("[a-z0-9][a-z0-9-]{0,19}", "a name"), "Name"),
  created: required(text("[0-9T:.Z-]{20,24}", "a moment"), "When it was begun"),
  goal: required(oneOf("up", "down"), "What it is meant to be"),
  reached: required(oneOf("begun", "up"), "How far it came"),
  clusterId: required(text("(?:[0-9a-f]{64})?", "an id, or nothing"), "Id of the cluster"),
  machineBoot: required(text("[0-9a-f-]{36}", "a boot id"), "Run of this computer"),
  etcd: required(
    object({ client: required(PORT, "For clients"), peer: required(PORT, "For peers") }),
    "Ports of etcd",
  ),
  machines: required(
    list(
      object<LabMachine>({
        name: required(text("vm-[0-9]{1,3}", "a name as vm-1"), "Name"),
        group: required(oneOf("control-plane", "worker"), "Node group"),
        port: required(PORT, "Port of its agent"),
        bend: required(oneOf("", ...BENDS), "What is wrong with it"),
        nodeName: required(text("[a-z0-9.-]{0,63}", "a name, or nothing"), "Name of the node"),
        boots: required(integer(0, Number.MAX_SAFE_INTEGER), "How often it was booted"),
        power: required(oneOf("on", "off"), "Whether it is meant to run"),
      }),
      MAX_MACHINES,
    ),
    "Machines",
  ),
  processes: required(
    listOrNone(
      object<LabProcess>({
        role: required(text("[a-z0-9/-]{1,40}", "a role"), "What it is"),
        pid: required(integer(1, Number.MAX_SAFE_INTEGER), "Number"),
        started: required(text("[0-9]{1,20}", "a number"), "When it was started"),
      }),
      2 * MAX_MACHINES + 2,
    ),
    "Processes",
  ),
});

/**
 * Reads what a lab wrote down; null where there is no lab.
 *
 * @param folders The machine's folders.
 * @param paths Where the lab is.
 * @throws {InputError} `lab.damaged`
 */
export async function readState(folders: LabFolders, paths: LabPaths): Promise<LabState | null> {
  if (await folders.size(paths.state) === null) return null;
  return await readJson({ folders }, paths.state, STATE);
}

/** A lab whose state is kept on disk with each change. */
export class LabRecord {
  readonly #folders: LabFolders;
  readonly #paths: LabPaths;
  #state: LabState;
  /** Writes follow each other, so that the newest state is the last one written. */
  #before: Promise<void> = Promise.resolve();

  /**
   * @param folders The machine's folders.
   * @param paths Where the lab is.
   * @param state What it is.
   */
  constructor(folders: LabFolders, paths: LabPaths, state: LabState) {
    this.#folders = folders;
    this.#paths = paths;
    this.#state = state;
  }

  /** What the lab is. */
  get state(): LabState {
    return this.#state;
  }

  /**
   * Changes what the lab is; resolves when that is on disk.
   *
   * @param change Makes the new state of the old one.
   */
  change(change: (state: LabState) => LabState): Promise<void> {
    this.#state = change(this.#state);
    const bytes = new TextEncoder().encode(`${JSON.stringify(this.#state, null, 2)}\n`);
    this.#before = this.#before.then(() => this.#folders.write(this.#paths.state, bytes));
    return this.#before;
  }

  /**
   * Changes one machine.
   *
   * @param name Its name.
   * @param change What is different.
   */
  changeMachine(name: string, change: Partial<LabMachine>): Promise<void> {
    return this.change((state) => ({
      ...state,
      machines: state.machines.map((one) => one.name === name ? { ...one, ...change } : one),
    }));
  }
}
