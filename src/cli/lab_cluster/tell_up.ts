/**
 * Telling that a lab is up: its nodes with what was proven of them, and what to
 * do with it.
 *
 * @module
 */

import type { Build } from "../../core/ports.ts";
import type { Context, Format } from "../context.ts";
import { bulleted, usableWidth } from "../output/layout.ts";
import { printable } from "../output/printable.ts";
import { renderTable } from "../output/shown_table.ts";
import { styleOf } from "../output/style.ts";
import { typed } from "../output/typed.ts";
import type { Progress } from "./progress.ts";
import type { LabState } from "./state.ts";
import type { LabVerdict, MachineVerdict } from "./verdict.ts";

/** A lab that is up. */
export interface LabUp {
  /** What it is. */
  readonly state: LabState;
  /** Where it is. */
  readonly folder: string;
  /** What was verified. */
  readonly verified: LabVerdict;
  /** How long it took, seconds. */
  readonly seconds: number;
  /** Whether it was up before. */
  readonly already: boolean;
  /** What finds it by another command. */
  readonly which: string;
}

/**
 * Tells it.
 *
 * @param context The machine.
 * @param format Form.
 * @param progress Where events are told.
 * @param up The lab.
 */
export function tellUp(
  { host: { terminal, build } }: Context,
  format: Format,
  progress: Progress,
  up: LabUp,
): void {
  const { state, folder, verified, seconds, already, which } = up;
  if (format === "json") {
    const { verdict, clusterId, machines } = verified;
    return progress.event("up", {
      name: state.name,
      folder,
      clusterId,
      verdict,
      seconds,
      already,
      machines,
    });
  }
  const width = usableWidth(terminal.width);
  const style = styleOf(terminal.colour);
  const rows = verified.machines.map((one) => [
    one.nodeName === "" ? "-" : one.nodeName,
    one.machine,
    one.verdict,
    wordsOn(one, state),
  ]);
  const table = renderTable({ columns: ["NODE", "MACHINE", "VERDICT", "ROLE"], rows }, {
    width,
    style,
  });
  const paint = isGood(verified) ? style.good : style.bad;
  const lines = [
    "",
    paint(style.bold(headline(verified))),
    ...bulleted("", [meaning(verified)], { width, indent: "" }),
    "",
    ...table,
    "",
    `Lab ${state.name} ${already ? "was up already" : `is up after ${seconds.toFixed(1)} s`}: ${
      printable(folder)
    }`,
    ...commandsFor(build, which).map((line) => style.dim(line)),
  ];
  terminal.out(`${lines.join("\n")}\n`);
}

/**
 * Whether every machine that ought to be a member proved to be one.
 *
 * @param verdict What was verified.
 */
export function isGood({ verdict }: LabVerdict): boolean {
  return verdict === "lab-trusted" || verdict === "trusted";
}

function headline({ verdict }: LabVerdict): string {
  return verdict.toUpperCase();
}

function meaning(verified: LabVerdict): string {
  const { machines } = verified;
  if (!isGood(verified)) return "Not every machine proved that it is a member of the cluster.";
  const proven = machines.filter(({ nodeName }) => nodeName !== "").length;
  const nodes = proven === 1 ? "1 node" : `${proven} nodes`;
  return `${nodes} proved image, cluster, role and keys by evidence of their own; ` +
    "all of it is rooted in a lab, which proves nothing about real hardware.";
}

function wordsOn({ machine, code, role }: MachineVerdict, { machines }: LabState): string {
  if (code === "") return role;
  const bend = machines.find(({ name }) => name === machine)?.bend ?? "";
  return bend === "" ? code : `${code}, as it ought to be (bent: ${bend})`;
}

function commandsFor(build: Build, which: string): readonly string[] {
  return ["status", "logs", "down"].map((verb) =>
    `  ${printable(typed(build, `lab ${verb}${which}`))}`
  );
}

/**
 * What is left, and what can be done with it, where the command is ended before its end.
 *
 * @param build How it was started.
 * @param which What finds the lab by another command.
 */
export function brokenOff(build: Build, which: string): string {
  const command = (verb: string): string => printable(typed(build, `lab ${verb}${which}`));
  return `\nBroken off; what was started runs on.\n  ${command("up")}    goes on\n` +
    `  ${command("down")}  ends all of it\n`;
}
