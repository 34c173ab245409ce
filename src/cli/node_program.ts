/**
 * `casemate node` as a command: the agent of a machine, and what asks one.
 *
 * @module
 */

import { Command, type CommandUnknownOpts } from "@commander-js/extra-typings";
import type { Context } from "./context.ts";
import { addExamples } from "./help.ts";
import { outputFlag, valueFlag, wordFlag } from "./input/flags.ts";
import { givenTo } from "./input/given.ts";
import {
  ADVERTISE_FLAG,
  BOOT_ID_FLAG,
  EVENT_LOG_FLAG,
  LAB_ROOT_FLAG,
  LAUNCH_DATA_FLAG,
  LISTEN_FLAG,
  LOG_FLAG,
  LOG_FORMS,
  ROOT_FLAG,
  STATE_FLAG,
  TEE_FLAG,
  TICKET_FLAG,
  TPM_FLAG,
  VARIANT_FLAG,
} from "./node/flags.ts";

type Row = readonly [flag: string, value: string, says: string, multiple?: "multiple"];

const PLACE: readonly Row[] = [
  [LAUNCH_DATA_FLAG, "FILE", "what the machine was launched with (required): cluster id, peers"],
  [STATE_FLAG, "DIR", "folder of the agent's state, its own alone (required)"],
  [LISTEN_FLAG, "HOST:PORT", "where to listen; port 0 takes a free one; default 0.0.0.0:9000"],
  [ADVERTISE_FLAG, "URL", "address that other nodes reach it at; default where it listens"],
  [TICKET_FLAG, "FILE", "the owner's ticket for a further control plane"],
];

const MACHINE: readonly Row[] = [
  [VARIANT_FLAG, "ID", "variant of the evidence; default auto, which looks at the machine"],
  [TPM_FLAG, "ADDRESS", "the TPM, as /dev/tpmrm0 or unix:/PATH; none for a machine without"],
  [TEE_FLAG, "TEE", "auto, none, or unix:/PATH for the TEE of a lab; default auto"],
  [ROOT_FLAG, "DIR", "folder before /sys, /proc and /dev; default none"],
  [BOOT_ID_FLAG, "FILE", "id of this boot; default /proc/sys/kernel/random/boot_id"],
  [EVENT_LOG_FLAG, "FILE", "the firmware's event log; default the kernel's"],
];

/**
 * The command and those below it.
 *
 * @param context The machine.
 */
export function nodeCommand(context: Context): Command {
  return new Command("node")
    .description("the agent of a node: gives evidence, joins its cluster and stays in it")
    .addCommand(runCommand(context), { isDefault: true })
    .addCommand(statusCommand(context))
    .addCommand(probeCommand(context));
}

function runCommand(context: Context): Command {
  const command = new Command("run").summary("run the agent until it is asked to end").description(
    "run the agent: extend the runtime register, answer for evidence, wait to be initialised or join the cluster, renew the lease; ends with SIGTERM",
  );
  addExamples(
    command,
    context,
    [
      "on a node",
      "casemate node run --launch-data /run/casemate/launch.json --state /var/lib/casemate",
    ],
    [
      "one of a lab",
      "casemate node run --launch-data launch.json --state state --listen 127.0.0.1:9001 --tpm unix:/run/tpm.sock --tee unix:/run/tee.sock --variant gcp-sev-snp --lab-root lab-roots.pem",
    ],
  );
  addRows(command, "Place:", PLACE);
  addRows(command, "Machine:", MACHINE);
  command.optionsGroup("Lab:");
  command.addOption(valueFlag({
    flag: LAB_ROOT_FLAG,
    value: "FILE",
    says: "roots of a lab, PEM or DER; believed where the manifest names them",
    multiple: true,
  }));
  command.optionsGroup("Output:");
  command.addOption(wordFlag(`--${LOG_FLAG} <FORM>`, "form of the log, default json", LOG_FORMS));
  command.action(async () => {
    const { runNode } = await import("./node/run.ts");
    await runNode(context, givenTo(command));
  });
  return command;
}

function statusCommand(context: Context): Command {
  const command = new Command("status").summary("ask an agent what it is doing").description(
    "ask an agent for its phase, its place and what it is doing; nothing of that is proven: casemate cluster verify asks for evidence",
  );
  addExamples(command, context, [
    "why does it not join?",
    "casemate node status https://10.0.0.4:9000",
  ]);
  command.argument("<URL>", "address of the agent").addOption(outputFlag()).action(async (url) => {
    const { showNodeStatus } = await import("./node/status.ts");
    await showNodeStatus(context, url, givenTo(command));
  });
  return command;
}

function probeCommand(context: Context): Command {
  const command = new Command("probe").summary("look at this machine: which variant it is")
    .description(
      "look at this machine: TEE, TPM, platform, and which variant's evidence it can give; nothing is verified",
    );
  addExamples(command, context, ["which variant is this machine?", "casemate node probe"]);
  const shown = [TPM_FLAG, ROOT_FLAG];
  addRows(command, "Machine:", MACHINE.filter(([flag]) => shown.includes(flag)));
  command.addOption(outputFlag()).action(async () => {
    const { showProbe } = await import("./node/probe.ts");
    await showProbe(context, givenTo(command));
  });
  return command;
}

function addRows(command: CommandUnknownOpts, heading: string, rows: readonly Row[]): void {
  command.optionsGroup(heading);
  for (const [flag, value, says, multiple] of rows) {
    command.addOption(valueFlag({ flag, value, says, multiple: multiple !== undefined }));
  }
}
