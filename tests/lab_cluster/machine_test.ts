/**
 * A machine of the lab, TPM and TEE together, gives evidence that is verified as
 * that of Google Cloud's instances.
 *
 * @module
 */

import assert from "node:assert/strict";
import { examine, type Result } from "../../mod.ts";
import { fromBase64url } from "../../src/core/base64url.ts";
import { concat, toHex } from "../../src/core/bytes.ts";
import { bindingOf, qualifyingDataOf, reportDataOf } from "../../src/evidence/statement/binding.ts";
import { writeStatement } from "../../src/evidence/statement/read.ts";
import type { TpmDevice } from "../../src/evidence/tpm/device/device.ts";
import { issueTpmEvidence, withAttestationKey } from "../../src/evidence/tpm/issue.ts";
import { AK_INDEX, bootTpm, labImageRegisters, manufactureTpm } from "../../src/lab/machine/mod.ts";
import { createTpmAuthority, LAB_INSTANCE, pem } from "../../src/lab/mod.ts";
import { createLabTee, makeLabChip } from "../../src/lab/tee/mod.ts";
import { labAuthority, NOW } from "../lab_authority.ts";
import { assertRefused, shown } from "../result.ts";
import { OF_NEWCOMER } from "../statements.ts";
import { testWithTpm, withDevice } from "../tpm/swtpm.ts";

const NONCE = new Uint8Array(32).fill(0x5f);
const CLUSTER = new Uint8Array(32).fill(0xc1);
const KEY = { kind: "nv-template", index: AK_INDEX.template } as const;

const tpmAuthority = await createTpmAuthority({ now: NOW });
const chip = await makeLabChip(await labAuthority(), { now: NOW, hostData: CLUSTER });

async function askTee(reportData: Uint8Array): Promise<Record<string, unknown>> {
  const answer = await createLabTee(chip)(
    new Request("http://lab/report", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ reportData: toHex(reportData) }),
    }),
  );
  assert.equal(answer.status, 200);
  return await answer.json();
}

const bytesOf = (value: unknown): Uint8Array => fromBase64url(String(value));

async function examineMachine(device: TpmDevice, hostData: Uint8Array): Promise<Result> {
  const statement = writeStatement({ ...OF_NEWCOMER, variant: "gcp-sev-snp" });
  const binding = bindingOf(NONCE, statement);
  const akName = await withAttestationKey(device, KEY, ({ name }) => Promise.resolve(name));
  const tee = await askTee(reportDataOf(binding, akName));
  const report = bytesOf(tee["report"]);
  const { evidence } = await issueTpmEvidence(device, {
    qualifyingData: qualifyingDataOf(binding, report),
    selections: [{ bank: "sha256", registers: Array.from({ length: 16 }, (_, i) => i) }],
    key: KEY,
    certificateIndex: AK_INDEX.certificate,
  });
  const request: unknown = {
    variant: "gcp-sev-snp",
    evidence: {
      ...evidence,
      report,
      leaf: bytesOf(tee["leaf"]),
      chainAskArk: concat(...(tee["chain"] as string[]).map(bytesOf)),
      crls: (tee["lists"] as string[]).map(bytesOf),
    },
    statement,
    expect: { nonce: NONCE, audience: OF_NEWCOMER.audience },
    now: NOW,
    labRoots: [
      pem("CERTIFICATE", chip.chain[1]),
      pem("CERTIFICATE", tpmAuthority.root.certificate),
    ].map((text) => new TextEncoder().encode(text)),
    policy: {
      version: 1,
      admitVariants: ["gcp-sev-snp"],
      "gcp-sev-snp": {
        project: LAB_INSTANCE.projectId,
        tee: { hostData: [toHex(hostData)] },
        vtpm: { registers: await labImageRegisters() },
      },
    },
  };
  return await examine(request as Parameters<typeof examine>[0]);
}

function assertLabTrusted(result: Result): void {
  assert.equal(result.verdict, "lab-trusted", shown(result));
}

async function launched(device: TpmDevice, bent: boolean): Promise<void> {
  const instance = { ...LAB_INSTANCE, instanceName: "vm-1" };
  await manufactureTpm(device, { authority: tpmAuthority, instance, now: NOW });
  await bootTpm(device, bent);
}

testWithTpm(
  "a machine of the lab proves its image and its cluster",
  () =>
    withDevice(async (device) => {
      await launched(device, false);

      assertLabTrusted(await examineMachine(device, CLUSTER));
    }),
);

testWithTpm(
  "a machine of the lab with another image is refused",
  () =>
    withDevice(async (device) => {
      await launched(device, true);

      assertRefused(await examineMachine(device, CLUSTER), "tpm.register_mismatch");
    }),
);

testWithTpm(
  "a machine of the lab that was launched for another cluster is refused",
  () =>
    withDevice(async (device) => {
      await launched(device, false);

      assertRefused(await examineMachine(device, new Uint8Array(32)), "snp.host_data_mismatch");
    }),
);

testWithTpm(
  "a machine can be made again, as after a making that broke off",
  () =>
    withDevice(async (device) => {
      const instance = { ...LAB_INSTANCE, instanceName: "vm-1" };
      // Signatures of one key differ in length.
      for (let again = 0; again < 8; again++) {
        await manufactureTpm(device, { authority: tpmAuthority, instance, now: NOW });
      }
      await bootTpm(device, false);

      assertLabTrusted(await examineMachine(device, CLUSTER));
    }),
);
