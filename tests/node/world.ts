/**
 * A world for agents: an owner, authorities of a lab, machines with a TPM in
 * software and a TEE of the lab each, one store, agents that can be ended at any
 * point as if they were killed.
 *
 * @module
 */

import { fromHex, toHex } from "../../src/core/bytes.ts";
import { inlineEngine } from "../../src/core/crypto_inline.ts";
import { plainHash } from "../../src/core/labelled_hash.ts";
import type { NodeHost } from "../../src/core/node_host.ts";
import type { ReportDevice, StateFiles } from "../../src/core/node_ports.ts";
import type { TpmConnection } from "../../src/core/ports.ts";
import { generateSigningKey, readSigningKey, type SigningKey } from "../../src/core/signing_key.ts";
import type { TpmDevice } from "../../src/evidence/tpm/device/device.ts";
import { collectEnvelope, issuerOf, type NodeDevices } from "../../src/evidence/issuers.ts";
import { denoTpms } from "../../src/hosts/deno_tpm.ts";
import { writeCertificateTable } from "../../src/hosts/devices/certificate_table.ts";
import { nodeHost } from "../../src/hosts/node_host.ts";
import { addDays } from "../../src/lab/dates.ts";
import { bootTpm, labImageRegisters, manufactureTpm } from "../../src/lab/machine/mod.ts";
import {
  createTpmAuthority,
  generateLabKey,
  LAB_INSTANCE,
  pem,
  type TpmAuthority,
} from "../../src/lab/mod.ts";
import { type LabChip, makeLabChip, reportOf } from "../../src/lab/tee/mod.ts";
import { labReference } from "../../src/lab/variants/reference.ts";
import {
  clusterIdOf,
  firstManifest,
  ManifestChain,
  type ManifestIntent,
  nextManifest,
  readReferences,
  referenceDigest,
  signManifest,
} from "../../src/manifest/mod.ts";
import { Agent, type AgentParts } from "../../src/node/agent.ts";
import type { NodeEvent } from "../../src/node/log.ts";
import { tpmRegister } from "../../src/node/register.ts";
import { signReference } from "../../src/policy/reference/authority.ts";
import { plainCopy } from "../../src/policy/reference/plain_copy.ts";
import { createAppraiser } from "../../src/services/attest/appraiser.ts";
import { MemoryStore } from "../../src/services/store/memory.ts";
import { openCall } from "../../src/channel/client.ts";
import type { Appraiser } from "../../src/channel/peer.ts";
import { writeMessage } from "../../src/protocol/message.ts";
import { MANIFEST_UPDATE_PATH } from "../../src/protocol/paths.ts";
import { MANIFEST_ANSWER } from "../../src/protocol/status.ts";
import type { Store } from "../../src/services/store/store.ts";
import { initCluster, type InitDone } from "../../src/cluster/init.ts";
import { type ClusterVerdict, verifyCluster } from "../../src/cluster/verify.ts";
import { type Fate, Killed, mortalFiles, mortalRegister, mortalStore } from "./mortal.ts";
import { labAuthorityAt } from "../lab_authority.ts";
import { connected, deviceOver, withSwtpm } from "../tpm/swtpm.ts";

/** The moment of these tests. */
export const NOW: Date = new Date("2026-11-22T12:00:00Z");

const VARIANT = "gcp-sev-snp";
const RANDOM = { bytes: (length: number) => crypto.getRandomValues(new Uint8Array(length)) };
const TIMER = {
  wait: (milliseconds: number) => new Promise<void>((done) => setTimeout(done, milliseconds)),
};

/** Who owns a cluster. */
export interface Owner {
  /** The key. */
  readonly key: SigningKey;
  /** Id of the cluster, hex. */
  readonly clusterId: string;
  /** Signed manifests, oldest first. */
  readonly manifests: readonly Uint8Array[];
  /** Signed reference values. */
  readonly references: readonly Uint8Array[];
  /** The chain. */
  readonly chain: ManifestChain;
  /** Root of the epoch's keys. */
  readonly epochRoot: Uint8Array;
  /** What the owner's machine remembers. */
  readonly files: MemoryFiles;
}

const amd = await labAuthorityAt(NOW);
const google: TpmAuthority = await createTpmAuthority({
  now: NOW,
  keys: { root: await generateLabKey("P-256"), issuing: await generateLabKey("P-256") },
});
const roots = [amd.ARK.certificate, google.root.certificate];

/** The lab's roots, as agents are given them. */
export const LAB_ROOTS: readonly Uint8Array[] = roots.map((root) =>
  new TextEncoder().encode(pem("CERTIFICATE", root))
);

