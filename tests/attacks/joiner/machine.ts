/**
 * Machines of whoever wants into the cluster: TPMs in software, made as the
 * lab makes them, and chips of the lab beside them.
 *
 * @module
 */

import { fromHex, toHex } from "../../../src/core/bytes.ts";
import type { ReportDevice } from "../../../src/core/node_ports.ts";
import type { TpmConnection } from "../../../src/core/ports.ts";
import type { NodeDevices } from "../../../src/evidence/issuers.ts";
import type { TpmDevice } from "../../../src/evidence/tpm/device/device.ts";
import { extendRegister } from "../../../src/evidence/tpm/device/registers.ts";
import { phaseDigestOf, type PhaseMark } from "../../../src/evidence/statement/binding.ts";
import { denoTpms } from "../../../src/hosts/deno_tpm.ts";
import { bootTpm, manufactureTpm } from "../../../src/lab/machine/mod.ts";
import { type AmdAuthority, LAB_INSTANCE, type TpmAuthority } from "../../../src/lab/mod.ts";
import { makeLabChip } from "../../../src/lab/tee/mod.ts";
import { teeOf } from "../../node/world.ts";
import { deviceOver } from "../../tpm/swtpm.ts";
import { RANDOM } from "./lab.ts";

/** How a machine is. */
export interface MachineOptions {
  /** Project that the TPM's key is certified for; default the cluster's own. */
  readonly project?: string;
  /** What its guest was launched with, hex; default the cluster. */
  readonly hostData?: string;
  /** Who certifies its chip; default the lab. */
  readonly amd?: AmdAuthority;
  /** A register that is extended by what no lab image extends; default none. */
  readonly bent?: number;
  /** Cluster that its node says it is of, hex; default the one that it wants into. */
  readonly states?: string;
}

/** Who makes machines, and for which cluster. */
export interface Maker {
  /** Certifies chips. */
  readonly amd: AmdAuthority;
  /** Certifies TPMs. */
  readonly google: TpmAuthority;
  /** The cluster, hex. */
  readonly clusterId: string;
}

/** Registers of the phase. */
const PHASE_REGISTER = 15;

/** A machine that runs. */
export class RogueMachine implements AsyncDisposable {
  readonly #process: Deno.ChildProcess;
  readonly #connection: TpmConnection;
  readonly #folder: string;
  /** Its TPM. */
  readonly tpm: TpmDevice;
  /** Its chip. */
  readonly tee: ReportDevice;
  /** This boot, hex. */
  readonly bootId: string = toHex(RANDOM.bytes(16));

  private constructor(
    process: Deno.ChildProcess,
    connection: TpmConnection,
    folder: string,
    tee: ReportDevice,
  ) {
    this.#process = process;
    this.#connection = connection;
    this.#folder = folder;
    this.tpm = deviceOver(connection);
    this.tee = tee;
  }

  /**
   * Switches a machine on, and boots the lab's image.
   *
   * @param maker Who makes it.
   * @param options How it is.
   */
  static async start(maker: Maker, options: MachineOptions = {}): Promise<RogueMachine> {
    const { project = LAB_INSTANCE.projectId, hostData = maker.clusterId, bent } = options;
    const tee = await chipOf(options.amd ?? maker.amd, fromHex(hostData));
    const folder = await Deno.makeTempDir({ prefix: "casemate_rogue_" });
    const process = serve(folder);
    const connection = await untilItListens(`unix:${folder}/sock`);
    const machine = new RogueMachine(process, connection, folder, tee);
    const instance = { ...LAB_INSTANCE, projectId: project };
    const made = { authority: maker.google, instance, now: new Date() };
    await manufactureTpm(machine.tpm, made);
    await bootTpm(machine.tpm, false);
    if (bent !== undefined) {
      const sha256 = RANDOM.bytes(32);
      await extendRegister(machine.tpm, bent, { sha256 });
    }
    return machine;
  }

  /** What collects its evidence: no firmware's log beside it. */
  get devices(): NodeDevices {
    return {
      ...{ tee: this.tee, tpm: this.tpm, metadata: null, timer: this.tpm.timer },
      files: { read: () => Promise.reject(new Error("There are no files")) },
      eventLogs: { tpm: null, td: null },
    };
  }

  /**
   * Extends the register of the phase, as an honest agent does on its way.
   *
   * @param phase The phase that it enters.
   * @param mark What the phase says.
   */
  async enter(phase: "cluster" | "member", mark: PhaseMark): Promise<void> {
    await extendRegister(this.tpm, PHASE_REGISTER, {
      sha256: phaseDigestOf("sha256", phase, mark),
      sha384: phaseDigestOf("sha384", phase, mark),
    });
  }

  /** Switches it off. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#connection.close();
    this.#process.kill();
    await this.#process.status;
    await Deno.remove(this.#folder, { recursive: true });
  }
}

async function chipOf(amd: AmdAuthority, hostData: Uint8Array): Promise<ReportDevice> {
  return teeOf(await makeLabChip(amd, { now: new Date(), hostData }));
}

function serve(folder: string): Deno.ChildProcess {
  return new Deno.Command("swtpm", {
    args: [
      ...["socket", "--tpm2", "--tpmstate", `dir=${folder}`],
      ...["--server", `type=unixio,path=${folder}/sock`],
      ...["--flags", "not-need-init,startup-clear"],
    ],
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
}

async function untilItListens(address: string): Promise<TpmConnection> {
  for (const started = performance.now();;) {
    try {
      return await denoTpms().open(address);
    } catch (error) {
      if (performance.now() - started > 10_000) throw error;
      await new Promise((done) => setTimeout(done, 5));
    }
  }
}
