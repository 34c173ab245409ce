/**
 * Levels of the platform: every SVN must be reached, and the first level counts.
 *
 * @module
 */

import assert from "node:assert/strict";
import { examine, type Result } from "../../../mod.ts";
import { inlineEngine } from "../../../src/core/crypto_inline.ts";
import { verifySgxQuote } from "../../../src/evidence/tdx/mod.ts";
import { NOW } from "../../lab_authority.ts";
import { assertRefused } from "../../result.ts";
import {
  assertBends,
  assertGood,
  bent,
  filesOf,
  judge,
  mint,
  type Minting,
  tcbOf,
} from "../ask.ts";
import { overReal, realCase } from "../corpus.ts";
import { asPlain, inList, type Plain, plain, without } from "../documents.ts";
import { type Demands, modules, platformLevels, sixteen, svn, tcbInfo } from "../levels.ts";

/** All that a platform has is 5, which the first level demands; the second demands less. */
const LEVELS: readonly Demands[] = [
  { status: "UpToDate", sgx: 5, pceSvn: 5, tdx: 5 },
  { status: "SWHardeningNeeded", sgx: 3, pceSvn: 3, tdx: 3 },
];

const WITHIN = { section: { tcbStatuses: ["UpToDate", "SWHardeningNeeded", "OutOfDate"] } };

/** A platform by what it has. */
interface Has {
  readonly sgx?: readonly number[];
  readonly pceSvn?: number;
  readonly tdx?: readonly number[];
  readonly levels?: readonly Demands[];
}

function platform({ sgx = sixteen(5), pceSvn = 5, tdx = tdxOf(5), levels = LEVELS }: Has): Minting {
  return {
    pck: { components: sgx, pceSvn },
    teeTcbSvn: Uint8Array.from(tdx),
    bends: tcbInfo(platformLevels(levels), modules({ id: "TDX_01" })),
  };
}

/** TEE_TCB_SVN of a module of version 1. */
function tdxOf(svn: number, version = 1): readonly number[] {
  return sixteen(svn).with(1, version);
}

/** Index of the level that is reached. */
async function levelOf(has: Has): Promise<number> {
  const result = await judge(platform(has), WITHIN);
  assertGood(result, JSON.stringify(has));
  return tcbOf(result).platform.level;
}

Deno.test("TDX-09 each of the 16 SGX components must be reached, equal or above", async () => {
  assert.equal(await levelOf({}), 0);
  for (let i = 0; i < 16; i++) {
    const having = (svn: number) => levelOf({ sgx: sixteen(5).with(i, svn) });
    assert.equal(await having(4), 1, `component ${i}`);
    assert.equal(await having(6), 0, `component ${i}`);
    assert.equal(await having(255), 0, `component ${i}`);
    const low = await judge(platform({ sgx: sixteen(5).with(i, 2) }), WITHIN);
    assertRefused(low, "tdx.tcb_level_not_found");
  }
});

Deno.test("TDX-09 PCESVN must be reached, as a number", async () => {
  assert.equal(await levelOf({ pceSvn: 4 }), 1);
  assert.equal(await levelOf({ pceSvn: 6 }), 0);
  assert.equal(await levelOf({ pceSvn: 256 }), 0);
  const low = await judge(platform({ pceSvn: 2 }), WITHIN);
  assertRefused(low, "tdx.tcb_level_not_found");
  const high = LEVELS.map((level) => ({ ...level, pceSvn: (level.pceSvn ?? 0) + 256 }));
  assertRefused(await judge(platform({ levels: high }), WITHIN), "tdx.tcb_level_not_found");
  assert.equal(await levelOf({ levels: high, pceSvn: 259 }), 1);
});

Deno.test("TDX-09 each TDX component from the third on must be reached, equal or above", async () => {
  for (let i = 2; i < 16; i++) {
    const having = (svn: number) => levelOf({ tdx: tdxOf(5).with(i, svn) });
    assert.equal(await having(4), 1, `component ${i}`);
    assert.equal(await having(6), 0, `component ${i}`);
    const low = await judge(platform({ tdx: tdxOf(5).with(i, 2) }), WITHIN);
    assertRefused(low, "tdx.tcb_level_not_found");
  }
});

