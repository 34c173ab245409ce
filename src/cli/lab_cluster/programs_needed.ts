/**
 * Programs that labs need beside this one: where they are, and how to get them.
 *
 * @module
 */

import { OperationError } from "../../core/errors.ts";
import type { Processes } from "../../core/lab_ports.ts";
import type { LabCode } from "../../lab/codes.ts";
import type { Progress, Say } from "./progress.ts";
import type { LabProgramPaths } from "./work.ts";

/** The programs, and the packages of Debian and Ubuntu that have them. */
const PACKAGES: Readonly<Record<keyof LabProgramPaths, string>> = {
  swtpm: "swtpm",
  etcd: "etcd-server",
};

/**
 * Finds the programs, and installs those that are missing where this user may.
 *
 * @param processes Processes.
 * @param progress Tells of an installation.
 * @param mayInstall Whether the operator lets us.
 * @throws {OperationError} `lab.program_missing`, `lab.install_failed`
 */
export async function ensureProgramsThere(
  processes: Processes,
  progress: Progress,
  mayInstall: boolean,
): Promise<LabProgramPaths> {
  const found = await findPrograms(processes);
  const missing = missingOf(found);
  if (missing.length === 0) return whole(found);
  const packages = missing.map((name) => PACKAGES[name]);
  const installer = await processes.find("apt-get");
  if (!mayInstall || !processes.mayInstall() || installer === null) {
    throw programMissing(missing, packages);
  }
  const title = `Packages of this system: ${packages.join(", ")}`;
  await progress.step(title, (say) => install(processes, [installer, ...packages], say));
  const now = await findPrograms(processes);
  const still = missingOf(now);
  if (still.length > 0) throw programMissing(still, still.map((name) => PACKAGES[name]));
  return whole(now);
}

type Found = Readonly<Record<keyof LabProgramPaths, string | null>>;

async function findPrograms(processes: Processes): Promise<Found> {
  return { swtpm: await processes.find("swtpm"), etcd: await processes.find("etcd") };
}

function missingOf(found: Found): readonly (keyof LabProgramPaths)[] {
  return (["swtpm", "etcd"] as const).filter((name) => found[name] === null);
}

function whole({ swtpm, etcd }: Found): LabProgramPaths {
  return { swtpm: swtpm ?? "", etcd: etcd ?? "" };
}

/** The lists of packages of a fresh machine are old or not there, so they are brought first. */
async function install(
  processes: Processes,
  [installer = "", ...packages]: readonly string[],
  say: Say,
): Promise<void> {
  say("apt-get update");
  const update = await processes.finish([installer, "update", "--quiet"]);
  say(`apt-get install ${packages.join(" ")}`);
  const flags = ["install", "--yes", "--quiet", "--no-install-recommends"];
  const installed = await processes.finish([installer, ...flags, ...packages]);
  if (installed.code === 0) return;
  const said = (update.code === 0 ? installed : update).said.trim().split("\n").slice(-3).join(
    "; ",
  );
  const code: LabCode = "lab.install_failed";
  const message = `Cannot install ${packages.join(" and ")}: ${said}`;
  throw new OperationError(message, { code, fields: { packages: packages.join(" "), said } });
}

function programMissing(programs: readonly string[], packages: readonly string[]): OperationError {
  const code: LabCode = "lab.program_missing";
  const how = `apt-get install ${packages.join(" ")}`;
  const verb = programs.length === 1 ? "is" : "are";
  const message = `${
    programs.join(" and ")
  } ${verb} not installed; on Debian and Ubuntu, as root: ${how}`;
  return new OperationError(message, {
    code,
    fields: { programs: programs.join(" "), install: how },
  });
}
