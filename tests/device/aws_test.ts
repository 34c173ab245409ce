import assert from "node:assert/strict";
import { toHex } from "../../src/core/bytes.ts";
import type { Metadata } from "../../src/core/node_ports.ts";
import { type Cbor, readCbor } from "../../src/core/portable/cbor.ts";
import type { FilesByRole } from "../../src/evidence/files_by_role.ts";
import { runtimeRegisterOf } from "../../src/evidence/statement/binding.ts";
import type { Statement } from "../../src/evidence/statement/statement.ts";
import type { TpmDevice } from "../../src/evidence/tpm/device/device.ts";
import {
  cborBytes,
  cborMap,
  cborText,
  createAwsAuthority,
  LAB_AWS_CSP,
  labRegisters,
  mintIdentity,
  mintNitro,
  pem,
} from "../../src/lab/mod.ts";
import { labAuthority, NOW } from "../lab_authority.ts";
import { testWithTpm, withDevice } from "../tpm/swtpm.ts";
import { assertCollects, assertUnavailable, collect, statementOf } from "./asking.ts";
import { BARE, labSnpDevice } from "./machines.ts";
import { type NvDouble, withNvDouble } from "./nv_double.ts";

const amd = await labAuthority();
const aws = await createAwsAuthority(NOW);

/** A double of NitroTPM: swtpm does not know AWS's command. */
interface NitroDouble {
  readonly tpm: TpmDevice;
  readonly double: NvDouble;
  /** What a verifier has beside. */
  readonly endorsements: () => FilesByRole;
}

async function nitroDouble(device: TpmDevice, statement: Statement): Promise<NitroDouble> {
  const phase = runtimeRegisterOf("sha384", statement);
  const registers = (await labRegisters("tpm")).map(([register, value]) =>
    [register, register === 15 ? phase : value] as const
  );
  let lists: readonly Uint8Array[] = [];
  const double: NvDouble = {
    indices: new Map(),
    nsm: async (request) => {
      const { nonce, userData } = readRequest(request);
      const minted = await mintNitro(aws.nitro, { now: NOW, registers, nonce, userData });
      lists = [minted.der.rootCrl, minted.der.regionCrl];
      const attestation = cborMap([cborText("document"), cborBytes(minted.document)]);
      return cborMap([cborText("Attestation"), attestation]);
    },
  };
  const transport = withNvDouble(device.transport, double);
  const endorsements = () => ({ documentCrls: lists, identityCert: aws.region.certificate });
  return { tpm: { ...device, transport }, double, endorsements };
}

/** Reads a request as the Nitro Secure Module does, by another reader than what writes it; behind it lie zeros. */
function readRequest(
  buffer: Uint8Array,
): { nonce: Uint8Array | null; userData: Uint8Array | null } {
  const end = buffer.findLastIndex((byte) => byte !== 0) + 1;
  const [[name, fields] = assert.fail(), ...others] = entriesOf(readCbor(buffer.subarray(0, end)));
  assert.deepEqual([name, others], ["Attestation", []]);
  const members = new Map(entriesOf(fields));
  assert.deepEqual([...members.keys()].toSorted(), ["nonce", "public_key", "user_data"]);
  assert.equal(bytesOf(members.get("public_key")), null);
  return { nonce: bytesOf(members.get("nonce")), userData: bytesOf(members.get("user_data")) };
}

function entriesOf(value: Cbor): readonly (readonly [string, Cbor])[] {
  if (value.type !== "map") throw new Error(`a map is expected, not ${value.type}`);
  return value.entries.map(({ key, value }) => [key.type === "text" ? key.value : "", value]);
}

function bytesOf(value: Cbor | undefined): Uint8Array | null {
  if (value?.type === "bytes") return value.value;
  assert.deepEqual(value, { type: "simple", value: null });
  return null;
}

