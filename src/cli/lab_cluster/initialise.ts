/**
 * The owner initialises the cluster on its first machine.
 *
 * @module
 */

import { initCluster } from "../../cluster/init.ts";
import { RejectedError } from "../../core/errors.ts";
import { epochRoot } from "../../keys/derive.ts";
import { agentUrl } from "./agents.ts";
import { labJudge } from "./appraiser.ts";
import { readAccess } from "./etcd.ts";
import type { LabOwner } from "./owner.ts";
import type { Say } from "./progress.ts";
import type { LabMachine } from "./state.ts";
import type { LabWork } from "./work.ts";

/** Longest time until a TPM has settled, ms. */
const PATIENCE = 20_000;

/** Time between two attempts, ms. */
const LOOK = 500;

/** The first epoch. */
const EPOCH = 1;

/**
 * Initialises the cluster; where that was done, nothing happens.
 *
 * @param work The lab.
 * @param machine The first machine.
 * @param owner What the owner has.
 * @param say Says what is being done.
 * @throws {RejectedError | UnavailableError} whatever the machine is refused with
 */
export async function initialise(
  work: LabWork,
  machine: LabMachine,
  owner: LabOwner,
  say: Say,
): Promise<void> {
  const { host: { clock, random }, node, paths } = work;
  const state = await node.openState(paths.ownerState);
  try {
    const done = await untilSettled(work, say, async () =>
      initCluster({
        ...await labJudge(work, owner.clusterId),
        clients: node.clients,
        random,
        clock,
        monotonic: () => node.monotonic(),
        url: agentUrl(machine),
        owner: owner.key,
        epoch: EPOCH,
        epochRoot: await epochRoot(owner.master, EPOCH),
        store: await readAccess(work),
        files: state.files,
        doing: say,
      }));
    say(done.nodeName);
    await work.record.changeMachine(machine.name, { nodeName: done.nodeName });
  } finally {
    state.close();
  }
}

/** After the power went, a TPM's clock is unsafe until it was written down once more: swtpm does so after seconds. */
async function untilSettled<T>(
  { host: { timer }, node }: LabWork,
  say: Say,
  init: () => Promise<T>,
): Promise<T> {
  for (const end = node.monotonic() + PATIENCE;;) {
    try {
      return await init();
    } catch (error) {
      const settles = error instanceof RejectedError && error.code === "tpm.clock_not_safe";
      if (!settles || node.monotonic() > end) throw error;
      say("waits until the clock of its TPM counts as safe again");
      await timer.wait(LOOK);
    }
  }
}
