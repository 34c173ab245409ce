/**
 * Statuses: which halves count, and what comes of several.
 *
 * @module
 */

import assert from "node:assert/strict";
import { inlineEngine } from "../../../src/core/crypto_inline.ts";
import { type TcbStatus, verifySgxQuote } from "../../../src/evidence/tdx/mod.ts";
import type { LevelStatus } from "../../../src/lab/mod.ts";
import { NOW } from "../../lab_authority.ts";
import { assertRefused, findingOf } from "../../result.ts";
import {
  ask,
  assertBends,
  assertGood,
  bent,
  filesOf,
  judge,
  mint,
  type Minting,
  sgxCode,
  tcbOf,
} from "../ask.ts";
import { type Demands, modules, platformLevels, svn, tcbInfo } from "../levels.ts";

/**
 * What Intel's verification library makes of a platform's status, by whether
 * its module or its quoting enclave is out of date ("4.1.2.5" of its design,
 * "Get TDX TCB Info" and "Get TDX QE Identity" of the PCS: the only statuses of
 * module and enclave are UpToDate, OutOfDate and Revoked).
 */
const CONVERGED: readonly (readonly [LevelStatus, current: TcbStatus, outdated: TcbStatus])[] = [
  ["UpToDate", "UpToDate", "OutOfDate"],
  ["SWHardeningNeeded", "SWHardeningNeeded", "OutOfDate"],
  ["ConfigurationNeeded", "ConfigurationNeeded", "OutOfDateConfigurationNeeded"],
  [
    "ConfigurationAndSWHardeningNeeded",
    "ConfigurationAndSWHardeningNeeded",
    "OutOfDateConfigurationNeeded",
  ],
  ["OutOfDate", "OutOfDate", "OutOfDate"],
  [
    "OutOfDateConfigurationNeeded",
    "OutOfDateConfigurationNeeded",
    "OutOfDateConfigurationNeeded",
  ],
];

/** All statuses of a policy. */
const ANY: readonly string[] = [
  ...CONVERGED.map(([status]) => status),
  "TDRelaunchAdvised",
  "TDRelaunchAdvisedConfigurationNeeded",
];

const PARTS = ["UpToDate", "OutOfDate"] as const;

Deno.test("TDX-08 platform, module and quoting enclave have one status together, in every combination", async () => {
  for (const [tcbStatus, current, outdated] of CONVERGED) {
    for (const moduleStatus of PARTS) {
      for (const qeStatus of PARTS) {
        const outOfDate = moduleStatus === "OutOfDate" || qeStatus === "OutOfDate";
        const expected = outOfDate ? outdated : current;
        for (const version of [4, 5]) {
          const minted = await mint({ version, tcbStatus, moduleStatus, qeStatus });
          const result = await ask(minted, { section: { tcbStatuses: [expected] } });
          const what = `${tcbStatus}, ${moduleStatus}, ${qeStatus}, quote ${version}`;
          assertGood(result, what);
          const { status, platform, module, qe } = tcbOf(result);
          assert.deepEqual(
            [status, platform.status, module?.status, qe.status],
            [expected, tcbStatus, moduleStatus, qeStatus],
            what,
          );
          const others = ANY.filter((status) => status !== expected);
          const refused = await ask(minted, { section: { tcbStatuses: others } });
          assertRefused(refused, "tdx.tcb_status");
        }
      }
    }
  }
});

Deno.test("TDX-08 the status of an SGX quote is that of platform and quoting enclave, in every combination", async () => {
  for (const [tcbStatus, current, outdated] of CONVERGED) {
    for (const qeStatus of PARTS) {
      const minted = await mint({ version: 3, tcbStatus, qeStatus });
      const labRoots = [minted.der.root];
      const proven = await verifySgxQuote(inlineEngine, filesOf(minted), { now: NOW, labRoots });
      const expected = qeStatus === "OutOfDate" ? outdated : current;
      assert.equal(proven.collateral?.tcb.status, expected, `${tcbStatus}, ${qeStatus}`);
      assert.equal(proven.collateral?.tcb.module, null);
    }
  }
});

Deno.test("TDX-08 whatever is revoked revokes everything, in every combination with the others", async () => {
  for (const [good] of CONVERGED) {
    for (const part of ["tcbStatus", "moduleStatus", "qeStatus"] as const) {
      const others = part === "tcbStatus"
        ? { moduleStatus: "OutOfDate", qeStatus: "UpToDate" } as const
        : { tcbStatus: good };
      const minted = await mint({ ...others, [part]: "Revoked" });
      assertRefused(await ask(minted, { section: { tcbStatuses: ANY } }), "tdx.tcb_revoked");
    }
  }
  assert.equal(await sgxCode(await mint({ version: 3, tcbStatus: "Revoked" })), "tdx.tcb_revoked");
  assert.equal(await sgxCode(await mint({ version: 3, qeStatus: "Revoked" })), "tdx.tcb_revoked");
});

