/**
 * The runtime register of a TPM in software: each phase once, whoever is ended
 * in between, and nothing that others put there is taken for a phase.
 *
 * @module
 */

import assert from "node:assert/strict";
import { toHex } from "../../src/core/bytes.ts";
import { OperationError } from "../../src/core/errors.ts";
import {
  type PhaseBank,
  phaseDigestOf,
  type PhaseMark,
  runtimeRegisterOf,
} from "../../src/evidence/statement/binding.ts";
import {
  clusterMark,
  enterPhase,
  readPhase,
  type RuntimeRegister,
  tpmRegister,
  zeroMark,
} from "../../src/node/register.ts";
import { testWithTpm, withDevice } from "../tpm/swtpm.ts";

const CLUSTER = "c2".repeat(32);
const IN_CLUSTER = clusterMark(CLUSTER);
const MEMBER: PhaseMark = {
  ...IN_CLUSTER,
  phase: "member",
  role: "worker",
  nodeName: "worker-1",
  manifestSequence: 3,
};

/** A register in memory that can end its user before any extension. */
function memoryRegister(banks: readonly PhaseBank[] = ["sha256", "sha384"]) {
  const values = new Map(banks.map((bank) => [bank, runtimeRegisterOf(bank, zeroMark())]));
  const state = { left: Number.POSITIVE_INFINITY, extensions: 0 };
  const hashes = { sha256: "SHA-256", sha384: "SHA-384" } as const;
  const register: RuntimeRegister = {
    read: () => Promise.resolve([...values].map(([bank, value]) => ({ bank, value }))),
    async extend(bank, digest) {
      if (state.left-- <= 0) throw new Error("ended");
      state.extensions++;
      const both = new Uint8Array([...values.get(bank) ?? [], ...digest]);
      values.set(bank, new Uint8Array(await crypto.subtle.digest(hashes[bank], both)));
    },
  };
  return { register, state };
}

async function assertAt(register: RuntimeRegister, mark: PhaseMark): Promise<void> {
  for (const { bank, value } of await register.read()) {
    assert.equal(toHex(value), toHex(runtimeRegisterOf(bank, mark)), bank);
  }
}

function refusesRegister(error: unknown): boolean {
  return error instanceof OperationError && error.code === "node.register";
}

testWithTpm("a TPM's register goes from zero over the cluster to an admission", async () => {
  await withDevice(async (device) => {
    const register = tpmRegister(device);
    const banks = (await register.read()).map(({ bank }) => bank);
    assert.deepEqual(banks, ["sha256", "sha384"]);
    assert.equal((await readPhase(register, CLUSTER, [])).phase, "zero");
    await enterPhase(register, IN_CLUSTER);
    await enterPhase(register, IN_CLUSTER);
    await assertAt(register, IN_CLUSTER);
    assert.equal((await readPhase(register, CLUSTER, [MEMBER])).phase, "cluster");
    await assert.rejects(readPhase(register, "d3".repeat(32), []), refusesRegister);
    await enterPhase(register, MEMBER);
    await enterPhase(register, MEMBER);
    await assertAt(register, MEMBER);
    assert.deepEqual(await readPhase(register, CLUSTER, [MEMBER]), MEMBER);
    const other = { ...MEMBER, nodeName: "worker-2" };
    await assert.rejects(readPhase(register, CLUSTER, [other]), refusesRegister);
    await assert.rejects(enterPhase(register, other), refusesRegister);
    await assert.rejects(enterPhase(register, IN_CLUSTER), refusesRegister);
    await assertAt(register, MEMBER);
  });
});

testWithTpm("a TPM of which one bank was extended is brought to where it was going", async () => {
  await withDevice(async (device) => {
    const register = tpmRegister(device);
    await register.extend("sha384", phaseDigestOf("sha384", "cluster", IN_CLUSTER));
    assert.equal((await readPhase(register, CLUSTER, [])).phase, "cluster");
    await assertAt(register, IN_CLUSTER);
    await register.extend("sha256", phaseDigestOf("sha256", "member", MEMBER));
    assert.deepEqual(await readPhase(register, CLUSTER, [MEMBER]), MEMBER);
    await assertAt(register, MEMBER);
  });
});

Deno.test("enterPhase() that ends before any extension is made good, and nothing is extended twice", async () => {
  for (let left = 0; left <= 4; left++) {
    const { register, state } = memoryRegister();
    state.left = left;
    const whole = async () => {
      await readPhase(register, CLUSTER, [MEMBER]);
      await enterPhase(register, IN_CLUSTER);
      await enterPhase(register, MEMBER);
    };
    if (left < 4) await assert.rejects(whole(), /ended/);
    state.left = Number.POSITIVE_INFINITY;
    const { phase } = await readPhase(register, CLUSTER, [MEMBER]);
    if (phase !== "member") {
      await enterPhase(register, IN_CLUSTER);
      await enterPhase(register, MEMBER);
    }
    await assertAt(register, MEMBER);
    assert.equal(state.extensions, 4, `ended after ${left}`);
  }
});

Deno.test("readPhase() takes no banks of two phases that do not follow each other", async () => {
  const { register } = memoryRegister();
  await register.extend("sha256", phaseDigestOf("sha256", "cluster", IN_CLUSTER));
  await register.extend("sha256", phaseDigestOf("sha256", "member", MEMBER));
  await assert.rejects(readPhase(register, CLUSTER, [MEMBER]), refusesRegister);
});

Deno.test("enterPhase() extends nothing where a bank is of another story", async () => {
  const { register, state } = memoryRegister();
  await register.extend("sha256", new Uint8Array(32).fill(7));
  await assert.rejects(enterPhase(register, IN_CLUSTER), refusesRegister);
  await assert.rejects(readPhase(register, CLUSTER, []), refusesRegister);
  assert.equal(state.extensions, 1);
});
