/**
 * Secrets sealed to registers of a TPM in software.
 *
 * @module
 */

import assert from "node:assert/strict";
import { RejectedError } from "../../src/core/errors.ts";
import { listHandles } from "../../src/evidence/tpm/device/capability.ts";
import { extendRegister, readRegisters } from "../../src/evidence/tpm/device/registers.ts";
import { seal, unseal } from "../../src/evidence/tpm/device/seal.ts";
import type { Selection } from "../../src/evidence/tpm/report.ts";
import { connected, testWithTpm, withDevice, withSwtpm } from "./swtpm.ts";

const SECRET = new TextEncoder().encode("a secret");
const DIGEST = new Uint8Array(32).fill(7);
const SELECTIONS: readonly Selection[] = [{ bank: "sha256", registers: [4, 11] }];

const isKept = (error: unknown) =>
  error instanceof RejectedError && error.code === "tpm.policy_not_satisfied";

testWithTpm(
  "unseal() gives the secret back while the registers rest, and never after one was extended",
  () =>
    withDevice(async (device) => {
      await extendRegister(device, 11, { sha256: DIGEST });
      const { registers } = await readRegisters(device, SELECTIONS);
      const sealed = await seal(device, SECRET, SELECTIONS, registers);

      assert.deepEqual(await unseal(device, sealed, SELECTIONS), SECRET);
      await extendRegister(device, 12, { sha256: DIGEST });
      assert.deepEqual(await unseal(device, sealed, SELECTIONS), SECRET, "another register");
      await assert.rejects(unseal(device, sealed, [{ bank: "sha256", registers: [4] }]), isKept);
      await assert.rejects(
        unseal(device, sealed, [{ bank: "sha384", registers: [4, 11] }]),
        isKept,
      );
      await extendRegister(device, 11, { sha256: DIGEST });
      await assert.rejects(unseal(device, sealed, SELECTIONS), isKept);
      await assert.rejects(unseal(device, sealed, SELECTIONS), isKept, "and not the second time");
      assert.deepEqual(await listHandles(device, "transient"), []);
      assert.deepEqual(await listHandles(device, "session"), []);
    }),
);

testWithTpm(
  "seal() takes values that the registers have not yet, as a new image's",
  () =>
    withDevice(async (device) => {
      const selections: readonly Selection[] = [{ bank: "sha256", registers: [16] }];
      await extendRegister(device, 16, { sha256: DIGEST });
      const { registers } = await readRegisters(device, selections);
      const sealed = await withSwtpm(
        {},
        (tpm) => connected(tpm, (other) => seal(other, SECRET, selections, registers)),
      );
      const ours = await seal(
        device,
        SECRET,
        selections,
        registers.map((one) => ({ ...one, value: DIGEST })),
      );

      await assert.rejects(unseal(device, ours, selections), isKept);
      await assert.rejects(unseal(device, sealed, selections), { code: "tpm.device_refused" });
    }),
);

testWithTpm("seal() takes 1 to 128 bytes", () =>
  withDevice(async (device) => {
    const { registers } = await readRegisters(device, SELECTIONS);
    const longest = new Uint8Array(128).fill(1);
    const sealed = await seal(device, longest, SELECTIONS, registers);

    assert.deepEqual(await unseal(device, sealed, SELECTIONS), longest);
    for (const length of [0, 129]) {
      await assert.rejects(seal(device, new Uint8Array(length), SELECTIONS, registers), RangeError);
    }
  }));
