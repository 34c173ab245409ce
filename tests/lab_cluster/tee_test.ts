import assert from "node:assert/strict";
import { toHex } from "../../src/core/bytes.ts";
import { createLabTee, exportLabChip, importLabChip, makeLabChip } from "../../src/lab/tee/mod.ts";
import { labTee } from "../../src/hosts/devices/lab_tee.ts";
import { labSockets } from "../../src/hosts/lab/sockets.ts";
import { labAuthority, NOW } from "../lab_authority.ts";

const HOST_DATA = new Uint8Array(32).fill(0xc1);
const chip = await makeLabChip(await labAuthority(), { now: NOW, hostData: HOST_DATA });
const tee = createLabTee(chip);

const JSON_TYPE = { "content-type": "application/json" };
const DATA = "5f".repeat(64);

function ask(body: string, more: { path?: string; type?: string } = {}): Promise<Response> {
  const { path = "/report", type = "application/json" } = more;
  return tee(
    new Request(`http://lab${path}`, { method: "POST", headers: { "content-type": type }, body }),
  );
}

/** What is refused, how it is asked, and the answer. */
const REFUSED: readonly (readonly [string, () => Promise<Response>, number, string])[] = [
  ["another path", () => ask("{}", { path: "/" }), 404, "lab_tee.path"],
  ["GET", () => tee(new Request("http://lab/report")), 405, "lab_tee.method"],
  [
    "another type",
    () => ask(`{"reportData":"${DATA}"}`, { type: "text/plain" }),
    415,
    "lab_tee.type",
  ],
  ["no report data", () => ask("{}"), 400, "lab_tee.malformed"],
  ["short report data", () => ask('{"reportData":"5f"}'), 400, "lab_tee.malformed"],
  [
    "host data of the guest's choice",
    () => ask(`{"reportData":"${DATA}","hostData":"${"00".repeat(32)}"}`),
    400,
    "lab_tee.malformed",
  ],
  [
    "a member given twice",
    () => ask(`{"reportData":"${DATA}","reportData":"${DATA}"}`),
    400,
    "lab_tee.malformed",
  ],
  ["privilege 4", () => ask(`{"reportData":"${DATA}","privilege":4}`), 400, "lab_tee.malformed"],
  ["no JSON", () => ask("reportData"), 400, "lab_tee.malformed"],
  ["a body beyond the limit", () => ask(" ".repeat(1025)), 413, "lab_tee.too_large"],
];

for (const [what, asking, status, code] of REFUSED) {
  Deno.test(`createLabTee() refuses ${what}`, async () => {
    const answer = await asking();

    assert.equal(answer.status, status);
    assert.equal((await answer.json()).code, code);
  });
}

Deno.test("the lab's TEE over its socket: the guest chooses report data and VMPL, nothing else", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/tee.sock`;
  const close = await labSockets.serveUnix(path, tee);
  try {
    assert.equal(((await Deno.stat(path)).mode ?? 0) & 0o077, 0);
    const { report, provider, lists } = await labTee(path).report(new Uint8Array(64).fill(7), 2);

    assert.equal(provider, "sev_guest");
    assert.equal(toHex(report.subarray(0x50, 0x90)), "07".repeat(64));
    assert.equal(report[0x30], 2);
    assert.equal(toHex(report.subarray(0xc0, 0xe0)), toHex(HOST_DATA));
    assert.equal(lists.length, 1);
  } finally {
    await close();
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("importLabChip() reads what exportLabChip() wrote, and nothing that lacks a member", async () => {
  const stored = JSON.parse(JSON.stringify(exportLabChip(chip)));

  assert.deepEqual(await importLabChip(stored), chip);
  const { key: _, ...without } = stored;
  await assert.rejects(importLabChip(without), { code: "input.value" });
  await assert.rejects(importLabChip({ ...stored, key: "AAAA" }), { code: "input.value" });
});

Deno.test("a question of the right form is answered", async () => {
  const answer = await tee(
    new Request("http://lab/report", {
      method: "POST",
      headers: JSON_TYPE,
      body: `{"reportData":"${DATA}"}`,
    }),
  );

  assert.equal(answer.status, 200);
  assert.deepEqual(Object.keys(await answer.json()), [
    "provider",
    "report",
    "leaf",
    "chain",
    "lists",
  ]);
});
