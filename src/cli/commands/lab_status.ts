/**
 * `casemate lab status`: each machine of a lab, what it is and what it is doing.
 *
 * @module
 */

import type { Context } from "../context.ts";
import { readFormat } from "../format.ts";
import type { Given } from "../input/given.ts";
import { findLab, type FoundLab } from "../lab_cluster/locate.ts";
import { type LabStatus, type MachineStatus, observe } from "../lab_cluster/observe.ts";
import { isGood } from "../lab_cluster/tell_up.ts";
import { keepVerdict, verifyLab } from "../lab_cluster/verdict.ts";
import { bulleted, usableWidth } from "../output/layout.ts";
import { printable, printableData, printableJson } from "../output/printable.ts";
import { renderTable } from "../output/shown_table.ts";
import { type Style, styleOf } from "../output/style.ts";
import { OUTPUT_FLAG } from "../verify_flags.ts";

/** Exit code where a verification was asked for and a machine did not pass it. */
const NOT_ALL = 3;

/**
 * Tells how a lab is.
 *
 * @param context The machine.
 * @param given The flags.
 * @throws {InputError} `lab.unknown`, `lab.damaged`
 */
export async function labStatus(context: Context, given: Given): Promise<void> {
  const { host } = context;
  const lab = await host.lab();
  const node = await host.node();
  const found = await findLab(lab.folders, given);
  const observed = { host, lab, node, paths: found.paths };
  if (given.has("verify")) {
    const verdict = await verifyLab(observed, found.state);
    await keepVerdict(observed, verdict);
    if (!isGood(verdict)) context.finish(NOT_ALL);
  }
  const status = await observe(observed, found.state);
  if (readFormat(given.text(OUTPUT_FLAG)) === "json") {
    return host.terminal.out(`${printableJson(asJson(found, status))}\n`);
  }
  const page = { width: usableWidth(host.terminal.width), style: styleOf(host.terminal.colour) };
  const lines = asText(found, printableData(status), page, host.clock.now());
  host.terminal.out(`${lines.join("\n")}\n`);
}

function asJson({ state, paths }: FoundLab, status: LabStatus): object {
  const { name, clusterId, goal, reached, created } = state;
  return { v: 1, name, clusterId, goal, reached, created, folder: paths.folder, ...status };
}

interface TextPage {
  readonly width: number;
  readonly style: Style;
}

function asText(
  { state, paths }: FoundLab,
  status: LabStatus,
  page: TextPage,
  now: Date,
): readonly string[] {
  const { machines, etcdPid, teePid } = status;
  const rows = machines.map((one) => [
    one.nodeName === "" ? "-" : one.nodeName,
    one.machine,
    one.phase === "" ? "-" : one.phase,
    verdictOf(one, status, now),
    one.pid === null ? "-" : String(one.pid),
  ]);
  const columns = ["NODE", "MACHINE", "PHASE", "VERDICT", "PID"];
  return [
    `Lab ${state.name}, cluster ${state.clusterId.slice(0, 16)}…  ${printable(paths.folder)}`,
    "",
    ...renderTable({ columns, rows }, page),
    "",
    ...machines.flatMap((one) => remarksOn(one, page)),
    `  etcd ${running(etcdPid)}, lab TEE ${running(teePid)}`,
  ];
}

function running(pid: number | null): string {
  return pid === null ? "does not run" : `runs (${pid})`;
}

/** A verdict with its age: it says what was so then. */
function verdictOf({ verdict }: MachineStatus, { verified }: LabStatus, now: Date): string {
  if (verdict === null || verified === null) return "never asked";
  const seconds = Math.max(0, (now.getTime() - new Date(verified.time).getTime()) / 1000);
  return `${verdict.verdict}, ${ageOf(seconds)} ago`;
}

function ageOf(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  return seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`;
}

/** Why a machine is no member, or what is special about it. */
function remarksOn(one: MachineStatus, { width, style }: TextPage): readonly string[] {
  const member = one.phase === "member";
  if (member && one.bend === "") return [];
  const words = [
    ...(one.bend === "" ? [] : [`bent on purpose (${one.bend})`]),
    ...(one.refused === "" ? [] : [`refused: ${one.refused}`]),
    ...(one.doing === "" ? [] : [one.doing]),
  ];
  const lines = bulleted(`${one.machine}: `, [words.join("; ")], { width, indent: "  " });
  return [...lines.map(style.warn), ""];
}
