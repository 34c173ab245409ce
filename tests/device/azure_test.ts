import assert from "node:assert/strict";
import { toBase64url } from "../../src/core/base64url.ts";
import { concat, fromHex, toHex } from "../../src/core/bytes.ts";
import type { Metadata } from "../../src/core/node_ports.ts";
import type { NodeDevices } from "../../src/evidence/device/devices.ts";
import type { Statement } from "../../src/evidence/statement/statement.ts";
import type { TpmDevice } from "../../src/evidence/tpm/device/device.ts";
import { type TpmObject, withPrimary } from "../../src/evidence/tpm/device/objects.ts";
import { persist } from "../../src/evidence/tpm/device/persist.ts";
import { ATTESTATION_KEYS } from "../../src/evidence/tpm/device/templates.ts";
import {
  describeHcl,
  describeRuntime,
  type LabKey,
  mintSnp,
  mintTdx,
  pem,
  type TdReportFields,
  writeHclReport,
  writeRuntime,
  writeTdReportStruct,
} from "../../src/lab/mod.ts";
import { intelAuthority } from "../intel_authority.ts";
import { labAuthority, NOW } from "../lab_authority.ts";
import { testWithTpm, withDevice } from "../tpm/swtpm.ts";
import { assertCollects, assertUnavailable, collect, pinned, statementOf } from "./asking.ts";
import { BARE, bootRegisters, extendPhase } from "./machines.ts";
import { type DoubleIndex, withNvDouble } from "./nv_double.ts";

const amd = await labAuthority();
const intel = await intelAuthority();
const ID_KEY = new Uint8Array(48).fill(0x1d);

/** Head of SubjectPublicKeyInfo of RSA with 2048 bits, and what stands behind the modulus: 65537. */
const RSA_HEAD = fromHex(
  "30820122300d06092a864886f70d01010105000382010f003082010a0282010100",
);
const RSA_END = fromHex("0203010001");

/** TPMT_PUBLIC of RSA ends with the modulus. */
function spkiOf({ publicArea }: TpmObject): Uint8Array<ArrayBuffer> {
  return concat(RSA_HEAD, publicArea.slice(-256), RSA_END);
}

/** What a paravisor has its processor report: the report, and what a metadata service answers of it. */
interface Hardware {
  readonly tee: "snp" | "tdx";
  readonly report: Uint8Array;
  readonly metadata: Metadata;
  readonly crls: readonly Uint8Array[];
}

type Processor = (reportData: Uint8Array) => Promise<Hardware>;

/** A paravisor: its runtime data take up what is written, but a moment later. */
class Paravisor {
  readonly #key: LabKey;
  readonly #takesUp: boolean;
  readonly #processor: Processor;
  #report = new Uint8Array();
  #pending: Promise<void> = Promise.resolve();
  hardware: Hardware | null = null;
  writes = 0;

  constructor(key: LabKey, processor: Processor, takesUp: boolean) {
    this.#key = key;
    this.#processor = processor;
    this.#takesUp = takesUp;
  }

  async boot(): Promise<void> {
    await this.#make(new Uint8Array(64));
  }

