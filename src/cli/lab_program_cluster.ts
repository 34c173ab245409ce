/**
 * Lab clusters as commands: `casemate lab up`, `down`, `status`, `logs`, `list`, `node`.
 *
 * @module
 */

import { Command, type CommandUnknownOpts } from "@commander-js/extra-typings";
import type { Context } from "./context.ts";
import { addExamples } from "./help.ts";
import { noFlag, outputFlag, valueFlag, wordFlag } from "./input/flags.ts";
import { givenTo } from "./input/given.ts";

/**
 * The commands.
 *
 * @param context The machine.
 */
export function labClusterCommands(context: Context): readonly Command[] {
  return [
    upCommand(context),
    statusCommand(context),
    logsCommand(context),
    listCommand(context),
    nodeCommand(context),
    downCommand(context),
  ];
}

function addPlace(command: CommandUnknownOpts): void {
  command
    .addOption(valueFlag({ flag: "name", value: "NAME", says: "name of the lab, default lab" }))
    .addOption(
      valueFlag({
        flag: "dir",
        value: "DIR",
        says: "folder of labs, default ~/.local/state/casemate/lab",
      }),
    );
}

function upCommand(context: Context): Command {
  const up = new Command("up")
    .summary("bring up a cluster on this computer, and verify it")
    .description(
      "bring up a cluster on this computer alone: each node is a process with a TPM in software (swtpm) and " +
        "the lab's TEE, state is kept in etcd; all of it is verified in the end. What is there already stays, " +
        "so that it goes on where an earlier run ended",
    );
  addExamples(
    up,
    context,
    ["three control planes and two workers", "casemate lab up"],
    ["a second one beside it", "casemate lab up --name other --control-planes 1 --workers 1"],
    [
      "one machine that boots another image, and is refused",
      "casemate lab up --bend vm-5=registers",
    ],
  );
  up.addOption(
    valueFlag({ flag: "control-planes", value: "N", says: "control planes, default 3" }),
  )
    .addOption(valueFlag({ flag: "workers", value: "N", says: "workers, default 2" }));
  addPlace(up);
  up.addOption(
    valueFlag({
      flag: "bend",
      value: "MACHINE=HOW",
      says: "make one machine wrong, to see it refused: registers (another image), host-data " +
        "(launched for another cluster), no-tee",
      multiple: true,
    }),
  )
    .addOption(
      noFlag(
        "no-install",
        "do not install swtpm and etcd; without this, root gets them by apt-get where they are missing",
      ),
    )
    .addOption(outputFlag())
    .action(async () => {
      const { labUp } = await import("./commands/lab_up.ts");
      await labUp(context, givenTo(up));
    });
  return up;
}

function downCommand(context: Context): Command {
  const down = new Command("down").description(
    "end all processes of a lab and remove all its files, whatever state it is in",
  );
  addExamples(down, context, ["every lab of this user", "casemate lab down --all"]);
  addPlace(down);
  down.option("--all", "take down every lab of the folder").addOption(outputFlag()).action(
    async () => {
      const { labDown } = await import("./commands/lab_down.ts");
      await labDown(context, givenTo(down));
    },
  );
  return down;
}

function statusCommand(context: Context): Command {
  const status = new Command("status").description(
    "show each machine of a lab: phase, last verdict, process, and why it does not get on",
  );
  addExamples(status, context, [
    "ask every node for evidence again",
    "casemate lab status --verify",
  ]);
  addPlace(status);
  status.option("--verify", "verify all nodes now, not only show what the last verification said")
    .addOption(outputFlag())
    .action(async () => {
      const { labStatus } = await import("./commands/lab_status.ts");
      await labStatus(context, givenTo(status));
    });
  return status;
}

function logsCommand(context: Context): Command {
  const logs = new Command("logs").description("show what the agents of a lab write");
  addExamples(
    logs,
    context,
    ["one node, on and on", "casemate lab logs worker-1 --follow"],
    ["etcd, from its beginning", "casemate lab logs etcd --all"],
  );
  addPlace(logs);
  logs.argument("[NODE]", "a node, a machine as vm-1, its TPM as vm-1/tpm, etcd or tee").option(
    "--all",
    "show the whole log, not its last 20 lines",
  )
    .option("--follow", "go on showing what is added, until Ctrl-C")
    .action(async (which) => {
      const { labLogs } = await import("./commands/lab_logs.ts");
      await labLogs(context, which, givenTo(logs));
    });
  return logs;
}

function listCommand(context: Context): Command {
  const list = new Command("list").description("list the labs of a folder");
  list.addOption(
    valueFlag({
      flag: "dir",
      value: "DIR",
      says: "folder of labs, default ~/.local/state/casemate/lab",
    }),
  ).addOption(outputFlag()).action(async () => {
    const { labList } = await import("./commands/lab_list.ts");
    await labList(context, givenTo(list));
  });
  return list;
}

function nodeCommand(context: Context): Command {
  return new Command("node").description("switch single machines of a lab off and on, or add some")
    .addCommand(verbCommand(context, "stop", "switch a machine off"))
    .addCommand(verbCommand(context, "start", "switch a machine on, and wait until it is a member"))
    .addCommand(
      verbCommand(context, "reboot", "boot a machine again: another boot, registers from zero"),
    )
    .addCommand(addCommand(context));
}

function verbCommand(
  context: Context,
  verb: "stop" | "start" | "reboot",
  says: string,
): Command {
  const command = new Command(verb).description(says);
  addPlace(command);
  if (verb !== "start") {
    command.option("--hard", "pull the plug: neither agent nor TPM is told");
  }
  const named = command.argument("<NODE>", "a node, or a machine as vm-1");
  named.addOption(outputFlag()).action(async (which) => {
    const { labNode } = await import("./commands/lab_node.ts");
    await labNode(context, verb, which, givenTo(command));
  });
  return command;
}

function addCommand(context: Context): Command {
  const add = new Command("add").description("add a machine, and wait until it is a member");
  addExamples(
    add,
    context,
    ["a worker", "casemate lab node add"],
    ["one without a TEE, which is refused", "casemate lab node add --bend no-tee"],
  );
  add.addOption(
    wordFlag("--group <GROUP>", "node group, default worker", ["control-plane", "worker"]),
  )
    .addOption(
      wordFlag("--bend <HOW>", "make it wrong, to see it refused", [
        "registers",
        "host-data",
        "no-tee",
      ]),
    );
  addPlace(add);
  add.addOption(outputFlag()).action(async () => {
    const { labNodeAdd } = await import("./commands/lab_node.ts");
    await labNodeAdd(context, givenTo(add));
  });
  return add;
}

/**
 * The process that is the TEE of a lab; `lab up` starts it, so that it is not shown.
 *
 * @param context The machine.
 */
export function teeCommand(context: Context): Command {
  const tee = new Command("tee").description("be the TEE of a lab's machines; lab up starts it");
  tee.addOption(valueFlag({ flag: "dir", value: "DIR", says: "folder of the lab" }))
    .action(async () => {
      const { runLabTee } = await import("./commands/lab_tee.ts");
      await runLabTee(context, givenTo(tee));
    });
  return tee;
}
