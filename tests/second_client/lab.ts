/**
 * A cluster of the lab for the second client, brought up by the command that
 * its users run, and a further machine of that lab.
 *
 * @module
 */

import { fromFileUrl, output } from "../../scripts/process.ts";
import { importAmdAuthority, importTpmAuthority } from "../../src/lab/mod.ts";
import type { Maker } from "./machine.ts";

const ROOT = fromFileUrl(new URL("../../", import.meta.url));

/** A cluster that runs. */
export interface RunningLab {
  /** Its id, hex. */
  readonly clusterId: string;
  /** Where its control plane answers. */
  readonly url: string;
  /** Path of its roots, PEM. */
  readonly roots: string;
  /** Path of its folder. */
  readonly folder: string;
  /** Who makes its machines. */
  readonly maker: Maker;
}

/**
 * Runs the command line from its source.
 *
 * @param args Its arguments.
 * @returns Standard output.
 */
export async function casemate(...args: readonly string[]): Promise<string> {
  const program = ["run", "-A", "--quiet", "main.ts"];
  return await output(Deno.execPath(), [...program, ...args], { cwd: ROOT });
}

/**
 * Brings up a lab of one control plane, uses it and takes it down.
 *
 * @param use What is done with it.
 */
export async function withLab<T>(use: (lab: RunningLab) => Promise<T>): Promise<T> {
  const labs = await Deno.makeTempDir({ prefix: "casemate_second_" });
  const which = ["--name", "second", "--dir", `${labs}/labs`];
  try {
    await casemate(
      "lab",
      "up",
      "--control-planes",
      "1",
      "--workers",
      "0",
      "--no-install",
      ...which,
    );
    return await use(await describe(`${labs}/labs/second`));
  } finally {
    // All that there are: where it did not come up, that is to be told, and not that there is none.
    await casemate("lab", "down", "--all", "--dir", `${labs}/labs`);
    await Deno.remove(labs, { recursive: true });
  }
}

interface LabState {
  readonly clusterId: string;
  readonly machines: readonly { readonly port: number }[];
  readonly processes: readonly { readonly role: string; readonly pid: number }[];
}

/**
 * Number of a process of a lab.
 *
 * @param lab The lab.
 * @param role What it is, as `tpm/vm-1`.
 */
export async function processOf({ folder }: RunningLab, role: string): Promise<number> {
  const { processes }: LabState = JSON.parse(await Deno.readTextFile(`${folder}/lab.json`));
  const found = processes.find((one) => one.role === role);
  if (found === undefined) throw new Error(`The lab runs no ${role}`);
  return found.pid;
}

async function describe(folder: string): Promise<RunningLab> {
  const json = async (name: string) => JSON.parse(await Deno.readTextFile(`${folder}/${name}`));
  const { clusterId, machines }: LabState = await json("lab.json");
  const [first] = machines;
  if (first === undefined) throw new Error("The lab has no machine");
  return {
    clusterId,
    url: `https://127.0.0.1:${first.port}`,
    roots: `${folder}/lab-roots.pem`,
    folder,
    maker: {
      amd: await importAmdAuthority(await json("tee/authority.json")),
      google: await importTpmAuthority(await json("tpm-authority.json")),
      now: new Date(),
    },
  };
}

/**
 * The next manifest of a lab, by its owner: of the next version of Kubernetes.
 *
 * @param lab The lab.
 * @returns Path of the signed file.
 */
export async function nextManifest({ folder, roots }: RunningLab): Promise<string> {
  const [config, out] = [`${folder}/../next.yaml`, `${folder}/../next.json`];
  await casemate("config", "generate", "lab", "--image", "lab", "--out", config);
  const text = await Deno.readTextFile(config);
  await Deno.writeTextFile(config, text.replace(/^kubernetes: .*$/m, "kubernetes: 1.34.3"));
  await casemate(
    ...["manifest", "create", "--config", config, "--owner", `${folder}/owner/owner.key`],
    ...["--reference", `${folder}/reference.json`, "--previous", `${folder}/manifest.json`],
    ...["--lab-root", roots, "--out", out],
  );
  return out;
}
