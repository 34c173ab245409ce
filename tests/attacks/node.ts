/**
 * Attacks on nodes and on who initialises them, with real TPMs in software. Each
 * returns the code by which it was refused, or `succeeded`.
 *
 * `deno run -A tests/attacks/node.ts NAME` says which.
 *
 * @module
 */

import { attestForOwner, attestServer, sealedCall } from "../../src/channel/client.ts";
import { makeHpkeKey } from "../../src/channel/hpke.ts";
import { makeLeaf } from "../../src/channel/leaf.ts";
import { NonceIssuer } from "../../src/channel/nonces.ts";
import { createChannelServer } from "../../src/channel/server.ts";
import { toHex } from "../../src/core/bytes.ts";
import { signDsse } from "../../src/core/dsse.ts";
import { CasemateError } from "../../src/core/errors.ts";
import { plainHash } from "../../src/core/labelled_hash.ts";
import { readStatement, writeStatement } from "../../src/evidence/statement/read.ts";
import { readEnvelope } from "../../src/evidence/envelope/envelope.ts";
import { denoTpms } from "../../src/hosts/deno_tpm.ts";
import { nodeHost } from "../../src/hosts/node_host.ts";
import { createAttester } from "../../src/node/attester.ts";
import { KeyRing } from "../../src/node/keys.ts";
import { clusterMark, enterPhase, tpmRegister } from "../../src/node/register.ts";
import { NodeSelf } from "../../src/node/self.ts";
import { Serial } from "../../src/node/serial.ts";
import {
  INIT_ANSWER,
  INIT_BODY,
  type InitBody,
  OWNER_REQUEST,
  OWNER_REQUEST_TYPE,
} from "../../src/protocol/init.ts";
import type { JoinAnswer } from "../../src/protocol/join.ts";
import { writeMessage } from "../../src/protocol/message.ts";
import { INIT_PATH } from "../../src/protocol/paths.ts";
import {
  appraiserOf,
  collectorOf,
  initAt,
  type Machine,
  makeOwner,
  makeStore,
  type Owner,
  type Running,
  startAgent,
  untilSo,
  withMachines,
} from "../node/world.ts";
import { isAdmitted } from "../node/killed.ts";
import { deviceOver } from "../tpm/swtpm.ts";

/** What came of an attack: `succeeded`, or the code by which it was refused. */
export type Outcome = string;

const RANDOM = { bytes: (length: number) => crypto.getRandomValues(new Uint8Array(length)) };
const TIME = "2026-11-22T12:00:00Z";

async function outcomeOf(work: () => Promise<unknown>): Promise<Outcome> {
  try {
    await work();
    return "succeeded";
  } catch (error) {
    if (error instanceof CasemateError) return error.fields["code"] ?? error.code;
    throw error;
  }
}

function askingOf(url: string) {
  const { clients, monotonic } = nodeHost;
  return { clients, url, random: RANDOM, monotonic: () => monotonic() };
}

async function withOne(owner: Owner, use: (machine: Machine) => Promise<void>): Promise<void> {
  await withMachines(1, owner.clusterId, async ([machine]) => {
    if (machine !== undefined) await use(machine);
  });
}

/** A request of this cluster that somebody signed. */
async function requestBy(owner: Owner, by: Owner, exact: Uint8Array) {
  const nonce = RANDOM.bytes(32);
  const payload = writeMessage(OWNER_REQUEST, {
    ...{ v: 1, purpose: "init", clusterId: owner.clusterId, issued: TIME },
    owner: toHex(by.key.publicKey.spki),
    random: by.chain.newest.random,
    nonce: toHex(nonce),
    body: toHex(plainHash("sha256", exact)),
  });
  return { nonce, payload, request: await signDsse(OWNER_REQUEST_TYPE, payload, [by.key]) };
}