/** A platform whose SGX half reaches one level and whose both halves reach a later one. */
function halves(sgxHalf: string, both: string): Minting {
  const levels: readonly Demands[] = [
    { status: "UpToDate", sgx: 9, tdx: 9 },
    { status: sgxHalf, sgx: 3, tdx: [0, 0, 9] },
    { status: both, sgx: 2, tdx: [0, 0, 3] },
    { status: "OutOfDate", sgx: 0, tdx: 0 },
  ];
  return {
    pck: { components: Array.from({ length: 16 }, () => 3) },
    teeTcbSvn: svn(6, 1, 3),
    bends: tcbInfo(platformLevels(levels)),
  };
}

Deno.test("TDX-08 the SGX half alone, revoked, is enough to refuse; so is the level of both", async () => {
  for (const [status] of CONVERGED) {
    const sgx = await judge(halves("Revoked", status), { section: { tcbStatuses: ANY } });
    assertRefused(sgx, "tdx.tcb_revoked");
    const both = await judge(halves(status, "Revoked"), { section: { tcbStatuses: ANY } });
    assertRefused(both, "tdx.tcb_revoked");
  }
  assertRefused(await judge(halves("Revoked", "Revoked")), "tdx.tcb_revoked");
  const finding = findingOf(await judge(halves("Revoked", "UpToDate")), "tdx.tcb_revoked");
  assert.match(JSON.stringify(finding), /sgx/i);
});

Deno.test("TDX-08 the status is that of the level of both halves, not of the SGX half", async () => {
  for (const [status] of CONVERGED) {
    const section = { tcbStatuses: [status] };
    const result = await judge(halves("OutOfDate", status), { section });
    assertGood(result, status);
    const { sgx, platform } = tcbOf(result);
    assert.deepEqual([sgx.level, sgx.status], [1, "OutOfDate"]);
    assert.deepEqual([platform.level, platform.status], [2, status]);
  }
});

Deno.test("TDX-08 levels that are revoked but not reached, or come after the reached one, revoke nothing", async () => {
  const levels: readonly Demands[] = [
    { status: "Revoked", sgx: 9, tdx: 9 },
    { status: "UpToDate", sgx: 3, tdx: [0, 0, 3] },
    { status: "Revoked", sgx: 0, tdx: 0 },
  ];
  const { bends: _, ...platform } = halves("UpToDate", "UpToDate");
  assertGood(await judge({ ...platform, bends: tcbInfo(platformLevels(levels)) }));
});

Deno.test("TDX-08 statuses that Intel does not know are refused, not passed on", async () => {
  const wrong = [
    "TDRelaunchAdvised",
    "TDRelaunchAdvisedConfigurationNeeded",
    "UptoDate",
    "uptodate",
    "UP_TO_DATE",
    "UpToDate ",
    "OK",
    "",
  ];
  await assertBends(wrong.flatMap((status) => [
    [
      `platform ${status}`,
      bent(tcbInfo(platformLevels([{ status }]))),
      "tdx.tcb_info_format",
    ],
    [
      `module ${status}`,
      bent(tcbInfo(modules({ id: "TDX_01", levels: [[0, status]] }))),
      "tdx.tcb_info_format",
    ],
    [
      `enclave ${status}`,
      bent({
        qeIdentity: (identity) => ({
          ...identity,
          tcbLevels: identity.tcbLevels.map((level) => ({ ...level, tcbStatus: status })),
        }),
      }),
      "tdx.qe_identity_format",
    ],
  ]));
});

/** Modules of which the newest has SVN 6. */
const NEWEST = modules({
  id: "TDX_01",
  levels: [[6, "UpToDate"], [3, "OutOfDate"], [2, "Revoked"]],
});

/** A TD that was launched on an older module than the one that runs now, which is the newest. */
const LAUNCHED_BEFORE = {
  version: 5,
  teeTcbSvn: svn(4, 1, 3),
  teeTcbSvn2: svn(6, 1, 3),
  bends: tcbInfo(NEWEST),
} as const;

