/**
 * `casemate cluster` as a command: what an owner does with a cluster.
 *
 * @module
 */

import { Command, type CommandUnknownOpts } from "@commander-js/extra-typings";
import {
  CLUSTER_ID_FLAG,
  EPOCH_FLAG,
  LAB_ROOT_FLAG,
  MANIFEST_FLAG,
  MASTER_FLAG,
  OWNER_FLAG,
  REFERENCE_FLAG,
  STATE_FLAG,
  STORE_FLAG,
  URL_FLAG,
} from "./cluster/flags.ts";
import type { Context } from "./context.ts";
import { addExamples } from "./help.ts";
import { outputFlag, valueFlag } from "./input/flags.ts";
import { givenTo } from "./input/given.ts";
import { KEY_SAYS, KEY_VALUE } from "./keys/signers.ts";

type Row = readonly [flag: string, value: string, says: string, multiple?: "multiple"];

const STATE: Row = [
  STATE_FLAG,
  "DIR",
  "folder that remembers the highest manifest seen and an initialisation begun",
];

const LAB: Row = [
  LAB_ROOT_FLAG,
  "FILE",
  "roots of a lab, PEM or DER; believed where the manifest names them",
  "multiple",
];

/**
 * The command and those below it.
 *
 * @param context The machine.
 */
export function clusterCommand(context: Context): Command {
  return new Command("cluster")
    .description("clusters: initialise one, verify its members, give it a newer manifest")
    .addCommand(initCommand(context))
    .addCommand(verifyCommand(context))
    .addCommand(updateCommand(context));
}

function initCommand(context: Context): Command {
  const command = new Command("init").description(
    "initialise a cluster: verify its first machine under the manifest, then give it, sealed, what it needs; may be repeated until it succeeded",
  );
  addExamples(command, context, [
    "the first control plane",
    "casemate cluster init --url https://10.0.0.4:9000 --manifest manifest-1.json --reference reference.json --owner owner.key --master master.secret --store store.json --state ~/.casemate",
  ]);
  addRows(command, [
    [URL_FLAG, "URL", "address of the agent (required)"],
    [MANIFEST_FLAG, "FILE", "signed manifest (required); all of them, oldest first", "multiple"],
    [REFERENCE_FLAG, "FILE", "signed reference values that the manifest names", "multiple"],
    [OWNER_FLAG, KEY_VALUE, `owner's key (required): ${KEY_SAYS}`],
    [MASTER_FLAG, "FILE", "master secret (required); it stays here"],
    [EPOCH_FLAG, "NUMBER", "epoch of the cluster's keys; default 1"],
    [
      STORE_FLAG,
      "FILE",
      "access to the etcd of the cluster's state, JSON; without it the memory of the first machine, for tries",
    ],
    STATE,
    LAB,
  ]);
  command.addOption(outputFlag()).action(async () => {
    const { initialiseCluster } = await import("./commands/cluster_init.ts");
    await initialiseCluster(context, givenTo(command));
  });
  return command;
}

function verifyCommand(context: Context): Command {
  const command = new Command("verify").description(
    "verify agents of a cluster, each by fresh evidence under the owner's manifest; members whose address is not given are not seen",
  );
  addExamples(command, context, [
    "three members",
    "casemate cluster verify --cluster-id 6f0c…e1 --url https://10.0.0.4:9000 --url https://10.0.0.5:9000 --url https://10.0.0.6:9000",
  ]);
  addRows(command, [
    [CLUSTER_ID_FLAG, "HEX", "id of the cluster, from its owner (required)"],
    [URL_FLAG, "URL", "address of an agent (required)", "multiple"],
    [
      MANIFEST_FLAG,
      "FILE",
      "signed manifests, oldest first; default what the agents tell",
      "multiple",
    ],
    [REFERENCE_FLAG, "FILE", "signed reference values that the newest names", "multiple"],
    STATE,
    LAB,
  ]);
  command.addOption(outputFlag()).action(async () => {
    const { verifyMembers } = await import("./commands/cluster_verify.ts");
    await verifyMembers(context, givenTo(command));
  });
  return command;
}

function updateCommand(context: Context): Command {
  const command = new Command("update").description(
    "give a cluster its owner's newer manifest: each receiver verifies it by its signatures",
  );
  addExamples(command, context, [
    "the second manifest",
    "casemate cluster update --url https://10.0.0.4:9000 --manifest manifest-1.json --manifest manifest-2.json --reference reference.json",
  ]);
  addRows(command, [
    [URL_FLAG, "URL", "address of a control plane (required)"],
    [MANIFEST_FLAG, "FILE", "signed manifests (required); all, oldest first", "multiple"],
    [REFERENCE_FLAG, "FILE", "signed reference values that the newest names", "multiple"],
    STATE,
  ]);
  command.addOption(outputFlag()).action(async () => {
    const { updateCluster } = await import("./commands/cluster_update.ts");
    await updateCluster(context, givenTo(command));
  });
  return command;
}

function addRows(command: CommandUnknownOpts, rows: readonly Row[]): void {
  for (const [flag, value, says, multiple] of rows) {
    command.addOption(valueFlag({ flag, value, says, multiple: multiple !== undefined }));
  }
}