/** Whoever sees an owner's request follows it up with an epoch root of his own. */
async function epochRoot(): Promise<Outcome> {
  const owner = await makeOwner();
  let outcome = "";
  await withOne(owner, async (machine) => {
    const running = await startAgent(machine, owner.clusterId, makeStore());
    const { manifests, references } = owner;
    const theirs = toHex(owner.epochRoot);
    const body: InitBody = {
      ...{ v: 1, manifests, references, epoch: 1, epochRoot: theirs, time: TIME, store: null },
    };
    const seen = await requestBy(owner, owner, writeMessage(INIT_BODY, body));
    outcome = await outcomeOf(async () => {
      const expected = { clusterId: owner.clusterId };
      const appraiser = await appraiserOf(owner);
      const asks = { ...seen, appraiser, expected, purpose: "init" } as const;
      const session = await attestForOwner(askingOf(running.url), asks);
      const own = { ...body, epochRoot: "66".repeat(32) };
      const exchange = { purpose: "init", path: INIT_PATH, body: own, own: null } as const;
      await sealedCall(session, { ...exchange, request: INIT_BODY, answer: INIT_ANSWER });
    });
    await running.end();
  });
  return outcome;
}

/** Somebody with a key of his own asks a waiting node for evidence to initialise. */
async function foreignOwner(): Promise<Outcome> {
  const [owner, other] = [await makeOwner(), await makeOwner()];
  let outcome = "";
  await withOne(owner, async (machine) => {
    const running = await startAgent(machine, owner.clusterId, makeStore());
    const asks = await requestBy(owner, other, new Uint8Array());
    outcome = await outcomeOf(async () =>
      await attestForOwner(askingOf(running.url), {
        ...{ ...asks, appraiser: await appraiserOf(owner), purpose: "init" },
        expected: { clusterId: owner.clusterId },
      })
    );
    await running.end();
  });
  return outcome;
}

/** Code that runs on an admitted machine later states that it was not admitted yet. */
async function lateJoin(): Promise<Outcome> {
  const owner = await makeOwner();
  let outcome = "";
  await withOne(owner, async (machine) => {
    const running = await startAgent(machine, owner.clusterId, makeStore());
    await initAt(owner, running.url);
    outcome = await outcomeOf(() => judgeAsJoiner(owner, machine, running));
    await running.end();
  });
  return outcome;
}

async function judgeAsJoiner(owner: Owner, machine: Machine, { device }: Running): Promise<void> {
  const { clusterId } = owner;
  const statement = writeStatement({
    ...{ v: 1, purpose: "join", variant: "gcp-sev-snp", clusterId, bootId: machine.bootId },
    ...{ audience: "a1".repeat(32), requestDigest: "b2".repeat(32), logHead: "" },
    ...{ manifestDigest: "", manifestSequence: 0, role: "", nodeName: "", phase: "cluster" },
    ...{ tlsSpki: "3059", hpkeKey: "cc".repeat(32) },
  });
  const nonce = RANDOM.bytes(32);
  const envelope = await collectorOf(machine, device)(statement, nonce);
  const { purpose, audience, requestDigest } = readStatement(readEnvelope(envelope).statement);
  const expected = { purpose, audience, requestDigest, clusterId };
  await (await appraiserOf(owner)).appraise(envelope, nonce, expected);
}

/** A machine of the cluster that nobody admitted gives out places of its own. */
async function rogueService(): Promise<Outcome> {
  const owner = await makeOwner();
  let outcome = "";
  await withMachines(2, owner.clusterId, async ([first, second]) => {
    if (first === undefined || second === undefined) return;
    const rogue = await startRogue(owner, first);
    const options = { peers: [rogue.url], group: "worker" };
    const joiner = await startAgent(second, owner.clusterId, makeStore(), options);
    outcome = await fateOf(joiner);
    await joiner.end();
    await rogue.close();
  });
  return outcome;
}

async function fateOf(joiner: Running): Promise<Outcome> {
  const refused = () => joiner.events.find(({ event }) => event === "refused");
  await untilSo("it is decided", () => isAdmitted(joiner) || refused() !== undefined);
  return isAdmitted(joiner) ? "succeeded" : `${refused()?.fields["code"]}`;
}

