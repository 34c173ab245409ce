/**
 * Evidence across both implementations, without a cluster: what Python collects
 * is verified here, and the other way round.
 *
 * @module
 */

import assert from "node:assert/strict";
import { examineEnvelope, type Result } from "../../mod.ts";
import { LAB_INSTANCE } from "../../src/lab/mod.ts";
import { labImageRegisters } from "../../src/lab/machine/mod.ts";
import { labAuthorityAt } from "../lab_authority.ts";
import { assertRefused, shown } from "../result.ts";
import { tpmAuthority } from "../tpm_authority.ts";
import { SecondClient } from "./client.ts";
import { type Maker, rootsOf, withMachine } from "./machine.ts";

const now = new Date();
const maker: Maker = { amd: await labAuthorityAt(now), google: await tpmAuthority("P-256"), now };

const CLUSTER = "c2".repeat(32);
const QUESTION = { purpose: "serve", nonce: "5c".repeat(32), audience: "a1".repeat(32) };
const ADMISSION = {
  manifestDigest: "d3".repeat(32),
  manifestSequence: 3,
  role: "worker",
  nodeName: "worker-7",
};

async function judged(envelope: unknown): Promise<Result> {
  assert.equal(typeof envelope, "string");
  return await examineEnvelope(new TextEncoder().encode(String(envelope)), {
    variant: "gcp-sev-snp",
    expect: {
      nonce: new Uint8Array(32).fill(0x5c),
      audience: QUESTION.audience,
      clusterId: CLUSTER,
    },
    policy: {
      version: 1,
      allowLab: true,
      "gcp-sev-snp": {
        project: LAB_INSTANCE.projectId,
        vtpm: { registers: await labImageRegisters() },
      },
    },
    now,
    labRoots: [new TextEncoder().encode(rootsOf(maker))],
  });
}

Deno.test("evidence that Python collects by bytes of its own is verified here, phase by phase", async () => {
  await withMachine(maker, { clusterId: CLUSTER }, async (machine) => {
    await using client = new SecondClient();
    const { tpm, tee, eventLog } = machine;
    const boot = { tpm, tee, eventLog, clusterId: CLUSTER, bootId: "b4".repeat(16) };

    assert.deepEqual(await client.done("start", boot), { phase: "cluster" });
    const early = await judged((await client.done("evidence", QUESTION))["envelope"]);
    assert.equal(early.verdict, "lab-trusted", shown(early));
    assert.equal(early.binding, "nonce");

    // A start in the same boot finds the phase and does not enter it again.
    assert.deepEqual(await client.done("start", boot), { phase: "cluster" });
    await client.done("enter", { admission: ADMISSION });
    const late = await judged((await client.done("evidence", QUESTION))["envelope"]);
    assert.equal(late.verdict, "lab-trusted", shown(late));
    assert.equal(late.statement?.nodeName, "worker-7");

    // A boot that is a member's, or another cluster's, cannot begin again.
    assert.equal((await client.refused("start", boot)).code, "node.register");
  });
});

Deno.test("evidence that Python collects on a machine with another image is refused here", async () => {
  await withMachine(maker, { clusterId: CLUSTER, bent: true }, async (machine) => {
    await using client = new SecondClient();
    const { tpm, tee } = machine;
    await client.done("start", { tpm, tee, clusterId: CLUSTER, bootId: "b4".repeat(16) });
    const result = await judged((await client.done("evidence", QUESTION))["envelope"]);
    assertRefused(result, "tpm.register_mismatch");
  });
});

Deno.test("Python opens the sealed examples of docs/protocol.md", async () => {
  await using client = new SecondClient();
  assert.deepEqual(await client.done("examples", {}), { examples: 9 });
});
