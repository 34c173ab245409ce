/**
 * What the CPU measures on Azure is the paravisor: it says nothing of the guest.
 *
 * @module
 */

import assert from "node:assert/strict";
import { toHex } from "../../../src/core/bytes.ts";
import { azureSevSnp } from "../../../src/evidence/azure_sev_snp/mod.ts";
import { azureTdx } from "../../../src/evidence/azure_tdx/mod.ts";
import { askReal, overReal, REAL } from "../real.ts";
import { assertRefused, shown } from "../../result.ts";
import { ask, assertGood, type Minted, mintSnp, mintTdx, pinsOf, sectionOf } from "../ask.ts";

const snp = await mintSnp();
const tdx = await mintTdx();

Deno.test("TPM-10 the paravisor's measurement does not say what runs: registers must be pinned", async () => {
  const pinned: readonly (readonly [Minted, object])[] = [
    [snp, { ...sectionOf(snp).tee, measurements: [toHex(snp.snp.measurement)] }],
    [tdx, { ...sectionOf(tdx).tee, rtmr1: ["00".repeat(47) + "01"] }],
  ];
  const [measured] = pinned;
  const result = await ask(measured?.[0] ?? snp, { section: { tee: measured?.[1], vtpm: {} } });
  assert.deepEqual(
    [result.verdict, result.code],
    ["platform-only", "tpm.registers_not_pinned"],
    shown(result),
  );
  const td = await ask(tdx, { section: { vtpm: {} } });
  assert.deepEqual([td.verdict, td.code], ["platform-only", "tpm.registers_not_pinned"]);
});

Deno.test("TPM-10 the same paravisor with another kernel is refused", async () => {
  const boot = { kernel: "another kernel" };
  for (const [one, other] of [[snp, await mintSnp({ boot })], [tdx, await mintTdx({ boot })]]) {
    assert.ok(one && other);
    const [first, second] = [one, other].map((minted) =>
      "snp" in minted ? minted.snp.measurement : minted.tdx.mrTd
    );
    assert.deepEqual(first, second, "the CPU measures no kernel");
    assertRefused(await ask(other, { section: { vtpm: pinsOf(one) } }), "tpm.register_mismatch");
  }
});

Deno.test("TPM-10 what the CPU measured is told as the paravisor's, and no claim says that it is the guest's", async () => {
  for (const minted of [snp, tdx]) {
    const { findings } = await assertGood(minted);
    const titles = findings.filter(({ id }) => /^(?:snp\.measurement|tdx\.(?:mrtd|rtmr))/.test(id))
      .map(({ title }) => title);
    assert.ok(titles.length > 0 && titles.every((title) => /paravisor/.test(title)), titles.join());
  }
  for (const { proves } of [azureSevSnp, azureTdx]) {
    const said = proves.yes.filter(({ needs }) =>
      needs.some((id) => /^(?:snp\.measurement|tdx\.rtmr)/.test(id))
    );
    assert.deepEqual(said, []);
  }
});

Deno.test({
  ...overReal(
    "TPM-10 real evidence rests on the paravisor's word, and a policy that accepts the CPU's alone refuses it",
  ),
  async fn() {
    for (const name of REAL) {
      const alone = await askReal(name, ["amd", "intel"]);
      assert.deepEqual([alone.verdict, alone.code], ["platform-only", "trust.root_not_accepted"]);
      assert.match(alone.findings.find(({ id }) => id === "trust.root")?.actual ?? "", /paravisor/);
      const { verdict, says, weakestRoot } = await askReal(name, ["amd", "intel", "paravisor"]);
      assert.deepEqual([verdict, weakestRoot], ["trusted", "paravisor"], says);
      assert.match(says, /^Confidential, rooted in (?:AMD|Intel) and Azure's paravisor/);
    }
  },
});
