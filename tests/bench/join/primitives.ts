/**
 * What a join is made of, each by itself and in this process, on a computer that
 * does nothing else at that moment.
 *
 * @module
 */

import tls from "node:tls";
import { makeLeaf } from "../../../src/channel/leaf.ts";
import { inlineEngine } from "../../../src/core/crypto_inline.ts";
import { readAccess } from "../../../src/cli/lab_cluster/etcd.ts";
import { labJudge } from "../../../src/cli/lab_cluster/appraiser.ts";
import type { LabWork } from "../../../src/cli/lab_cluster/work.ts";
import { collectEnvelope, issuerOf, type NodeDevices } from "../../../src/evidence/issuers.ts";
import { verify } from "../../../src/evidence/snp/verify.ts";
import { LAB_STATEMENT } from "../../../src/lab/mod.ts";
import { writeStatement } from "../../../src/evidence/statement/read.ts";
import { quote } from "../../../src/evidence/tpm/device/quote.ts";
import { withGceKey } from "../../../src/evidence/tpm/gce_key.ts";
import { clusterMark, enterPhase, tpmRegister } from "../../../src/node/register.ts";
import { EtcdStore } from "../../../src/services/store/etcd.ts";
import { chooseEvidence } from "../evidence.ts";
import { type Contender, contender, measure, type Timing } from "../measure.ts";
import { HOST, machinesOf } from "./lab.ts";

/** Rounds in which all take their turn. */
const ROUNDS = 9;

const NONCE = new Uint8Array(32).fill(0x5e);

/** The one that others are compared with. */
export const BASELINE = "tls";

/**
 * Measures what a join is made of.
 *
 * @param work A lab, prepared, none of its agents started: a TPM in software takes one connection.
 */
export async function measurePrimitives(work: LabWork): Promise<readonly Timing[]> {
  const { node, paths } = work;
  const listener = await listen(work);
  const access = await readAccess(work);
  const http = node.openEtcd(access);
  const machine = paths.machine(machinesOf(work, "control-plane")[0]?.name ?? "");
  const transport = await HOST.tpms.open(`unix:${machine.tpmSocket}`);
  const tpm = { transport, random: HOST.random, timer: HOST.timer };
  const devices: NodeDevices = {
    ...{ tee: await node.openTee(`unix:${machine.teeSocket}`, ""), tpm, metadata: null },
    ...{ files: HOST.files, timer: HOST.timer },
    eventLogs: { tpm: machine.eventLog, td: null },
  };
  try {
    const { clusterId } = work.record.state;
    const store = new EtcdStore({ http, access, clusterId, monotonic: () => node.monotonic() });
    return await withGceKey(tpm, async (key) => {
      const selections = [{ bank: "sha256" as const, registers: [...Array(16).keys()] }];
      return await measure([
        contender(BASELINE, "TLS 1.3 handshake, both ends", () => handshake(listener.port)),
        await snpVerification(),
        contender("etcd", "etcd: a transaction of one record", transaction(store)),
        contender(
          "quote",
          "swtpm: TPM2_Quote over 16 registers, P-256",
          () => quote(tpm, { key, qualifyingData: NONCE, selections }),
        ),
        ...await envelopes(work, devices),
      ], ROUNDS);
    });
  } finally {
    transport.close();
    http.close();
    await listener.close();
  }
}

async function listen({ node, host: { random } }: LabWork) {
  return await node.servers.listen({
    ...{ hostname: "127.0.0.1", port: 0 },
    identity: await makeLeaf({ random, hosts: ["127.0.0.1"] }),
    handle: () => Promise.resolve({ status: 404, type: "text/plain", body: new Uint8Array() }),
  });
}

function handshake(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const where = { host: "127.0.0.1", port, servername: "x.agent.casemate.invalid" };
    const socket = tls.connect({ ...where, minVersion: "TLSv1.3", rejectUnauthorized: false });
    socket.once("error", reject);
    socket.once("secureConnect", () => {
      socket.destroy();
      resolve();
    });
  });
}

async function snpVerification(): Promise<Contender> {
  const { files, now, labRoots, name } = await chooseEvidence();
  return contender(
    "snp",
    `verify ${name}, chain known`,
    () => verify(inlineEngine, files, { now, labRoots }),
  );
}

function transaction(store: EtcdStore): () => Promise<unknown> {
  const value = new Uint8Array(600).fill(0x20);
  return () => store.commit({ expect: [], put: [{ key: "bench/record", value }], remove: [] });
}

/** Evidence as agents collect it and as control planes judge it, its chain known. */
async function envelopes(work: LabWork, devices: NodeDevices): Promise<readonly Contender[]> {
  const { clusterId } = work.record.state;
  if (devices.tpm === null) throw new Error("no TPM");
  // As an agent does when it starts: the register must be what the statement says.
  await enterPhase(tpmRegister(devices.tpm), clusterMark(clusterId));
  const { appraiser } = await labJudge(work, clusterId);
  const stated = { ...LAB_STATEMENT, ...clusterMark(clusterId), manifestDigest: "" };
  const statement = writeStatement({ ...stated, variant: "gcp-sev-snp" });
  const collect = () => collectEnvelope(issuerOf("gcp-sev-snp"), devices, statement, NONCE);
  const envelope = await collect();
  return [
    contender("collect", "collect evidence: AK, quote, report", collect),
    contender(
      "appraise",
      "judge that evidence under the manifest",
      () => appraiser.appraise(envelope, NONCE, { clusterId }),
    ),
  ];
}
