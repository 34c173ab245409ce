/**
 * The platform that TCB info is about, and the one of the PCK certificate.
 *
 * @module
 */

import assert from "node:assert/strict";
import { examine } from "../../../mod.ts";
import { toHex } from "../../../src/core/bytes.ts";
import { assertRefused } from "../../result.ts";
import { ask, assertFiles, assertGood, bent, filesOf, judge, mint } from "../ask.ts";
import { overReal, realCase } from "../corpus.ts";

Deno.test("TDX-07 TCB info of another FMSPC is refused, whichever digit differs", async () => {
  const { pck: { fmspc } } = await mint();
  const digits = toHex(fmspc).toUpperCase();
  for (let at = 0; at < digits.length; at++) {
    const other = `${digits.slice(0, at)}${digits[at] === "7" ? "8" : "7"}${digits.slice(at + 1)}`;
    assertRefused(await judge(bent({ tcbInfo: { fmspc: other } })), "tdx.fmspc_mismatch");
  }
  assertGood(await judge(bent({ tcbInfo: { fmspc: digits.toLowerCase() } })));
});

Deno.test("TDX-07 TCB info of another PCE is refused, whichever digit differs", async () => {
  for (const pceId of ["0001", "0010", "0100", "1000", "FFFF"]) {
    assertRefused(await judge(bent({ tcbInfo: { pceId } })), "tdx.pceid_mismatch");
  }
  const pceId = Uint8Array.of(1, 2);
  assertGood(await judge({ pck: { pceId } }));
  assertRefused(
    await judge({ pck: { pceId }, bends: { tcbInfo: { pceId: "0201" } } }),
    "tdx.pceid_mismatch",
  );
});

Deno.test("TDX-07 collateral that was accepted for one platform is refused for another", async () => {
  const [one, other] = [
    await mint(),
    await mint({ pck: { fmspc: Uint8Array.of(1, 2, 3, 4, 5, 6) } }),
  ];
  for (let i = 0; i < 2; i++) {
    assertGood(await ask(one));
    assertGood(await ask(other));
    await assertFiles(one, { tcbInfo: filesOf(other).tcbInfo }, "tdx.fmspc_mismatch");
    await assertFiles(other, { tcbInfo: filesOf(one).tcbInfo }, "tdx.fmspc_mismatch");
  }
});

Deno.test("TDX-07 an FMSPC or PCE id of another length fits nothing", async () => {
  const members: readonly (readonly [string, string])[] = [
    ["fmspc", ""],
    ["fmspc", "1AB06F0000"],
    ["fmspc", "1AB06F00000000"],
    ["fmspc", "1AB06F00000"],
    ["fmspc", "0x1AB06F0000"],
    ["pceId", ""],
    ["pceId", "00"],
    ["pceId", "000000"],
  ];
  for (const [member, value] of members) {
    assertRefused(await judge(bent({ tcbInfo: { [member]: value } })), "tdx.tcb_info_format");
  }
});

Deno.test({
  ...overReal("TDX-07 real TCB info of another platform is refused for a real quote"),
  fn: async () => {
    const { files, now } = realCase("tdx/v4-dcapqvl-b0c06f");
    for (const name of ["tdx/v5-alibaba-90c06f", "tdx/v4-spr-e4-google", "gcp/tdx-cos113-ccel"]) {
      const { tcbInfo } = realCase(name).files;
      assert.ok(tcbInfo);
      const result = await examine({
        variant: "tdx",
        evidence: { ...files, tcbInfo },
        expect: { freshness: "none" },
        now,
      });
      assertRefused(result, "tdx.fmspc_mismatch");
    }
  },
});
