/**
 * Real evidence of Azure: verified whole, shown, and refused with a bit flipped
 * anywhere that counts.
 *
 * @module
 */

import assert from "node:assert/strict";
import { inlineEngine } from "../../src/core/crypto_inline.ts";
import { azureSevSnp } from "../../src/evidence/azure_sev_snp/mod.ts";
import { azureTdx } from "../../src/evidence/azure_tdx/mod.ts";
import { shown } from "../result.ts";
import { askReal, overReal, REAL, realFiles } from "./real.ts";

const ROOTS = ["amd", "intel", "paravisor"] as const;

Deno.test({
  ...overReal("real evidence of Azure is trusted where its values are pinned"),
  async fn() {
    for (const name of REAL) {
      const result = await askReal(name, ROOTS);
      assert.deepEqual([result.verdict, result.code], ["trusted", null], shown(result));
      assert.deepEqual(result.roots.at(-1), "paravisor");
    }
  },
});

Deno.test({
  ...overReal("evidence of Milan is not trusted, since keys of that line can be extracted"),
  async fn() {
    const result = await askReal("azure-snp/milan-v3-trustee-v2", ROOTS);
    assert.deepEqual(
      [result.verdict, result.weakestRoot],
      ["platform-only", "none"],
      shown(result),
    );
    assert.equal(result.code, "snp.product_compromised");
  },
});

Deno.test({
  ...overReal("real evidence of Azure with a bit flipped is refused"),
  async fn() {
    for (const name of REAL) {
      const { hclReport } = realFiles(name);
      assert.ok(hclReport instanceof Uint8Array);
      const size = new DataView(hclReport.buffer, hclReport.byteOffset).getUint32(8, true);
      for (let at = 0; at < size; at += 41) {
        if (name.includes("tdx") && isOpen(at - 32)) continue;
        const bent = hclReport.map((byte, i) => i === at ? byte ^ 1 : byte);
        const result = await askReal(name, ROOTS, { hclReport: bent });
        assert.equal(result.verdict, "rejected", `${name}, byte ${at}: ${shown(result)}`);
      }
    }
  },
});

/** Parts of a TD report that only its own platform could check, and no quote repeats: hashes, MAC, what TDX 1.5 added. */
const OPEN: readonly (readonly [from: number, to: number])[] = [
  [1, 128],
  [192, 264],
  [384, 512],
  [912, 1024],
];

function isOpen(at: number): boolean {
  return OPEN.some(([from, to]) => at >= from && at < to);
}

Deno.test({
  ...overReal("real HCL reports and their runtime data are shown"),
  async fn() {
    const names = [...REAL, "azure-snp/milan-v3-trustee-v2", "azure-tdx/hcl-only-kinvolk-tdx"];
    for (const name of names) {
      const { hclReport } = realFiles(name);
      assert.ok(hclReport instanceof Uint8Array);
      const { show } = name.includes("tdx") ? azureTdx : azureSevSnp;
      const said = await show(inlineEngine, hclReport);
      assert.equal(said?.kind, name.includes("tdx") ? "hcl-report-tdx" : "hcl-report-snp");
      assert.match(JSON.stringify(said), /hash of the runtime data/);
      const size = new DataView(hclReport.buffer, hclReport.byteOffset).getUint32(1232, true);
      const runtime = await show(inlineEngine, hclReport.subarray(1236, 1236 + size));
      assert.equal(runtime?.kind, "hcl-runtime-data");
      await assert.rejects(show(inlineEngine, hclReport.subarray(0, 1300)), { code: "hcl.length" });
    }
  },
});