/** An owner with a first manifest. */
export async function makeOwner(change: Partial<ManifestIntent> = {}): Promise<Owner> {
  const key = await readSigningKey((await generateSigningKey("P-384")).pkcs8);
  const own = RANDOM.bytes(32);
  const clusterId = clusterIdOf("lab-cluster", key.publicKey.spki, own);
  const section = { vtpm: { registers: await labImageRegisters() } };
  const reference = await signReference(plainCopy(labReference(VARIANT, section, NOW)), [key]);
  const intent: ManifestIntent = {
    labRoots: roots.map((root) => toHex(plainHash("sha256", root))),
    images: [{ variant: VARIANT, version: "lab", reference: referenceDigest(reference, "r") }],
    policy: {
      version: 1,
      admitVariants: [VARIANT],
      [VARIANT]: { tee: { hostData: [clusterId] } },
    },
    kubernetes: "1.34.2",
    groups: [groupOf("control-plane", 3), groupOf("worker", 5)],
    network: "wireguard-strict",
    storageClasses: [],
    workloadPolicy: "",
    witnesses: [],
    cosigningKey: "",
    custodians: null,
    ...change,
  };
  const times = { issued: NOW, notAfter: addDays(NOW, 30) };
  const made = { ...times, owner: key.publicKey, random: { bytes: () => own } };
  const manifests = [await signManifest(firstManifest(intent, made), [key])];
  const chain = await ManifestChain.verify(manifests, clusterId, { now: NOW });
  const epochRoot = RANDOM.bytes(32);
  const files = new MemoryFiles();
  return { key, clusterId, manifests, references: [reference], chain, epochRoot, files };
}

function groupOf(name: "control-plane" | "worker", max: number) {
  const min = name === "worker" ? 0 : 1;
  return { name, role: name, variant: VARIANT, min, max, account: LAB_INSTANCE.projectId };
}

/** The owner's next manifest, of the same intent. */
export async function signNext(owner: Owner, after = 60_000): Promise<readonly Uint8Array[]> {
  const { labRoots, images, policy, kubernetes, groups } = owner.chain.newest;
  const rest = { network: "wireguard-strict", storageClasses: [], workloadPolicy: "" } as const;
  const intent = { labRoots, images, policy, kubernetes, groups, ...rest };
  const all = { ...intent, witnesses: [], cosigningKey: "", custodians: null };
  const times = { issued: new Date(NOW.getTime() + after), notAfter: addDays(NOW, 60) };
  const next = await signManifest(nextManifest(all, owner.chain, times), [owner.key]);
  return [...owner.manifests, next];
}

/** The owner's newer manifest, given to one agent by whoever has it. */
export async function updateManifest(owner: Owner, url: string): Promise<void> {
  const told = { manifests: await signNext(owner), references: owner.references };
  const body = writeMessage(MANIFEST_ANSWER, told);
  const asking = { clients: nodeHost.clients, url, random: RANDOM, monotonic: () => 0 };
  await openCall(asking, { method: "POST", path: MANIFEST_UPDATE_PATH, body, answer: null });
}

/** Judges as the owner does. */
export async function appraiserOf({ chain, references }: Owner): Promise<Appraiser> {
  const read = await readReferences(chain, references);
  return createAppraiser({
    chain: () => chain,
    references: () => read,
    labRoots: LAB_ROOTS,
    engine: inlineEngine,
    clock: { now: () => NOW },
  });
}

/** Initialises a cluster at an agent. */
export async function initAt(owner: Owner, url: string): Promise<InitDone> {
  const { key, chain, references, epochRoot, files } = owner;
  return await initCluster({
    ...{ clients: nodeHost.clients, random: RANDOM, clock: { now: () => NOW } },
    ...{ monotonic: () => performance.now(), url, owner: key, chain, references },
    appraiser: await appraiserOf(owner),
    ...{ epoch: 1, epochRoot, store: null, files, doing: () => {} },
  });
}

/** Verifies agents as the owner does. */
export async function verifyAll(owner: Owner, urls: readonly string[]): Promise<ClusterVerdict> {
  const { clients } = nodeHost;
  return await verifyCluster({
    ...{ clients, monotonic: () => performance.now(), random: RANDOM, chain: owner.chain, urls },
    appraiser: await appraiserOf(owner),
  });
}

/** Files in memory. */
export class MemoryFiles implements StateFiles {
  readonly content = new Map<string, Uint8Array<ArrayBuffer>>();

  read(name: string): Promise<Uint8Array<ArrayBuffer> | null> {
    return Promise.resolve(this.content.get(name) ?? null);
  }

  write(name: string, bytes: Uint8Array): Promise<void> {
    this.content.set(name, new Uint8Array(bytes));
    return Promise.resolve();
  }

  remove(name: string): Promise<void> {
    this.content.delete(name);
    return Promise.resolve();
  }
}

/** A machine: its TPM and TEE, the disk of its state. */
export interface Machine {
  /** Address of the TPM. */
  readonly tpm: string;
  /** The TEE. */
  readonly tee: ReportDevice;
  /** State of the node. */
  readonly files: MemoryFiles;
  /** This boot, hex. */
  readonly bootId: string;
}

/**
 * Switches machines on and uses them.
 *
 * @param count How many.
 * @param clusterId What their guests are launched for, hex.
 * @param use What is done with them.
 */
