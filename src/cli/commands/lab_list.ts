/**
 * `casemate lab list`: the labs of a folder.
 *
 * @module
 */

import { InputError } from "../../core/errors.ts";
import type { LabHost } from "../../core/lab_ports.ts";
import type { Context } from "../context.ts";
import { readFormat } from "../format.ts";
import type { Given } from "../input/given.ts";
import { labNames } from "../lab_cluster/labs.ts";
import { homeOf } from "../lab_cluster/locate.ts";
import { labPaths } from "../lab_cluster/paths.ts";
import { runningMark } from "../lab_cluster/programs.ts";
import { type LabState, readState } from "../lab_cluster/state.ts";
import { usableWidth } from "../output/layout.ts";
import { printableJson } from "../output/printable.ts";
import { renderTable } from "../output/shown_table.ts";
import { styleOf } from "../output/style.ts";
import { OUTPUT_FLAG } from "../verify_flags.ts";

/** A lab in the list. */
interface Listed {
  readonly name: string;
  readonly is: "up" | "begun" | "going" | "damaged";
  readonly machines: number;
  readonly running: number;
  readonly folder: string;
}

/**
 * Lists the labs of a folder, whatever state they are in.
 *
 * @param context The machine.
 * @param given The flags.
 */
export async function labList({ host }: Context, given: Given): Promise<void> {
  const lab = await host.lab();
  const home = await homeOf(lab.folders, given);
  const names = await labNames(lab.folders, home);
  const labs = await Promise.all(names.map((name) => describe(lab, home, name)));
  if (readFormat(given.text(OUTPUT_FLAG)) === "json") {
    return host.terminal.out(`${printableJson({ v: 1, labs })}\n`);
  }
  if (labs.length === 0) return host.terminal.out("There is no lab; casemate lab up makes one.\n");
  const rows = labs.map(({ name, is, machines, running, folder }) => [
    name,
    WORDS[is],
    `${running}/${machines}`,
    folder,
  ]);
  const page = { width: usableWidth(host.terminal.width), style: styleOf(host.terminal.colour) };
  const columns = ["NAME", "STATE", "RUNNING", "FOLDER"];
  host.terminal.out(`${renderTable({ columns, rows }, page).join("\n")}\n`);
}

const WORDS: Readonly<Record<Listed["is"], string>> = {
  up: "up",
  begun: "begun, not finished",
  going: "being taken down",
  damaged: "damaged",
};

async function describe(lab: LabHost, home: string, name: string): Promise<Listed> {
  const paths = labPaths(home, name);
  const state = await stateOf(lab, home, name);
  if (state === null) {
    return { name, is: "damaged", machines: 0, running: 0, folder: paths.folder };
  }
  const marks = await Promise.all(
    state.machines.map((machine) => runningMark(lab, state, `node/${machine.name}`)),
  );
  const is = state.goal === "down" ? "going" : state.reached;
  const running = marks.filter((mark) => mark !== null).length;
  return { name, is, machines: state.machines.length, running, folder: paths.folder };
}

async function stateOf(lab: LabHost, home: string, name: string): Promise<LabState | null> {
  try {
    return await readState(lab.folders, labPaths(home, name));
  } catch (error) {
    if (error instanceof InputError) return null;
    throw error;
  }
}