Deno.test("TDX-09 the first two TDX components are the module's own, and count here for version 0 alone", async () => {
  assert.equal(await levelOf({ tdx: tdxOf(5).with(0, 0) }), 0);
  assert.equal(await levelOf({ tdx: tdxOf(5).with(0, 255) }), 0);
  const levels = LEVELS.map((level) => ({ ...level, tdx: tdxOf(Number(level.tdx), 0) }));
  const having = (svn: number) => levelOf({ tdx: tdxOf(5, 0).with(0, svn), levels });
  assert.equal(await having(5), 0);
  assert.equal(await having(4), 1);
  const low = await judge(platform({ tdx: tdxOf(5, 0).with(0, 2), levels }), WITHIN);
  assertRefused(low, "tdx.tcb_level_not_found");
  // A level that demands a later version is not reached by version 0.
  const later = await judge(platform({ tdx: tdxOf(5, 0) }), WITHIN);
  assertRefused(later, "tdx.tcb_level_not_found");
});

Deno.test("TDX-09 components above a level do not make up for one below", async () => {
  for (let i = 0; i < 16; i++) {
    assert.equal(await levelOf({ sgx: sixteen(255).with(i, 4), pceSvn: 65535 }), 1);
    if (i >= 2) assert.equal(await levelOf({ tdx: tdxOf(255).with(i, 4) }), 1);
  }
  assert.equal(await levelOf({ sgx: sixteen(255), pceSvn: 4, tdx: tdxOf(255) }), 1);
});

Deno.test("TDX-09 each half is compared with its own components", async () => {
  const sgxLow = [{ status: "UpToDate", sgx: 1, pceSvn: 1, tdx: 9 }, ...LEVELS];
  assert.equal(await levelOf({ levels: sgxLow }), 1);
  const tdxLow = [{ status: "UpToDate", sgx: 9, pceSvn: 1, tdx: 1 }, ...LEVELS];
  assert.equal(await levelOf({ levels: tdxLow }), 1);
});

Deno.test("TDX-09 CPUSVN, of the PCK certificate or of an enclave's report, is no list of components", async () => {
  const low = { components: sixteen(2), pceSvn: 5, cpuSvn: new Uint8Array(16).fill(255) };
  const minting = { ...platform({}), pck: low };
  assertRefused(await judge(minting, WITHIN), "tdx.tcb_level_not_found");
  const high = { components: sixteen(5), pceSvn: 5, cpuSvn: new Uint8Array(16) };
  assertGood(await judge({ ...platform({}), pck: high }));
  const { bends } = platform({});
  const qeReport = { cpuSvn: new Uint8Array(16).fill(255) };
  const reported = await judge({ ...platform({ sgx: sixteen(2) }), bends: { ...bends, qeReport } });
  assertRefused(reported, "tdx.tcb_level_not_found");
});

Deno.test("TDX-09 what runs now does not lift the level of what launched", async () => {
  const minting = platform({ tdx: tdxOf(5).with(2, 4) });
  const result = await judge({ ...minting, version: 5, teeTcbSvn2: svn(...tdxOf(5)) }, WITHIN);
  assertGood(result);
  assert.equal(tcbOf(result).platform.level, 1);
});

Deno.test("TDX-09 the first level that is reached counts, not a better one below it", async () => {
  const levels: readonly Demands[] = [
    { status: "UpToDate", sgx: 9, pceSvn: 9, tdx: 9 },
    { status: "OutOfDate", sgx: 5, pceSvn: 5, tdx: 5 },
    { status: "UpToDate", sgx: 4, pceSvn: 4, tdx: 4 },
  ];
  const result = await judge(platform({ levels }));
  assertRefused(result, "tdx.tcb_status");
  const { platform: reached, status } = tcbOf(result);
  assert.deepEqual([reached.level, status], [1, "OutOfDate"]);
  const revoked = levels.map((level, i) => i === 1 ? { ...level, status: "Revoked" } : level);
  assertRefused(await judge(platform({ levels: revoked })), "tdx.tcb_revoked");
});

Deno.test("TDX-09 a level that is far above or exactly met is one and the same", async () => {
  const top = { sgx: sixteen(255), pceSvn: 65535, tdx: tdxOf(255) };
  assert.equal(await levelOf(top), 0);
  const levels = [{ status: "UpToDate", sgx: 255, pceSvn: 65535, tdx: 255 }];
  assert.equal(await levelOf({ ...top, levels }), 0);
});

