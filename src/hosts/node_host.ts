/**
 * The machine of an agent as Deno gives it.
 *
 * @module
 */

import type { NodeHost } from "../core/node_host.ts";
import { channelClients } from "./channel/client.ts";
import { channelServers } from "./channel/server.ts";
import { withholdCores } from "./cores.ts";
import { denoMachine, type MachinePorts, openTee } from "./devices/machine.ts";
import { denoMetadata } from "./devices/metadata.ts";
import { openTdRegister } from "./devices/td_register.ts";
import { openEtcdHttp } from "./etcd/etcd_http.ts";
import { openNodeState } from "./node_state.ts";

/** The machine of this process. */
export const nodeHost: NodeHost = {
  servers: channelServers,
  clients: channelClients,
  monotonic: () => performance.now(),
  sleep,
  openState: openNodeState,
  openTee: (address, root) => openTee(address, at(root)),
  openTdRegister: (root) => openTdRegister(at(root)),
  machine: (root) => denoMachine(at(root)),
  metadata: () => denoMetadata(),
  openEtcd: openEtcdHttp,
  withholdCores,
  ended,
};

/** Where the machine is looked at, and what that needs. */
function at(root: string): MachinePorts {
  return {
    root,
    timer: { wait: (milliseconds) => new Promise((done) => setTimeout(done, milliseconds)) },
    random: { bytes: (length) => crypto.getRandomValues(new Uint8Array(length)) },
  };
}

function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    signal.addEventListener("abort", end);
  });
}

/** Signals that ask a process to end. */
const ENDING: readonly Deno.Signal[] = ["SIGINT", "SIGTERM"];

function ended(): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      for (const signal of ENDING) Deno.removeSignalListener(signal, end);
      resolve();
    };
    for (const signal of ENDING) Deno.addSignalListener(signal, end);
  });
}
