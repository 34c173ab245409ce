/**
 * What says what runs: MRTD, RTMR 1 and RTMR 2 together (TDX-15), and what
 * the TD was launched with (TDX-14).
 *
 * @module
 */

import assert from "node:assert/strict";
import { toHex } from "../../../src/core/bytes.ts";
import { examine, type Result } from "../../../mod.ts";
import type { MintedTdx } from "../../../src/lab/mod.ts";
import { assertRefused, assertVerdict } from "../../result.ts";
import { ask, assertGood, judge, mint, requestFor } from "../ask.ts";

const ALL = ["mrTd", "rtmr1", "rtmr2"] as const;

Deno.test("TDX-15 a quote whose MRTD, RTMR 1 or RTMR 2 is not pinned is at most platform-only", async () => {
  const minted = await mint();
  const pinned = Object.entries(pinnedOf(minted));
  assertGood(await askPinning(minted, Object.fromEntries(pinned)));
  for (const open of ALL) {
    const section = Object.fromEntries(pinned.filter(([key]) => key !== open));
    const result = await askPinning(minted, section);
    assertVerdict(result, "platform-only", `tdx.${open.toLowerCase()}_not_pinned`);
  }
});

Deno.test("TDX-15 MRTD alone, RTMR 3 alone and nothing say too little", async () => {
  const minted = await mint();
  const { mrTd } = pinnedOf(minted);
  for (const section of [{ mrTd }, { rtmr3: ["00".repeat(48)] }, {}]) {
    assert.equal((await askPinning(minted, section)).verdict, "platform-only");
  }
});

Deno.test("TDX-15 zeros, which say that nothing was measured, pin nothing and are no policy", async () => {
  const minted = await mint({ rtmrs: { 1: new Uint8Array(48), 2: new Uint8Array(48) } });
  for (const key of ALL) {
    const given = askPinning(minted, { ...pinnedOf(minted), [key]: ["00".repeat(48)] });
    await assert.rejects(given, { code: "policy.value", message: /nothing was measured/ });
  }
  const { mrTd } = pinnedOf(minted);
  assert.equal((await askPinning(minted, { mrTd })).verdict, "platform-only");
});

Deno.test("TDX-15 a register with another value is refused, whichever it is", async () => {
  const minted = await mint();
  for (const key of [...ALL, "rtmr0", "rtmr3"]) {
    const result = await ask(minted, { section: { [key]: ["ee".repeat(48)] } });
    assertRefused(result, `tdx.${key.toLowerCase()}_mismatch`);
  }
});

/** Bits of TD_ATTRIBUTES that need no rule of their own: ICSSD, LASS, SEPT_VE_DISABLE, PKS, KL, TPA, PERFMON. */
const HARMLESS: readonly bigint[] = [16n, 27n, 28n, 30n, 31n, 62n, 63n];

const RULED: Readonly<Record<string, string>> = {
  0: "tdx.debug_allowed",
  4: "tdx.profiling_allowed",
  5: "tdx.profiling_allowed",
  6: "tdx.profiling_allowed",
  29: "tdx.migration_allowed",
};

Deno.test("TDX-14 each TD attribute that Intel names and that opens nothing is accepted", async () => {
  for (const bit of HARMLESS) {
    assertGood(await judge({ tdAttributes: 1n << bit }), `bit ${bit}`);
  }
});

Deno.test("TDX-14 each TD attribute that opens the TD, and each reserved one, is refused", async () => {
  for (let bit = 0n; bit < 64n; bit++) {
    if (HARMLESS.includes(bit)) continue;
    const result = await judge({ tdAttributes: 1n << bit });
    assertRefused(result, RULED[String(bit)] ?? "tdx.attributes_reserved");
  }
});

Deno.test("TDX-14 XFAM without x87 or SSE, or with a reserved feature, is refused", async () => {
  assertGood(await judge({ xfam: 3n }));
  for (const xfam of [0n, 1n, 2n, 3n | 1n << 3n, 3n | 1n << 10n, 3n | 1n << 63n]) {
    assertRefused(await judge({ xfam }), "tdx.xfam_reserved");
  }
});

/** The registers that say what runs, as a policy pins them. */
function pinnedOf({ mrTd, rtmrs }: MintedTdx): Readonly<Record<(typeof ALL)[number], object>> {
  return { mrTd: [toHex(mrTd)], rtmr1: [toHex(rtmrs[1])], rtmr2: [toHex(rtmrs[2])] };
}

/** Asks with these registers pinned and no others. */
function askPinning(minted: MintedTdx, section: object): Promise<Result> {
  return examine({ ...requestFor(minted), policy: { version: 1, tdx: section } });
}
