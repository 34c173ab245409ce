/**
 * `casemate lab tee`: the process that is the TEE of a lab's machines. Brought up
 * by `casemate lab up`.
 *
 * @module
 */

import { parseStrictJson } from "../../core/strict_json.ts";
import type { LabHost } from "../../core/lab_ports.ts";
import { createLabTee, importLabChip } from "../../lab/tee/mod.ts";
import type { Context } from "../context.ts";
import { flagError, type Given } from "../input/given.ts";
import { type LabPaths, labPaths } from "../lab_cluster/paths.ts";

/** Files of chips in the folder of the TEE. */
const CHIP_FILE = /^(vm-\d{1,3})\.chip\.json$/;

/**
 * Answers for each chip of the lab on a socket of its machine, from when the chip is there.
 *
 * @param context The machine.
 * @param given The flags.
 * @throws {InputError} `input.missing`
 */
export async function runLabTee({ host }: Context, given: Given): Promise<void> {
  const folder = given.text("dir");
  if (folder === undefined) {
    throw flagError("input.missing", "Cannot be a TEE without --dir (folder of the lab)", "--dir");
  }
  const lab = await host.lab();
  const node = await host.node();
  const path = await lab.folders.absolute(folder);
  const at = path.lastIndexOf("/");
  const chips = new Chips(lab, labPaths(path.slice(0, at), path.slice(at + 1)));
  const watched = lab.folders.watch(chips.folder, () => chips.look());
  chips.look();
  await node.ended();
  watched();
  await chips.end();
}

/** Chips that are answered for. */
class Chips {
  readonly #lab: LabHost;
  readonly #paths: LabPaths;
  readonly #served: Map<string, () => Promise<void>> = new Map();
  #looking: Promise<void> = Promise.resolve();

  constructor(lab: LabHost, paths: LabPaths) {
    this.#lab = lab;
    this.#paths = paths;
  }

  /** Where their files are. */
  get folder(): string {
    return this.#paths.tee;
  }

  /** Looks for further ones, one time after the other. */
  look(): void {
    this.#looking = this.#looking.then(() => this.#serveNew());
  }

  async #serveNew(): Promise<void> {
    for (const name of await this.#lab.folders.list(this.folder)) {
      const machine = CHIP_FILE.exec(name)?.[1];
      if (machine === undefined || this.#served.has(machine)) continue;
      await this.#serve(machine);
    }
  }

  async #serve(machine: string): Promise<void> {
    const { folders, sockets } = this.#lab;
    const stored = await folders.read(this.#paths.chip(machine));
    // It was removed between the look and the reading.
    if (stored === null) return;
    const chip = await importLabChip(parseStrictJson(stored));
    const { teeSocket } = this.#paths.machine(machine);
    this.#served.set(machine, await sockets.serveUnix(teeSocket, createLabTee(chip)));
  }

  /** Answers for none any more. */
  async end(): Promise<void> {
    await this.#looking;
    await Promise.all([...this.#served.values()].map((close) => close()));
  }
}
