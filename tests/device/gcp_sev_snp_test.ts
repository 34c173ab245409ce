import assert from "node:assert/strict";
import { examineEnvelope, type Result, writeStatement } from "../../mod.ts";
import { toHex } from "../../src/core/bytes.ts";
import { RejectedError, UnavailableError } from "../../src/core/errors.ts";
import type { NodeDevices } from "../../src/evidence/device/devices.ts";
import { collectEnvelope, issuerOf } from "../../src/evidence/issuers.ts";
import type { Statement } from "../../src/evidence/statement/statement.ts";
import type { TpmDevice } from "../../src/evidence/tpm/device/device.ts";
import { readRegisters } from "../../src/evidence/tpm/device/registers.ts";
import { gceInstanceExtension, LAB_INSTANCE, LAB_STATEMENT, pem } from "../../src/lab/mod.ts";
import { labAuthority, NOW } from "../lab_authority.ts";
import { assertRefused, shown } from "../result.ts";
import { testWithTpm, withDevice } from "../tpm/swtpm.ts";
import { tpmAuthority } from "../tpm_authority.ts";
import {
  BARE,
  bootRegisters,
  certifyAk,
  extendPhase,
  labSnpDevice,
  listsOf,
  provideNv,
} from "./machines.ts";

const NONCE = new Uint8Array(32).fill(0x5c);
const STATEMENT: Statement = { ...LAB_STATEMENT, variant: "gcp-sev-snp" };
const amd = await labAuthority();
const google = await tpmAuthority("P-256");

/** What Google's vTPM has: the key's template, its certificate, and in the lab the CA's certificate. */
async function asGoogles(device: TpmDevice): Promise<void> {
  const instance = gceInstanceExtension(LAB_INSTANCE);
  const { template, certificate } = await certifyAk(device, google, "ecc", [instance]);
  await provideNv(device, 0x01c10003, template);
  await provideNv(device, 0x01c10002, certificate);
  await provideNv(device, 0x01c00100, google.issuing.certificate);
  await bootRegisters(device);
}

async function ask(
  device: TpmDevice,
  envelope: Uint8Array,
  measurement: Uint8Array,
): Promise<Result> {
  const selections = [{ bank: "sha256", registers: [4, 11] }] as const;
  const { registers } = await readRegisters(device, selections);
  const sha256 = Object.fromEntries(
    registers.map(({ register, value }) => [register, [toHex(value)]]),
  );
  const roots = pem("CERTIFICATE", amd.ARK.certificate) +
    pem("CERTIFICATE", google.root.certificate);
  return await examineEnvelope(envelope, {
    variant: "gcp-sev-snp",
    expect: { nonce: NONCE, audience: STATEMENT.audience, clusterId: STATEMENT.clusterId },
    policy: {
      version: 1,
      allowLab: true,
      "gcp-sev-snp": {
        project: LAB_INSTANCE.projectId,
        tee: { measurements: [toHex(measurement)] },
        vtpm: { registers: { sha256 } },
      },
    },
    now: NOW,
    labRoots: [new TextEncoder().encode(roots)],
  });
}

testWithTpm(
  "gcp-sev-snp: what a node collects is what its verifier takes",
  () =>
    withDevice(async (tpm) => {
      await asGoogles(tpm);
      await extendPhase(tpm, STATEMENT);
      const tee = labSnpDevice(amd);
      const devices: NodeDevices = { ...BARE, tpm, tee, papers: await listsOf(google) };
      const statement = writeStatement(STATEMENT);

      const envelope = await collectEnvelope(issuerOf("gcp-sev-snp"), devices, statement, NONCE);

      const result = await ask(tpm, envelope, tee.measurement());
      assert.equal(result.verdict, "lab-trusted", shown(result));
      assert.equal(result.binding, "nonce");
      const measured = result.findings.find(({ id }) => id === "phase.measured");
      assert.equal(measured?.kind, "match");
      const registers = JSON.stringify(result.claims);
      assert.match(registers, /sha384/);
      // Anything else than the phase that was extended is not believed, though the machine is genuine.
      const said = writeStatement({ ...STATEMENT, nodeName: "control-plane-1" });
      const lie = await collectEnvelope(issuerOf("gcp-sev-snp"), devices, said, NONCE);
      assertRefused(await ask(tpm, lie, tee.measurement()), "statement.phase_mismatch");
    }),
);

testWithTpm(
  "gcp-sev-snp: a node does not pass on a report that answers another question",
  () =>
    withDevice(async (tpm) => {
      await asGoogles(tpm);
      const tee = labSnpDevice(amd, (given) => {
        const report = new Uint8Array(given.report);
        report[0x50] = (report[0x50] ?? 0) ^ 1;
        return { ...given, report };
      });
      const collected = collectEnvelope(
        issuerOf("gcp-sev-snp"),
        { ...BARE, tpm, tee },
        writeStatement(STATEMENT),
        NONCE,
      );
      await assert.rejects(collected, refusedAs("device.other_question"));
    }),
);

testWithTpm(
  "gcp-sev-snp: a TPM without Google's key is said to be half of the platform",
  () =>
    withDevice(async (tpm) => {
      const collected = collectEnvelope(
        issuerOf("gcp-sev-snp"),
        { ...BARE, tpm, tee: labSnpDevice(amd) },
        writeStatement(STATEMENT),
        NONCE,
      );
      await assert.rejects(collected, refusedAs("device.platform_half"));
    }),
);

Deno.test("collectEnvelope() refuses a statement of another variant, and one that is none", async () => {
  const issuer = issuerOf("gcp-sev-snp");
  const other = collectEnvelope(issuer, BARE, writeStatement(LAB_STATEMENT), NONCE);
  await assert.rejects(other, refusedAs("device.variant_mismatch"));
  const none = collectEnvelope(issuer, BARE, new TextEncoder().encode("{}"), NONCE);
  await assert.rejects(none, (error) => error instanceof RejectedError);
});

Deno.test("collectEnvelope() says which device a node lacks", async () => {
  const collected = collectEnvelope(
    issuerOf("gcp-sev-snp"),
    BARE,
    writeStatement(STATEMENT),
    NONCE,
  );
  await assert.rejects(collected, refusedAs("device.absent"));
});

function refusedAs(code: string): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof UnavailableError, String(error));
    assert.equal(error.code, code);
    return true;
  };
}
