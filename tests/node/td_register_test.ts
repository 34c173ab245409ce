/**
 * The way of a boot where RTMR 3 holds the phase: ended around each extension, a
 * write that the kernel refuses, a register that others extended.
 *
 * @module
 */

import assert from "node:assert/strict";
import { toHex } from "../../src/core/bytes.ts";
import { runtimeRegisterOf } from "../../src/evidence/statement/binding.ts";
import { openTdRegister } from "../../src/hosts/devices/td_register.ts";
import { nodeHost } from "../../src/hosts/node_host.ts";
import { NodeMemory } from "../../src/node/memory.ts";
import { Passage } from "../../src/node/passage.ts";
import { clusterMark } from "../../src/node/register.ts";
import type { Admission } from "../../src/node/saved.ts";
import { memberMark, NodeSelf } from "../../src/node/self.ts";
import { Serial } from "../../src/node/serial.ts";
import { tdRuntimeRegister } from "../../src/node/td_register.ts";
import { NodeTime } from "../../src/node/time.ts";
import { unmeasured } from "../../src/node/unmeasured.ts";
import { runCli } from "../cli/fake_host.ts";
import { type RtmrModel, rtmrModel } from "../device/rtmr_model.ts";
import { NOW } from "../lab_authority.ts";
import { Killed, mortalFiles, mortalRegister, type Point } from "./mortal.ts";
import { MemoryFiles } from "./world.ts";

const CLUSTER = "c2".repeat(32);
const BOOT = "b0".repeat(16);

const ADMISSION: Admission = {
  ...{ stage: "pending", by: "init", bootId: BOOT, role: "control-plane" },
  ...{ nodeName: "control-plane-1", manifestSequence: 1, manifestDigest: "d1".repeat(32) },
  ...{ lease: "1e".repeat(32), leaseSeconds: 60, nodeAuthority: Uint8Array.of(0x30), peers: [] },
};

const MEMBER = memberMark(CLUSTER, ADMISSION);

const held = (mark: typeof MEMBER): string => toHex(runtimeRegisterOf("sha384", mark));

/** A node is started anew over its register and its disk, and goes as far as it can without others. */
async function start(model: RtmrModel, files: MemoryFiles, point: Point = () => {}) {
  const self = new NodeSelf({ clusterId: CLUSTER, bootId: BOOT, variant: "tdx" });
  const found = await tdRuntimeRegister(await openTdRegister(model.ports));
  const passage = new Passage({
    ...{ self, serial: new Serial(), keys: { renew: () => Promise.resolve() } },
    register: found === null ? null : mortalRegister(found, point),
    memory: await NodeMemory.open({
      files: mortalFiles(files, point),
      ...{ clusterId: CLUSTER, time: new NodeTime({ now: () => NOW }), minimumSequence: 0 },
    }),
  });
  await passage.resume();
  return { self, passage };
}

/** The whole way, as often as it takes. */
async function whole(model: RtmrModel, files: MemoryFiles, point: Point = () => {}): Promise<void> {
  const { self, passage } = await start(model, files, point);
  if (self.admission === null) await passage.admit(ADMISSION, null);
}

Deno.test("a TD that is ended around any step comes to the same value, extended once for each phase", async () => {
  const points: string[] = [];
  await whole(rtmrModel(), new MemoryFiles(), (name) => void points.push(name));
  assert.equal(points.filter((name) => name === "after extend sha384").length, 2);
  for (const [at, name] of points.entries()) {
    const [model, files] = [rtmrModel(), new MemoryFiles()];
    let left = at;
    const ending = (): void => {
      if (left-- === 0) throw new Killed(name);
    };
    await assert.rejects(whole(model, files, ending), Killed);
    await whole(model, files);
    assert.equal(toHex(model.value()), held(MEMBER), `${at}: ${name}`);
    assert.equal(model.done.extensions, 2, `${at}: ${name}`);
    const { self } = await start(model, files);
    assert.deepEqual(self.mark, MEMBER);
  }
});

Deno.test("a write that the kernel refuses leaves a place pending, and the next start makes it good", async () => {
  let broken = false;
  const model = rtmrModel({ write: () => broken ? "EIO" : null });
  const files = new MemoryFiles();
  const { self, passage } = await start(model, files);
  assert.equal(toHex(model.value()), held(clusterMark(CLUSTER)));
  broken = true;
  await assert.rejects(passage.admit(ADMISSION, null), { code: "device.refused" });
  assert.equal(self.mark.phase, "cluster");
  await assert.rejects(start(model, files), { code: "device.refused" });
  broken = false;
  assert.deepEqual((await start(model, files)).self.mark, MEMBER);
  assert.equal(toHex(model.value()), held(MEMBER));
});

Deno.test("a TD whose RTMR 3 others extended, or another admission did, is no node", async () => {
  const taken = rtmrModel();
  await taken.extend(new Uint8Array(48).fill(7));
  await assert.rejects(start(taken, new MemoryFiles()), { code: "node.register" });
  assert.equal(taken.done.extensions, 1);
  const model = rtmrModel();
  await whole(model, new MemoryFiles());
  await assert.rejects(start(model, new MemoryFiles()), { code: "node.register" });
  assert.equal(model.done.extensions, 2);
});

Deno.test("where no register holds the phase the disk does, and the agent's log says so", async () => {
  const [model, files] = [rtmrModel({ isShown: false }), new MemoryFiles()];
  await whole(model, files);
  assert.deepEqual((await start(model, files)).self.mark, MEMBER);
  assert.equal(model.done.extensions, 0);
  const old = unmeasured("gcp-tdx");
  assert.deepEqual([old.level, old.event], ["warning", "unmeasured"]);
  assert.match(old.message, /cannot extend RTMR 3, which Linux can since 6\.16/);
  const without = unmeasured("sev-snp");
  assert.equal(without.level, "info");
  assert.match(without.message, /sev-snp has no register/);
});

/** `casemate node run` on a TD whose TEE fails: it ends before it listens, and after it found its register. */
async function runOn(variant: string, model: RtmrModel): Promise<number> {
  const node = Promise.resolve({
    ...nodeHost,
    ended: () => new Promise<void>(() => {}),
    openState: () => Promise.resolve({ files: new MemoryFiles(), close: () => {} }),
    openTee: () => Promise.resolve({ report: () => Promise.reject(new Error("no quote here")) }),
    openTdRegister: () => openTdRegister(model.ports),
  });
  const files = {
    "launch.json": JSON.stringify({ v: 1, clusterId: CLUSTER }),
    "boot_id": "0b5dd1a6-7cb3-4c9c-8f4f-2d2b7a4ad4b6\n",
  };
  const flags = "--launch-data launch.json --boot-id boot_id --state /s --tpm none";
  const line = `node run ${flags} --variant ${variant}`;
  const { out, err } = await runCli(line.split(" "), { node, files });
  assert.match(`${out}${err}`, /no quote here/);
  return `${out}${err}`.split("\n").filter((told) => told.includes('"unmeasured"')).length;
}

for (const variant of ["tdx", "gcp-tdx"]) {
  Deno.test(`casemate node run --variant ${variant} extends RTMR 3, or says once that it cannot`, async () => {
    const model = rtmrModel();
    assert.equal(await runOn(variant, model), 0);
    assert.equal(toHex(model.value()), held(clusterMark(CLUSTER)));
    const old = rtmrModel({ isShown: false });
    assert.equal(await runOn(variant, old), 1);
    assert.equal(old.done.extensions, 0);
  });
}
