/**
 * LOG-07 on Google Cloud: logs of trust domains number their registers from 1,
 * and say nothing of what is extended later.
 *
 * @module
 */

import assert from "node:assert/strict";
import { createPortableEngine } from "../../../src/core/portable/engine.ts";
import { gcpTdx } from "../../../src/evidence/gcp_tdx/mod.ts";
import { overReal, realEntry } from "../../corpus.ts";
import { assertRefused } from "../../result.ts";
import { ask } from "../vectors.ts";

Deno.test("LOG-07 a trust domain's log that counts from 0 leads elsewhere", async () => {
  assertRefused(await ask("gcp-tdx", "bent-log-from-zero"), "logs.replay_mismatch");
  assertRefused(await ask("gcp-tdx", "bent-log-other"), "logs.replay_mismatch");
});

Deno.test("LOG-07 RTMR 3 runs on without a word in the log, and is told so", async () => {
  const { verdict, findings } = await ask("gcp-tdx", "join");
  assert.equal(verdict, "lab-trusted");
  const found = (id: string): string | null | undefined =>
    findings.find((finding) => finding.id === id)?.actual;
  assert.equal(found("logs.replay"), "RTMR 0, 1, 2 (sha384)");
  assert.equal(found("logs.unmentioned"), "RTMR 3 (sha384)");
  assert.equal(findings.find(({ id }) => id === "phase.measured")?.kind, "match");
});

Deno.test({
  ...overReal("LOG-07 a real log leads to RTMR 0, 1 and 2 of the quote beside it"),
  fn: async () => {
    const { input } = realEntry("gcp/tdx-cos113-ccel");
    const { quote, ccel: eventLog, ccel_table: ccelTable } = input.files;
    assert.ok(quote && eventLog && ccelTable && input.verifyAt);
    const engine = createPortableEngine(await gcpTdx.portable?.() ?? {});
    const files = gcpTdx.readFiles({ quote, eventLog, ccelTable });
    const proven = await gcpTdx.verify(engine, files, { now: input.verifyAt, labRoots: [] });
    assert.deepEqual(proven.log?.registers.map(({ register, state }) => [register, state]), [
      [0, "explained"],
      [1, "explained"],
      [2, "explained"],
      [3, "untouched"],
    ]);
    assert.equal(proven.ccelTable?.maker, "INTEL EDK2");
  },
});
