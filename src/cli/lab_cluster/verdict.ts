/**
 * Verifying all nodes of a lab, and remembering what came of it.
 *
 * @module
 */

import { type Decoder, list, object, oneOf, optional, required, text } from "../../core/decode.ts";
import { type ClusterVerdict, type MemberVerdict, verifyCluster } from "../../cluster/verify.ts";
import { agentUrl } from "./agents.ts";
import { labJudge } from "./appraiser.ts";
import { jsonBytes, readJson } from "./files.ts";
import { type LabMachine, type LabState, MAX_MACHINES } from "./state.ts";
import type { LabPlace, LabWork } from "./work.ts";

/** What came of one machine. */
export interface MachineVerdict {
  /** Name of the machine. */
  readonly machine: string;
  /** Name of the node; empty where nothing was proven. */
  readonly nodeName: string;
  /** Its role; empty where nothing was proven. */
  readonly role: string;
  /** The verdict. */
  readonly verdict: MemberVerdict["verdict"];
  /** Code of what decided; empty where it is trusted. */
  readonly code: string;
  /** The same in words. */
  readonly message: string;
}

/** What came of a lab. */
export interface LabVerdict {
  /** When, ISO 8601. */
  readonly time: string;
  /** Id of the cluster, hex. */
  readonly clusterId: string;
  /** The worst verdict of a machine that ought to be a member. */
  readonly verdict: MemberVerdict["verdict"];
  /** Its machines. */
  readonly machines: readonly MachineVerdict[];
}

const VERDICT = oneOf("trusted", "lab-trusted", "rejected", "unavailable");
const WORDS = text("[^\\u0000-\\u001f]{0,2000}", "a line");

const KEPT: Decoder<LabVerdict> = object<LabVerdict>({
  time: required(WORDS, "When"),
  clusterId: required(WORDS, "Id of the cluster"),
  verdict: required(VERDICT, "The worst verdict"),
  machines: required(
    list(
      object<MachineVerdict>({
        machine: required(WORDS, "Name of the machine"),
        nodeName: required(WORDS, "Name of the node"),
        role: required(WORDS, "Its role"),
        verdict: required(VERDICT, "The verdict"),
        code: optional(WORDS, "", "Code of what decided"),
        message: optional(WORDS, "", "The same in words"),
      }),
      MAX_MACHINES,
    ),
    "Machines",
  ),
});

/**
 * Verifies the machines of a lab that are meant to run, each by evidence of its own.
 *
 * @param work The lab.
 * @param state What it is.
 */
export async function verifyLab(
  work: Pick<LabWork, "host" | "lab" | "node" | "paths">,
  { clusterId, machines }: LabState,
): Promise<LabVerdict> {
  const { host: { clock, random }, node } = work;
  const running = machines.filter(({ power }) => power === "on");
  const verified = await verifyCluster({
    ...await labJudge(work, clusterId),
    clients: node.clients,
    random,
    monotonic: () => node.monotonic(),
    urls: running.map(agentUrl),
  });
  const found = running.map((machine) => verdictOn(machine, verified));
  return {
    time: clock.now().toISOString(),
    clusterId,
    verdict: worst(found.filter((_, at) => running[at]?.bend === "")),
    machines: found,
  };
}

function verdictOn(machine: LabMachine, { members }: ClusterVerdict): MachineVerdict {
  const member = members.find(({ url }) => url === agentUrl(machine));
  const { nodeName = "", role = "" } = member?.peer?.statement ?? {};
  return {
    machine: machine.name,
    nodeName,
    role,
    verdict: member?.verdict ?? "unavailable",
    code: member?.code ?? "",
    message: oneLine(member?.message ?? ""),
  };
}

function oneLine(words: string): string {
  // deno-lint-ignore no-control-regex
  return words.replaceAll(/[\u0000-\u001f]+/g, " ").slice(0, 2000);
}

function worst(verdicts: readonly MachineVerdict[]): MemberVerdict["verdict"] {
  const order = ["rejected", "unavailable", "lab-trusted", "trusted"] as const;
  return order.find((one) => verdicts.some(({ verdict }) => verdict === one)) ?? "unavailable";
}

/**
 * Remembers what came of it.
 *
 * @param place The lab.
 * @param verdict What came of it.
 */
export async function keepVerdict({ lab, paths }: LabPlace, verdict: LabVerdict): Promise<void> {
  await lab.folders.write(paths.verdict, jsonBytes(verdict));
}

/**
 * What came of the last verification; null where there was none.
 *
 * @param place The lab.
 * @throws {InputError} `lab.damaged`
 */
export async function keptVerdict({ lab, paths }: LabPlace): Promise<LabVerdict | null> {
  if (await lab.folders.size(paths.verdict) === null) return null;
  return await readJson(lab, paths.verdict, KEPT);
}
