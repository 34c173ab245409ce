/**
 * The agent as a process: what it writes, what it is asked, how it ends.
 *
 * @module
 */

import assert from "node:assert/strict";
import { bootTpm, manufactureTpm } from "../../src/lab/machine/mod.ts";
import { createTpmAuthority, generateLabKey, LAB_INSTANCE } from "../../src/lab/mod.ts";
import { createLabTee, makeLabChip } from "../../src/lab/tee/mod.ts";
import { fromFileUrl } from "../../scripts/process.ts";
import { labAuthorityAt } from "../lab_authority.ts";
import { connected, type Swtpm, testWithTpm, withSwtpm } from "../tpm/swtpm.ts";

const ROOT = fromFileUrl(new URL("../../", import.meta.url));
const CLUSTER = "c2".repeat(32);
const NOW = new Date("2026-11-22T07:00:00Z");

/** A machine: paths of what an agent is given. */
async function withMachine(use: (tpm: Swtpm, flags: readonly string[]) => Promise<void>) {
  await withSwtpm({}, async (tpm) => {
    const [root, issuing] = [await generateLabKey("P-256"), await generateLabKey("P-256")];
    const authority = await createTpmAuthority({ now: NOW, keys: { root, issuing } });
    await connected(tpm, async (device) => {
      await manufactureTpm(device, { authority, instance: LAB_INSTANCE, now: NOW });
      await bootTpm(device, false);
    });
    const hostData = new Uint8Array(32).fill(0xc2);
    const chip = await makeLabChip(await labAuthorityAt(NOW), { now: NOW, hostData });
    const path = `${tpm.folder}/tee.sock`;
    const tee = Deno.serve({ path, onListen: () => {} }, createLabTee(chip));
    await Deno.writeTextFile(`${tpm.folder}/boot_id`, "0b5dd1a6-7cb3-4c9c-8f4f-2d2b7a4ad4b6\n");
    const launch = JSON.stringify({ v: 1, clusterId: CLUSTER });
    await Deno.writeTextFile(`${tpm.folder}/launch.json`, launch);
    try {
      await use(tpm, [
        ...["--launch-data", `${tpm.folder}/launch.json`, "--state", `${tpm.folder}/state`],
        ...["--listen", "127.0.0.1:0", "--tpm", tpm.address, "--tee", `unix:${path}`],
        ...["--variant", "gcp-sev-snp", "--boot-id", `${tpm.folder}/boot_id`],
      ]);
    } finally {
      await tee.shutdown();
    }
  });
}

function casemate(args: readonly string[]): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-prompt", "--allow-all", "main.ts", ...args],
    cwd: ROOT,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

async function ended(args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  const { code, stdout, stderr } = await casemate(args).output();
  const text = new TextDecoder();
  return { code, out: text.decode(stdout), err: text.decode(stderr) };
}

/** Reads the log until something happened. */
async function readUntil(
  reader: ReadableStreamDefaultReader<string>,
  event: string,
): Promise<Readonly<Record<string, unknown>>> {
  for (let text = "";;) {
    const { value, done } = await reader.read();
    text += value ?? "";
    const lines = text.split("\n").slice(0, -1).map((line): unknown => JSON.parse(line));
    for (const line of lines) {
      if (typeof line !== "object" || line === null) continue;
      const known: Readonly<Record<string, unknown>> = { ...line };
      if (known["event"] === event) return known;
    }
    if (done) throw new Error(`ended before ${event}: ${text}`);
  }
}

testWithTpm(
  "an agent tells where it listens, has its state alone, and ends when asked",
  async () => {
    await withMachine(async (_, flags) => {
      await using agent = casemate(["node", "run", ...flags]);
      const reader = agent.stdout.pipeThrough(new TextDecoderStream()).getReader();
      const told = await readUntil(reader, "listening");
      assert.equal(told["phase"], "cluster");
      const url = String(told["listening"]);
      const [status, second] = await Promise.all([
        ended(["node", "status", url, "-o", "json"]),
        ended(["node", "run", ...flags]),
      ]);
      const { doing, ...said } = JSON.parse(status.out);
      assert.deepEqual(said, {
        ...{ phase: "cluster", clusterId: CLUSTER, role: "", nodeName: "" },
        ...{ manifestSequence: 0, proven: false },
      });
      assert.match(doing, /waiting for the owner/);
      assert.equal(second.code, 5, second.err);
      assert.match(second.err, /another process uses it/);
      agent.kill("SIGTERM");
      await readUntil(reader, "ended");
      assert.equal((await agent.status).code, 0);
      await reader.cancel();
      await agent.stderr.cancel();
    });
  },
);
