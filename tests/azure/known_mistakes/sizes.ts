/**
 * Sizes and headers of HCL reports, which stand in three places and must agree.
 *
 * @module
 */

import { assertRefused } from "../../result.ts";
import { ask, assertGood, mintSnp, mintTdx } from "../ask.ts";

const minted = [await mintSnp(), await mintTdx()] as const;

/** Where the sizes stand: of the report, of the data, of the runtime data. */
const SIZES = [8, 1216, 1232] as const;

Deno.test("TDX-16 sizes of an HCL report that do not fit together are refused, and none is believed", async () => {
  for (const one of minted) {
    await assertGood(one);
    for (const at of SIZES) {
      const good = new DataView(one.hclReport.buffer, one.hclReport.byteOffset).getUint32(at, true);
      for (const size of [0, good - 1, good + 1, 0x7fff_ffff, 0xffff_ffff]) {
        const hclReport = one.hclReport.slice();
        new DataView(hclReport.buffer).setUint32(at, size, true);
        assertRefused(await ask(one, { files: { hclReport } }), "hcl.length");
      }
    }
  }
});

Deno.test("TDX-16 an HCL report that lost its first bytes, or ends inside of itself, is refused", async () => {
  for (const one of minted) {
    const lost = one.hclReport.slice(4);
    assertRefused(await ask(one, { files: { hclReport: lost } }), "hcl.magic");
    for (const length of [31, 1215, 1235, 1236, 1300]) {
      const hclReport = one.hclReport.slice(0, length);
      assertRefused(await ask(one, { files: { hclReport } }), "hcl.length");
    }
  }
});