Deno.test("TDX-09 the level of an SGX quote is that of the SGX half", async () => {
  const levels = tcbInfo(platformLevels(LEVELS));
  for (const [svn, level] of [[5, 0], [4, 1]] as const) {
    const pck = { components: sixteen(5).with(9, svn), pceSvn: 5 };
    const minted = await mint({ version: 3, pck, bends: levels });
    const labRoots = [minted.der.root];
    const proven = await verifySgxQuote(inlineEngine, filesOf(minted), { now: NOW, labRoots });
    assert.equal(proven.collateral?.tcb.platform.level, level);
    assert.deepEqual(proven.collateral?.tcb.sgx, proven.collateral?.tcb.platform);
  }
});

/** Changes of the components of every level. */
const components =
  (name: string, change: (list: readonly unknown[]) => unknown) => (whole: Plain) =>
    inList(whole, "tcbLevels", (level) => {
      const tcb = plain(level["tcb"]);
      const list = tcb[name];
      assert.ok(Array.isArray(list));
      return { ...level, tcb: { ...tcb, [name]: change(list) } };
    });

Deno.test("TDX-09 levels of another form are refused, not filled up or cut", async () => {
  const refused = (what: string, change: (whole: Plain) => unknown) =>
    [what, bent(asPlain("tcbInfo", change)), "tdx.tcb_info_format"] as const;
  const ofTcb = (change: (tcb: Plain) => unknown) => (whole: Plain) =>
    inList(whole, "tcbLevels", (level) => ({ ...level, tcb: change(plain(level["tcb"])) }));
  const numbers = [-1, 256, 5.5, "5", null, true];
  await assertBends([
    refused("no level", (whole) => ({ ...whole, tcbLevels: [] })),
    refused("no levels", (whole) => without(whole, "tcbLevels")),
    refused("levels as an object", (whole) => ({ ...whole, tcbLevels: {} })),
    ...["tcb", "tcbDate", "tcbStatus"].map((member) =>
      refused(
        `a level without ${member}`,
        (whole) => inList(whole, "tcbLevels", (level) => without(level, member)),
      )
    ),
    ...["sgxtcbcomponents", "tdxtcbcomponents"].flatMap((name) => [
      refused(`no ${name}`, ofTcb((tcb) => without(tcb, name))),
      refused(`${name} null`, ofTcb((tcb) => ({ ...tcb, [name]: null }))),
      refused(`15 ${name}`, components(name, (list) => list.slice(1))),
      refused(`17 ${name}`, components(name, (list) => [...list, { svn: 0 }])),
      refused(`bare ${name}`, components(name, (list) => list.map(() => 0))),
      ...numbers.map((number) =>
        refused(
          `${name} of ${number}`,
          components(name, (list) => list.map(() => ({ svn: number }))),
        )
      ),
      refused(`${name} without svn`, components(name, (list) => list.map(() => ({})))),
      refused(
        `${name} with more`,
        components(name, (list) => list.map(() => ({ svn: 0, min: 9 }))),
      ),
    ]),
    refused("no pcesvn", ofTcb((tcb) => without(tcb, "pcesvn"))),
    ...[-1, 65536, 1.5, "13", null].map((pcesvn) =>
      refused(`pcesvn ${pcesvn}`, ofTcb((tcb) => ({ ...tcb, pcesvn })))
    ),
    refused("one more condition", ofTcb((tcb) => ({ ...tcb, isvsvn: 1 }))),
  ]);
});

Deno.test({
  ...overReal("TDX-09 real platforms reach the level that other verifiers found, or none"),
  fn: async () => {
    const ask = (name: string): Promise<Result> => {
      const { files, now } = realCase(name);
      const expect = { freshness: "none" } as const;
      return examine({ variant: "tdx", evidence: files, expect, now });
    };
    for (const name of ["tdx/v4-dcapqvl-old-svn", "tdx/v4-spr-e4-google"]) {
      assertRefused(await ask(name), "tdx.tcb_level_not_found");
    }
    for (const name of ["tdx/v4-dcapqvl-b0c06f", "tdx/v5-google-90c06f"]) {
      assert.equal(tcbOf(await ask(name)).platform.level, 0);
    }
  },
});
