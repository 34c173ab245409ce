/**
 * `casemate lab up`: a cluster of this computer alone, each node a process of its
 * own with a TPM in software and the lab's TEE.
 *
 * @module
 */

import type { Context } from "../context.ts";
import { readFormat } from "../format.ts";
import type { Given } from "../input/given.ts";
import { beginLab } from "../lab_cluster/begin.ts";
import { bringUp } from "../lab_cluster/bring_up.ts";
import { busy, homeOf, nameOf, whichLab } from "../lab_cluster/locate.ts";
import { labPaths } from "../lab_cluster/paths.ts";
import { createProgress, type Progress } from "../lab_cluster/progress.ts";
import { ensureProgramsThere } from "../lab_cluster/programs_needed.ts";
import { brokenOff, isGood, tellUp } from "../lab_cluster/tell_up.ts";
import { readWishes } from "../lab_cluster/wishes.ts";
import { OUTPUT_FLAG } from "../verify_flags.ts";

/** Exit code where a machine is no member: trust was examined and refused. */
const NOT_ALL = 3;

/**
 * Brings a lab up, or goes on with one.
 *
 * @param context The machine.
 * @param given The flags.
 * @throws {InputError} `lab.name`, `lab.differs`, `lab.folder`
 * @throws {OperationError} `lab.busy`, `lab.program_missing`, `lab.start_failed`, `lab.not_ready`
 */
export async function labUp(context: Context, given: Given): Promise<void> {
  const { host } = context;
  // What is typed wrongly is said before anything is looked for.
  readWishes(given);
  const name = nameOf(given);
  const lab = await host.lab();
  const format = readFormat(given.text(OUTPUT_FLAG));
  const progress = createProgress({ ...host, live: lab.live }, format);
  await lab.folders.make(await homeOf(lab.folders, given));
  const home = await homeOf(lab.folders, given);
  const done = await lab.folders.alone(labPaths(home, name).lock, async () => {
    const { build, terminal } = host;
    using _ = lab.beforeEnding(() => terminal.err(brokenOff(build, whichLab(given))));
    try {
      await work(context, given, { home, name, progress });
    } finally {
      progress.end();
    }
    return true;
  });
  if (done === null) throw busy(name);
}

async function work(
  context: Context,
  given: Given,
  { home, name, progress }: { home: string; name: string; progress: Progress },
): Promise<void> {
  const { host } = context;
  const lab = await host.lab();
  const programs = await ensureProgramsThere(lab.processes, progress, !given.has("no-install"));
  using claims = new DisposableStack();
  const record = await beginLab({ host, lab, home, name, given, claims });
  const node = await host.node();
  const paths = labPaths(home, name);
  const already = record.state.reached === "up";
  const begun = host.clock.now().getTime();
  const verified = await bringUp({ host, lab, node, paths, record, progress, programs });
  progress.end();
  const seconds = (host.clock.now().getTime() - begun) / 1000;
  const which = whichLab(given);
  const up = { state: record.state, folder: paths.folder, verified, seconds, already, which };
  tellUp(context, readFormat(given.text(OUTPUT_FLAG)), progress, up);
  if (!isGood(verified)) context.finish(NOT_ALL);
}