/** The metadata service of EC2: only who has a token is answered. */
async function imds(): Promise<Metadata> {
  const { document, signature } = await mintIdentity(aws.region, NOW);
  const token = "AQAEALab==";
  const answers: Readonly<Record<string, Uint8Array>> = {
    "/latest/dynamic/instance-identity/document": document,
    "/latest/dynamic/instance-identity/rsa2048": signature,
  };
  return {
    ask: ({ method, path, headers }) => {
      const isToken = method === "PUT" && path === "/latest/api/token" &&
        headers["X-aws-ec2-metadata-token-ttl-seconds"] === "60";
      const body = isToken
        ? new TextEncoder().encode(token)
        : headers["X-aws-ec2-metadata-token"] === token
        ? answers[path]
        : undefined;
      const missing = { status: 401, body: new Uint8Array() };
      return Promise.resolve(body === undefined ? missing : { status: 200, body });
    },
  };
}

async function pinnedInDocument(): Promise<object> {
  const values = (await labRegisters("tpm")).filter(([register]) => [4, 11].includes(register));
  const pins = values.map(([register, value]) => [String(register), [toHex(value)]]);
  return { registers: Object.fromEntries(pins) };
}

const NITRO_ROOT = pem("CERTIFICATE", aws.nitro.root.certificate);

testWithTpm(
  "aws-nitro-tpm: a document of a double of NitroTPM is what its verifier takes",
  () =>
    withDevice(async (device) => {
      const variant = "aws-nitro-tpm";
      const { tpm, double, endorsements } = await nitroDouble(device, statementOf({ variant }));
      const devices = { ...BARE, tpm, metadata: await imds() };
      await collect(devices, { variant });
      const result = await assertCollects(devices, {
        variant,
        section: { vtpm: await pinnedInDocument() },
        roots: NITRO_ROOT,
        endorsements: endorsements(),
      });
      const measured = result.findings.find(({ id }) => id === "phase.measured");
      assert.equal(measured?.kind, "match");
      assert.match(JSON.stringify(result.claims), /012345678901/);
      // Nothing is left in the TPM.
      assert.equal(double.indices.size, 0);
    }),
);

testWithTpm("aws-sev-snp: report and document name each other", () =>
  withDevice(async (device) => {
    const variant = "aws-sev-snp";
    const { tpm, endorsements } = await nitroDouble(device, statementOf({ variant }));
    const tee = labSnpDevice(amd, undefined, { form: "VLEK", cspId: LAB_AWS_CSP });
    const devices = { ...BARE, tpm, tee, metadata: await imds() };
    await collect(devices, { variant });
    const result = await assertCollects(devices, {
      variant,
      section: { vtpm: await pinnedInDocument() },
      roots: NITRO_ROOT + pem("CERTIFICATE", amd.ARK.certificate),
      endorsements: endorsements(),
    });
    const named = result.findings.find(({ id }) => id === "nitro.user-data");
    assert.equal(named?.kind, "match");
  }));

testWithTpm(
  "aws-nitro-tpm: a TPM without AWS's command is told, and nothing is left in it",
  () =>
    withDevice(async (device) => {
      const indices: NvDouble["indices"] = new Map();
      // Room for the request is there, and the command goes to swtpm.
      const transport = withNvDouble(device.transport, { indices });
      const collected = collect({ ...BARE, tpm: { ...device, transport } }, {
        variant: "aws-nitro-tpm",
      });
      await assertUnavailable(collected, "device.nitro_refused");
      assert.equal(indices.size, 0);
    }),
);

testWithTpm(
  "aws-nitro-tpm: what the module refuses is told by its name",
  () =>
    withDevice(async (device) => {
      const indices: NvDouble["indices"] = new Map();
      const nsm = () => Promise.resolve(cborMap([cborText("Error"), cborText("InvalidArgument")]));
      const transport = withNvDouble(device.transport, { indices, nsm });
      const collected = collect({ ...BARE, tpm: { ...device, transport } }, {
        variant: "aws-nitro-tpm",
      });
      await assert.rejects(collected, /InvalidArgument$/);
      assert.equal(indices.size, 0);
    }),
);

testWithTpm(
  "aws-nitro-tpm: a metadata service that refuses is told",
  () =>
    withDevice(async (device) => {
      const variant = "aws-nitro-tpm";
      const { tpm } = await nitroDouble(device, statementOf({ variant }));
      const metadata: Metadata = {
        ask: () => Promise.resolve({ status: 403, body: new Uint8Array() }),
      };
      const collected = collect({ ...BARE, tpm, metadata }, { variant });
      await assertUnavailable(collected, "device.metadata_refused");
    }),
);
