/**
 * RTMR 3 of a double of the kernel's files, and what a verifier says of a quote of
 * the lab that holds what the agent extended.
 *
 * @module
 */

import assert from "node:assert/strict";
import { toHex } from "../../src/core/bytes.ts";
import type { PhaseMark } from "../../src/evidence/statement/binding.ts";
import type { Statement } from "../../src/evidence/statement/statement.ts";
import { configfsTsm } from "../../src/hosts/devices/configfs_tsm.ts";
import { openTdRegister } from "../../src/hosts/devices/td_register.ts";
import { LAB_STATEMENT, mintGcpTdx, mintTdx } from "../../src/lab/mod.ts";
import { clusterMark, enterPhase, readPhase } from "../../src/node/register.ts";
import { tdRuntimeRegister } from "../../src/node/td_register.ts";
import { intelAuthority } from "../intel_authority.ts";
import { NOW } from "../lab_authority.ts";
import { ask, assertUnavailable, collect, NONCE, statementOf } from "./asking.ts";
import { BARE, RANDOM, TIMER } from "./machines.ts";
import { type RtmrModel, rtmrModel, type RtmrModelOptions } from "./rtmr_model.ts";
import { tsmModel } from "./tsm_model.ts";

const intel = await intelAuthority();
const DIGEST = new Uint8Array(48).fill(7);

/** The members of a statement of a node that was not admitted. */
const IN_CLUSTER: Partial<Statement> = {
  ...{ phase: "cluster", role: "", nodeName: "", manifestSequence: 0, manifestDigest: "" },
};

/** Asks for a quote of a TD whose RTMR 3 is the double's, as a verifier would. */
async function phaseOf(model: RtmrModel, said: Partial<Statement>): Promise<string> {
  const mint = (reportData?: Uint8Array) =>
    mintTdx(intel, {
      now: NOW,
      rtmrs: { 3: model.value() },
      ...(reportData === undefined ? {} : { reportData }),
    });
  const { files } = tsmModel({
    provider: "tdx_guest",
    make: async (reportData) => ({ report: (await mint(reportData)).quote }),
  });
  const tee = configfsTsm({ files, timer: TIMER, random: RANDOM });
  const { mrTd, rtmrs: [, rtmr1, rtmr2], root } = await mint();
  const envelope = await collect({ ...BARE, tee }, { variant: "tdx", said });
  const { findings } = await ask(envelope, {
    ...{ variant: "tdx", said, roots: root },
    section: { mrTd: [toHex(mrTd)], rtmr1: [toHex(rtmr1)], rtmr2: [toHex(rtmr2)] },
  });
  const phase = findings.find(({ id }) => id.startsWith("phase."));
  return `${phase?.id} ${phase?.kind}`;
}

async function runtimeRegister(model: RtmrModel) {
  return await tdRuntimeRegister(await openTdRegister(model.ports));
}

Deno.test("RTMR 3 is extended through the kernel, and the verifier finds each phase in the quote", async () => {
  const model = rtmrModel();
  const register = await runtimeRegister(model) ?? assert.fail("it can be extended");
  const member: PhaseMark = statementOf({ variant: "tdx" });
  assert.equal((await readPhase(register, LAB_STATEMENT.clusterId, [])).phase, "zero");
  assert.equal(await phaseOf(model, IN_CLUSTER), "phase.unmeasured unchecked");
  await enterPhase(register, clusterMark(LAB_STATEMENT.clusterId));
  assert.equal(await phaseOf(model, IN_CLUSTER), "phase.measured match");
  assert.equal(await phaseOf(model, {}), "phase.measured mismatch");
  await enterPhase(register, member);
  await enterPhase(register, member);
  assert.equal(await phaseOf(model, {}), "phase.measured match");
  assert.equal(await phaseOf(model, IN_CLUSTER), "phase.measured mismatch");
  assert.equal(model.done.extensions, 2);
  const statement = { ...LAB_STATEMENT, variant: "gcp-tdx" };
  const { tdx } = await mintGcpTdx({ intel }, { now: NOW, nonce: NONCE, statement });
  assert.equal(toHex(model.value()), toHex(tdx.rtmrs[3]), "the same register on gcp-tdx");
});

Deno.test("a kernel that cannot extend RTMR 3 leaves the phase to the statement", async () => {
  for (const isReported of [false, true]) {
    const model = rtmrModel({ isShown: false, isReported });
    assert.equal(await runtimeRegister(model), null);
    assert.equal(await phaseOf(model, {}), "phase.unmeasured unchecked");
  }
  const root = await Deno.makeTempDir();
  const { ports: { random, timer, devices } } = rtmrModel();
  try {
    const real = await openTdRegister({ root, random, timer, ...(devices ? { devices } : {}) });
    assert.deepEqual([real.isExtendable, await real.read()], [false, null]);
  } finally {
    await Deno.remove(root);
  }
});

Deno.test("what somebody extended where the kernel cannot is told before any evidence is", async () => {
  const model = rtmrModel({ isShown: false, isReported: true });
  await model.extend(DIGEST);
  await assert.rejects(runtimeRegister(model), { code: "node.register" });
  assert.equal(await phaseOf(model, {}), "phase.measured mismatch");
});

Deno.test("a register that sysfs does not read is read by the TD's own report", async () => {
  const closed: RtmrModelOptions = { read: () => "EACCES", isReported: true };
  const model = rtmrModel(closed);
  const register = await runtimeRegister(model) ?? assert.fail("it can be extended");
  await enterPhase(register, clusterMark(LAB_STATEMENT.clusterId));
  const [bank] = await register.read();
  assert.deepEqual([bank?.bank, bank?.value], ["sha384", model.value()]);
  assert.equal(await phaseOf(model, IN_CLUSTER), "phase.measured match");
  const blind = await runtimeRegister(rtmrModel({ ...closed, isReported: false }));
  await assert.rejects(blind?.read() ?? assert.fail(), { code: "node.no_register" });
});

Deno.test("openTdRegister() waits while the TDX module is busy, and passes on what the kernel refuses", async () => {
  let busy = 3;
  const model = rtmrModel({ write: () => busy-- > 0 ? "EBUSY" : null });
  await (await openTdRegister(model.ports)).extend(DIGEST);
  assert.deepEqual(model.done, { extensions: 1, waits: [1, 5, 20] });
  const cases = [["EBUSY", "device.busy"], ["EIO", "device.refused"], [
    "EPERM",
    "device.permission",
  ]];
  for (const [errno = "", code = ""] of cases) {
    const refusing = rtmrModel({ write: () => errno });
    await assertUnavailable((await openTdRegister(refusing.ports)).extend(DIGEST), code);
    assert.equal(refusing.done.extensions, 0);
  }
  const unread = rtmrModel({ read: () => "EIO" });
  await assertUnavailable(openTdRegister(unread.ports), "device.refused");
  const short = { ...model.ports.files, read: () => Promise.resolve(new Uint8Array(32)) };
  await assertUnavailable(
    openTdRegister(Object.assign({}, model.ports, { files: short })),
    "device.answer",
  );
  const whole = await openTdRegister(model.ports);
  await assert.rejects(whole.extend(new Uint8Array(32)), RangeError);
});
