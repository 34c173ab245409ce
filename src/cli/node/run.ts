/**
 * `casemate node run`: the agent, until it is asked to end.
 *
 * @module
 */

import { inlineEngine } from "../../core/crypto_inline.ts";
import type { NodeHost } from "../../core/node_host.ts";
import type { Host } from "../../core/ports.ts";
import { Agent, type AgentParts } from "../../node/agent.ts";
import { BOOT_ID, readBootId, readLaunchData } from "../../node/boot.ts";
import type { NodeEvent, NodeLog } from "../../node/log.ts";
import type { StoreAccess } from "../../protocol/store_access.ts";
import { EtcdStore } from "../../services/store/etcd.ts";
import { MemoryStore } from "../../services/store/memory.ts";
import type { Store } from "../../services/store/store.ts";
import { readListening } from "../collateral/written.ts";
import type { Context } from "../context.ts";
import { FileReader } from "../input/files.ts";
import { flagError, type Given } from "../input/given.ts";
import * as flags from "./flags.ts";
import { type NodeMachine, openMachine } from "./devices.ts";
import { nodeLog } from "./log.ts";

/** Where it listens unless something else is said. */
const DEFAULT_LISTEN = "0.0.0.0:9000";

/** Most bytes of a ticket, and of roots. */
const MAX_BYTES = 256 * 1024;

/** Address that others reach an agent at. */
const ADVERTISED = /^https:\/\/[a-z0-9.[\]:-]{1,250}$/;

/**
 * Runs an agent.
 *
 * @param context The machine.
 * @param given The flags.
 * @throws {InputError} naming the flag; what the agent cannot begin with.
 */
export async function runNode({ host }: Context, given: Given): Promise<void> {
  const log = nodeLog(host, given.text(flags.LOG_FLAG) ?? "json");
  const node = await host.node();
  if (!node.withholdCores()) log(CORES);
  const asked = node.ended();
  const settings = await readSettings(host, given);
  const state = await node.openState(required(given, flags.STATE_FLAG));
  try {
    const machine = await openMachine(host, node, given);
    try {
      const agent = await Agent.start(partsOf(host, node, { settings, state, machine, log }));
      await live(agent, asked);
    } finally {
      machine.close();
    }
  } finally {
    state.close();
  }
  log({ level: "info", event: "ended", message: "Ended; requests were answered", fields: {} });
}

const CORES: NodeEvent = {
  level: "warning",
  event: "cores",
  message:
    "Core dumps cannot be withheld here: where this process crashes, a file may hold its keys",
  fields: {},
};

async function live(agent: Agent, asked: Promise<void>): Promise<void> {
  const running = agent.run();
  try {
    await Promise.race([running, asked]);
  } finally {
    await agent.end();
  }
  await running;
}

type Settings = Pick<
  AgentParts,
  "launch" | "bootId" | "labRoots" | "ticket" | "listen" | "advertise"
>;

async function readSettings(host: Host, given: Given): Promise<Settings> {
  const root = given.text(flags.ROOT_FLAG) ?? "";
  const reader = new FileReader(host.files);
  const roots = given.texts(flags.LAB_ROOT_FLAG).map((path) =>
    reader.read(`--${flags.LAB_ROOT_FLAG}`, path, MAX_BYTES)
  );
  const ticket = given.text(flags.TICKET_FLAG);
  return {
    launch: await readLaunchData(host.files, required(given, flags.LAUNCH_DATA_FLAG)),
    bootId: await readBootId(host.files, given.text(flags.BOOT_ID_FLAG) ?? `${root}${BOOT_ID}`),
    labRoots: (await Promise.all(roots)).map(({ bytes }) => bytes),
    ticket: ticket === undefined
      ? null
      : (await reader.read(`--${flags.TICKET_FLAG}`, ticket, MAX_BYTES)).bytes,
    listen: readListening(given.text(flags.LISTEN_FLAG) ?? DEFAULT_LISTEN),
    advertise: readAdvertised(given),
  };
}

function readAdvertised(given: Given): string | null {
  const text = given.text(flags.ADVERTISE_FLAG);
  if (text === undefined) return null;
  if (ADVERTISED.test(text) && URL.canParse(text)) return text;
  const flag = `--${flags.ADVERTISE_FLAG}`;
  const message = `Cannot use ${flag} ${text}: expected an address as https://10.0.0.4:9000`;
  throw flagError("input.value", message, flag);
}

function required(given: Given, flag: string): string {
  const text = given.text(flag);
  if (text !== undefined) return text;
  throw flagError("input.missing", `Cannot run a node: --${flag} is missing`, `--${flag}`);
}

function partsOf(
  { clock, random }: Host,
  node: NodeHost,
  { settings, state, machine, log }: {
    readonly settings: Settings;
    readonly state: { readonly files: AgentParts["files"] };
    readonly machine: NodeMachine;
    readonly log: NodeLog;
  },
): AgentParts {
  const { variant, register } = machine;
  const { clusterId } = settings.launch;
  return {
    ...settings,
    ...{ host: node, clock, random, engine: inlineEngine, log, variant, register },
    files: state.files,
    collect: (statement, nonce) => machine.collect(statement, nonce),
    openStore: stores(node, clusterId),
  };
}

/** One store for each access: what one process keeps in its memory is kept once. */
function stores(
  node: NodeHost,
  clusterId: string,
): (access: StoreAccess | null) => Promise<Store> {
  const memory = new MemoryStore();
  const opened = new Map<string, Store>();
  return (access) => {
    if (access === null) return Promise.resolve(memory);
    const key = JSON.stringify(access);
    const { monotonic } = node;
    const store = opened.get(key) ??
      new EtcdStore({ http: node.openEtcd(access), access, clusterId, monotonic });
    opened.set(key, store);
    return Promise.resolve(store);
  };
}