/** Expectations of "4.1.2.5": an out-of-date launch on a platform that is otherwise in order. */
const RELAUNCH: readonly (readonly [LevelStatus, TcbStatus])[] = [
  ["UpToDate", "TDRelaunchAdvised"],
  ["SWHardeningNeeded", "TDRelaunchAdvised"],
  ["ConfigurationNeeded", "TDRelaunchAdvisedConfigurationNeeded"],
  ["ConfigurationAndSWHardeningNeeded", "TDRelaunchAdvisedConfigurationNeeded"],
  ["OutOfDate", "OutOfDate"],
  ["OutOfDateConfigurationNeeded", "OutOfDateConfigurationNeeded"],
];

Deno.test("TDX-08 a relaunch is advised where the newest module runs since, by the platform's status", async () => {
  for (const [status, expected] of RELAUNCH) {
    const bends = tcbInfo(NEWEST, platformLevels([{ status }]));
    const result = await judge({ ...LAUNCHED_BEFORE, bends }, {
      section: { tcbStatuses: [expected] },
    });
    assertGood(result, status);
    assert.equal(tcbOf(result).status, expected, status);
    assert.equal(tcbOf(result).module?.status, "OutOfDate");
  }
});

Deno.test("TDX-08 an advised relaunch is refused by default and accepted by its own name alone, never as a match", async () => {
  const minted = await mint(LAUNCHED_BEFORE);
  assertRefused(await ask(minted), "tdx.tcb_status");
  const others = ANY.filter((status) => status !== "TDRelaunchAdvised");
  const section = { tcbStatuses: others, outOfDateGraceDays: 3650 };
  assertRefused(await ask(minted, { section }), "tdx.tcb_status");
  const accepted = await ask(minted, { section: { tcbStatuses: ["TDRelaunchAdvised"] } });
  assertGood(accepted);
  const finding = accepted.findings.find(({ id }) => id === "tdx.tcb-status");
  assert.deepEqual([finding?.kind, finding?.required], ["unchecked", false]);
});

Deno.test("TDX-08 no relaunch is advised where it would not help, or is not needed", async () => {
  const levels = (...demands: readonly Demands[]) => ({
    bends: tcbInfo(NEWEST, platformLevels(demands)),
  });
  const stays: readonly (readonly [string, Minting, TcbStatus])[] = [
    ["the module that runs is as old", { teeTcbSvn2: svn(4, 1, 3) }, "OutOfDate"],
    ["it is newer, but not the newest", { teeTcbSvn2: svn(5, 1, 3) }, "OutOfDate"],
    ["the quoting enclave is out of date", { qeStatus: "OutOfDate" }, "OutOfDate"],
    ["the platform is out of date", levels({ status: "OutOfDate" }), "OutOfDate"],
    ["the TD was launched on the newest", { teeTcbSvn: svn(6, 1, 3) }, "UpToDate"],
    [
      "microcode is old",
      levels({ status: "UpToDate", tdx: [6, 0, 4] }, { status: "OutOfDate", tdx: [4, 0, 3] }),
      "OutOfDate",
    ],
  ];
  for (const [what, minting, expected] of stays) {
    const minted = await mint({ ...LAUNCHED_BEFORE, ...minting });
    const result = await ask(minted, { section: { tcbStatuses: ANY } });
    assertGood(result, what);
    assert.equal(tcbOf(result).status, expected, what);
  }
});

Deno.test("TDX-08 a report of TDX 1.0 does not say what runs now, so no relaunch is advised", async () => {
  for (const version of [4, 5]) {
    const minted = await mint({ ...LAUNCHED_BEFORE, version, body: "tdx-1.0" });
    const result = await ask(minted, { section: { tcbStatuses: ANY } });
    assert.equal(tcbOf(result).status, "OutOfDate");
    assert.equal(tcbOf(result).module?.status, "OutOfDate");
  }
});

Deno.test("TDX-08 an advised relaunch does not make up for what is revoked", async () => {
  const section = { tcbStatuses: ANY };
  const revoked: readonly Minting[] = [
    { teeTcbSvn: svn(2, 1, 3) },
    { qeStatus: "Revoked" },
    { bends: tcbInfo(NEWEST, platformLevels([{ status: "Revoked" }])) },
  ];
  for (const minting of revoked) {
    const minted = await mint({ ...LAUNCHED_BEFORE, ...minting });
    assertRefused(await ask(minted, { section }), "tdx.tcb_revoked");
  }
  const gone = await mint({ ...LAUNCHED_BEFORE, teeTcbSvn: svn(1, 1, 3) });
  assertRefused(await ask(gone, { section }), "tdx.module_level_not_found");
});