  indices(): Map<number, DoubleIndex> {
    const write = (bytes: Uint8Array): void => {
      this.writes++;
      if (this.#takesUp) this.#pending = this.#make(bytes);
    };
    return new Map<number, DoubleIndex>([
      [0x01400001, { read: () => this.#report }],
      [0x01400002, { read: () => new Uint8Array(64), write }],
    ]);
  }

  /** Time in which the paravisor works. */
  async wait(): Promise<void> {
    await this.#pending;
  }

  async #make(userData: Uint8Array): Promise<void> {
    const keys = { ak: this.#key, ek: this.#key };
    const runtime = writeRuntime(await describeRuntime(keys, userData));
    const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", runtime));
    this.hardware = await this.#processor(hash);
    const { tee, report } = this.hardware;
    this.#report = writeHclReport(describeHcl(tee, report, runtime));
  }
}

const amdProcessor: Processor = async (reportData) => {
  const minted = await mintSnp(amd, {
    now: NOW,
    reportData,
    bends: { report: (fields) => ({ ...fields, idKeyDigest: ID_KEY }) },
  });
  const { report, leaf, chain, der } = minted;
  const members = { vcekCert: leaf, tcbm: "54", certificateChain: chain };
  const metadata = answering("GET /metadata/THIM/amd/certification", () => members);
  return { tee: "snp", report, metadata, crls: [der.crl] };
};

const TDX_SAMPLE = await mintTdx(intel, { now: NOW });

const intelProcessor: Processor = async (reportData) => {
  const zero = new Uint8Array(48);
  let fields: TdReportFields | undefined;
  const minted = await mintTdx(intel, {
    now: NOW,
    reportData,
    rtmrs: { 0: zero, 1: zero, 2: zero, 3: zero },
    collateralFrom: TDX_SAMPLE,
    bends: { body: (given) => fields = given },
  });
  const report = await writeTdReportStruct(fields ?? assert.fail(), minted.pck.cpuSvn);
  const metadata = answering("POST /acc/tdquote", (asked) => {
    assert.deepEqual(asked, { report: toBase64url(report) });
    return { quote: toBase64url(minted.quote) };
  });
  return { tee: "tdx", report, metadata, crls: [] };
};

/** A metadata service that knows one question. */
function answering(question: string, answer: (asked: unknown) => object): Metadata {
  return {
    ask: ({ method, path, headers, body }) => {
      assert.equal(`${method} ${path}`, question);
      assert.equal(headers["Metadata"], "true");
      const asked: unknown = body.length === 0 ? null : JSON.parse(new TextDecoder().decode(body));
      const text = JSON.stringify(answer(asked));
      return Promise.resolve({ status: 200, body: new TextEncoder().encode(text) });
    },
  };
}

interface Machine {
  readonly paravisor: Paravisor;
  readonly devices: NodeDevices;
  readonly tpm: TpmDevice;
}

/** A machine of Azure's: keys and registers in a TPM that runs, the report in a double before it. */
async function machineOn(
  device: TpmDevice,
  processor: Processor,
  takesUp = true,
): Promise<Machine> {
  const template = ATTESTATION_KEYS.rsa;
  const spki = await withPrimary(device, { hierarchy: "endorsement", template }, async (key) => {
    await persist(device, key, 0x81000003);
    return spkiOf(key);
  });
  const paravisor = new Paravisor(
    { kind: "RSA-2048", spki, pkcs8: new Uint8Array() },
    processor,
    takesUp,
  );
  await paravisor.boot();
  await bootRegisters(device);
  const indices = paravisor.indices();
  const transport = withNvDouble(device.transport, { indices });
  const tpm = { ...device, transport };
  const timer = { wait: () => paravisor.wait() };
  const metadata: Metadata = {
    ask: (request) =>
      (paravisor.hardware ?? assert.fail("no report was made")).metadata.ask(request),
  };
  return { paravisor, tpm, devices: { ...BARE, tpm, timer, metadata } };
}

const AMD_ROOT = pem("CERTIFICATE", amd.ARK.certificate);
const IN_CLUSTER: Partial<Statement> = {
  ...{ purpose: "join", phase: "cluster", requestDigest: "18".repeat(32) },
  ...{ manifestDigest: "", manifestSequence: 0, role: "", nodeName: "", logHead: "" },
};

testWithTpm(
  "azure-sev-snp: runtime data are made to answer every purpose but serve",
  () =>
    withDevice(async (device) => {
      const { paravisor, devices, tpm } = await machineOn(device, amdProcessor);
      const question = { variant: "azure-sev-snp", said: IN_CLUSTER } as const;
      await extendPhase(tpm, statementOf(question));
      const asked = {
        ...question,
        section: { tee: { idKeyDigests: [toHex(ID_KEY)] }, vtpm: await pinned(tpm) },
        roots: AMD_ROOT,
        endorsements: { crls: paravisor.hardware?.crls ?? [] },
      };
      const result = await assertCollects(devices, asked);
      assert.equal(paravisor.writes, 1);
      const userData = result.findings.find(({ id }) => id === "hcl.user-data");
      assert.equal(userData?.kind, "match");

      const serving: Partial<Statement> = { ...IN_CLUSTER, purpose: "serve", requestDigest: "" };
      await assertCollects(devices, { ...asked, said: serving });
      assert.equal(paravisor.writes, 1);
    }),
);

testWithTpm(
  "azure-sev-snp: a paravisor that does not take the question up is told",
  () =>
    withDevice(async (device) => {
      const { devices } = await machineOn(device, amdProcessor, false);
      const collected = collect(devices, { variant: "azure-sev-snp", said: IN_CLUSTER });
      await assertUnavailable(collected, "device.user_data_stale");
    }),
);

testWithTpm(
  "azure-sev-snp: a TPM without the paravisor's report is said to be none of its",
  () =>
    withDevice(async (tpm) => {
      const collected = collect({ ...BARE, tpm }, { variant: "azure-sev-snp" });
      await assertUnavailable(collected, "device.platform_half");
    }),
);

testWithTpm(
  "azure-tdx: the quote is over the TD report that the paravisor was given",
  () =>
    withDevice(async (device) => {
      const { paravisor, devices, tpm } = await machineOn(device, intelProcessor);
      const question = { variant: "azure-tdx", said: IN_CLUSTER } as const;
      await extendPhase(tpm, statementOf(question));
      const text = (file: string): Uint8Array => new TextEncoder().encode(file);
      const { tcbInfo, qeIdentity, tcbChain, pckCrl, rootCrl, mrTd, root } = TDX_SAMPLE;
      const result = await assertCollects(devices, {
        ...question,
        section: { tee: { mrTd: [toHex(mrTd)] }, vtpm: await pinned(tpm) },
        roots: root,
        endorsements: {
          ...{ tcbInfo: text(tcbInfo), qeIdentity: text(qeIdentity), tcbChain: text(tcbChain) },
          ...{ pckCrl: text(pckCrl), rootCrl: text(rootCrl) },
        },
      });
      assert.equal(paravisor.writes, 1);
      const userData = result.findings.find(({ id }) => id === "hcl.user-data");
      assert.equal(userData?.kind, "match");
    }),
);