async function startRogue(owner: Owner, machine: Machine) {
  const { clusterId } = owner;
  const connection = await denoTpms().open(machine.tpm);
  const device = deviceOver(connection);
  await enterPhase(tpmRegister(device), clusterMark(clusterId));
  const keys = await KeyRing.make({
    makeLeaf: () => makeLeaf({ random: RANDOM, hosts: [] }),
    makeHpkeKey,
    monotonic: () => performance.now(),
    replaced: () => {},
  });
  const self = new NodeSelf({ clusterId, bootId: machine.bootId, variant: "gcp-sev-snp" });
  self.enterCluster();
  const collect = collectorOf(machine, device);
  const parts = { self, keys, collect, serial: new Serial(), ownerAsked: () => false };
  const answer = createChannelServer({
    attester: createAttester(parts, "open"),
    appraiser: () => ({ appraise: (envelope) => Promise.resolve(believed(envelope)) }),
    keys: () => ({ hpke: keys.hpke, leaf: keys.leaf.certificate }),
    nonces: new NonceIssuer({
      ...{ secret: RANDOM.bytes(32), bootId: machine.bootId, random: RANDOM },
      monotonic: () => performance.now(),
    }),
    ...{ random: RANDOM, monotonic: () => performance.now() },
    handlers: {
      ...{ ownerAttest: never, init: never, renew: never, update: never, status: never },
      manifests: () => {
        const { manifests, references } = owner;
        return Promise.resolve({ manifests, references });
      },
      join: () => Promise.resolve(placeFrom(owner)),
    },
  });
  const listener = await nodeHost.servers.listen({
    ...{ hostname: "127.0.0.1", port: 0, identity: keys.leaf, handle: answer },
  });
  const close = async () => {
    await listener.close();
    connection.close();
  };
  return { url: `https://127.0.0.1:${listener.port}`, close };
}

function never(): Promise<never> {
  return Promise.reject(new TypeError("nobody asks that"));
}

/** Who is rogue believes everybody. */
function believed(envelope: Uint8Array) {
  const bytes = readEnvelope(envelope).statement;
  const statementDigest = toHex(plainHash("sha256", bytes));
  const evidenceDigest = toHex(plainHash("sha256", envelope));
  const named = { variant: "gcp-sev-snp", account: "", machine: "00".repeat(32) };
  const statement = readStatement(bytes);
  return { statement, statementDigest, evidenceDigest, verdict: "trusted", ...named } as const;
}

function placeFrom({ manifests, references }: Owner): JoinAnswer {
  return {
    ...{ v: 1, role: "worker", nodeName: "worker-1", lease: "1e".repeat(32), leaseSeconds: 60 },
    ...{ manifestSequence: 1, manifests, references, peers: [], time: TIME, controlPlane: null },
    ...{ certificate: Uint8Array.of(0x30), nodeAuthority: Uint8Array.of(0x30) },
  };
}

/** A control plane of an older manifest than the machine was launched with. */
async function rollback(): Promise<Outcome> {
  const owner = await makeOwner();
  let outcome = "";
  await withMachines(2, owner.clusterId, async ([first, second]) => {
    if (first === undefined || second === undefined) return;
    const store = makeStore();
    const server = await startAgent(first, owner.clusterId, store);
    await initAt(owner, server.url);
    const options = { peers: [server.url], group: "worker", minimumSequence: 2 };
    const joiner = await startAgent(second, owner.clusterId, store, options);
    outcome = await fateOf(joiner);
    await joiner.end();
    await server.end();
  });
  return outcome;
}

/** No attack: an owner and his node. */
async function control(): Promise<Outcome> {
  const owner = await makeOwner();
  let outcome = "";
  await withOne(owner, async (machine) => {
    const running = await startAgent(machine, owner.clusterId, makeStore());
    await initAt(owner, running.url);
    outcome = await outcomeOf(async () =>
      await attestServer(askingOf(running.url), {
        appraiser: await appraiserOf(owner),
        expected: { clusterId: owner.clusterId, role: "control-plane" },
      })
    );
    await running.end();
  });
  return outcome;
}

/** The attacks by name. */
export const ATTACKS: Readonly<Record<string, () => Promise<Outcome>>> = {
  "epoch-root": epochRoot,
  "foreign-owner": foreignOwner,
  "late-join": lateJoin,
  "rogue-service": rogueService,
  "rollback": rollback,
  "none": control,
};

if (import.meta.main) {
  const attack = ATTACKS[Deno.args[0] ?? ""];
  if (attack === undefined) throw new Error(`no attack ${Deno.args[0]}`);
  console.log(await attack());
}