export async function withMachines(
  count: number,
  clusterId: string,
  use: (machines: readonly Machine[]) => Promise<void>,
  before: readonly Machine[] = [],
): Promise<void> {
  if (before.length === count) return await use(before);
  await withSwtpm({}, async (tpm) => {
    await connected(tpm, async (device) => {
      await manufactureTpm(device, { authority: google, instance: LAB_INSTANCE, now: NOW });
      await bootTpm(device, false);
    });
    const chip = await makeLabChip(amd, { now: NOW, hostData: fromHex(clusterId) });
    const machine: Machine = {
      tpm: tpm.address,
      tee: teeOf(chip),
      files: new MemoryFiles(),
      bootId: toHex(RANDOM.bytes(16)),
    };
    await withMachines(count, clusterId, use, [...before, machine]);
  });
}

/** The processor of a machine, as its agent asks it. */
export function teeOf(chip: LabChip): ReportDevice {
  const [ask, ark] = chip.chain;
  const certificates = writeCertificateTable({ vcek: chip.leaf, ask, ark });
  return {
    report: async (reportData, privilege = 0) => ({
      provider: "sev_guest",
      report: await reportOf(chip, reportData, privilege),
      isQuote: true,
      certificates,
      lists: chip.lists,
    }),
  };
}

/** How an agent is started. */
export interface StartOptions {
  /** Addresses of control planes. */
  readonly peers?: readonly string[];
  /** Group. */
  readonly group?: string;
  /** Points at which it is ended. */
  readonly fate?: Fate;
  /** Its clock. */
  readonly now?: () => Date;
  /** Lowest sequence of manifests. */
  readonly minimumSequence?: number;
  /** Network and waiting in place of the machine's. */
  readonly host?: Partial<Pick<NodeHost, "clients" | "sleep" | "monotonic">>;
}

/** An agent that runs. */
export interface Running {
  /** The agent. */
  readonly agent: Agent;
  /** Where it answers. */
  readonly url: string;
  /** What it told. */
  readonly events: readonly NodeEvent[];
  /** Its devices, for evidence that it would not make. */
  readonly device: TpmDevice;
  /** Whether it was killed. */
  isOver(): boolean;
  /** Ends it. */
  end(): Promise<void>;
}

/** Starts an agent on a machine. */
export async function startAgent(
  machine: Machine,
  clusterId: string,
  store: Store,
  options: StartOptions = {},
): Promise<Running> {
  const { fate = () => false } = options;
  const life = { over: false };
  const point = (name: string): void => {
    if (life.over || fate(name)) {
      life.over = true;
      throw new Killed(name);
    }
  };
  const connection = await denoTpms().open(machine.tpm);
  const device = deviceOver(connection);
  const events: NodeEvent[] = [];
  const parts: AgentParts = {
    host: { ...nodeHost, ...options.host },
    clock: { now: options.now ?? (() => NOW) },
    ...{ random: RANDOM, engine: inlineEngine, variant: VARIANT, bootId: machine.bootId },
    files: mortalFiles(machine.files, point),
    launch: {
      v: 1,
      clusterId,
      peers: options.peers ?? [],
      group: options.group ?? "",
      minimumSequence: options.minimumSequence ?? 0,
    },
    register: mortalRegister(tpmRegister(device), point),
    collect: collectorOf(machine, device),
    openStore: () => Promise.resolve(mortalStore(store, point)),
    ...{ labRoots: LAB_ROOTS, ticket: null, advertise: null },
    listen: { hostname: "127.0.0.1", port: 0 },
    log: (event) => void events.push(event),
  };
  return await running(parts, { connection, device, events, isOver: () => life.over });
}

async function running(
  parts: AgentParts,
  { connection, device, events, isOver }: {
    readonly isOver: () => boolean;
    readonly connection: TpmConnection;
    readonly device: TpmDevice;
    readonly events: NodeEvent[];
  },
): Promise<Running> {
  try {
    const agent = await Agent.start(parts);
    // Who is killed ends with an error of its own; nothing else may.
    const lives = agent.run().catch((error) => {
      if (!(error instanceof Killed)) throw error;
    });
    const end = async () => {
      await agent.end();
      await lives;
      connection.close();
    };
    return { agent, url: agent.url, events, device, isOver, end };
  } catch (error) {
    connection.close();
    throw error;
  }
}

/** Evidence of a machine, whatever is stated. */
export function collectorOf(
  { tee }: Machine,
  tpm: TpmDevice,
): (statement: Uint8Array, nonce: Uint8Array) => Promise<Uint8Array> {
  const devices: NodeDevices = {
    ...{ tee, tpm, metadata: null, timer: TIMER },
    files: { read: () => Promise.reject(new Error("no files")) },
    eventLogs: { tpm: null, td: null },
  };
  return (statement, nonce) => collectEnvelope(issuerOf(VARIANT), devices, statement, nonce);
}

/** A store of a cluster. */
export function makeStore(): Store {
  return new MemoryStore();
}

/** Waits until something is so; it comes for certain, however slow the machine is. */
export async function untilSo(
  what: string,
  is: () => boolean | Promise<boolean>,
  within = 120_000,
): Promise<void> {
  const started = performance.now();
  while (!await is()) {
    if (performance.now() - started > within) throw new Error(`not within ${within} ms: ${what}`);
    await TIMER.wait(10);
  }
}
