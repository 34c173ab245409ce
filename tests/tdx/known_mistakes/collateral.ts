/**
 * Collateral: that it must be there, and that nothing of what it says is dropped.
 *
 * @module
 */

import assert from "node:assert/strict";
import { examine, InputError, NotExaminedError, NotTrustedError, verify } from "../../../mod.ts";
import type { TcbStatus } from "../../../src/evidence/tdx/mod.ts";
import { intelRevoked, intelSerial, type LevelStatus } from "../../../src/lab/mod.ts";
import { NOW } from "../../lab_authority.ts";
import { assertRefused, assertVerdict, findingOf } from "../../result.ts";
import {
  ask,
  assertGood,
  claimsOf,
  filesOf,
  judge,
  mint,
  QUOTE_ALONE,
  requestFor,
  tcbOf,
} from "../ask.ts";
import { flipped } from "../../bends/bytes.ts";
import { overReal, realCase } from "../corpus.ts";

/** Steps that say nothing without collateral. */
const NEED_IT: readonly string[] = [
  "tdx.tcb-chain",
  "tdx.revocation",
  "tdx.tcb-info",
  "tdx.qe-identity",
  "tdx.qe",
  "tdx.module",
  "tdx.tcb",
];

/** What a policy may accept beside `UpToDate`, of levels. */
const LESSER: readonly Exclude<LevelStatus, "UpToDate" | "Revoked">[] = [
  "SWHardeningNeeded",
  "ConfigurationNeeded",
  "ConfigurationAndSWHardeningNeeded",
  "OutOfDate",
  "OutOfDateConfigurationNeeded",
];

Deno.test("TDX-02 no collateral is unavailable by default, and each step that needs it stays open", async () => {
  const minted = await mint();
  const result = await ask(minted, { files: QUOTE_ALONE });
  assertVerdict(result, "unavailable", "tdx.collateral_missing");
  assert.equal(claimsOf(result).collateral, null);
  for (const id of NEED_IT) {
    const found = result.findings.filter((finding) => finding.id === id);
    assert.deepEqual(
      found.map(({ kind, required, code }) => [kind, required, code]),
      [["unchecked", true, "tdx.collateral_missing"]],
      id,
    );
  }
  await assert.rejects(
    verify(requestFor(minted, { files: QUOTE_ALONE, policy: { allowLab: true } })),
    (error) => error instanceof NotExaminedError && error.result.verdict === "unavailable",
  );
});

Deno.test("TDX-02 no key of the policy makes collateral needless", async () => {
  const minted = await mint();
  const all = ["UpToDate", ...LESSER, "TDRelaunchAdvised", "TDRelaunchAdvisedConfigurationNeeded"];
  const lenient = {
    tcbStatuses: all,
    outOfDateGraceDays: 3650,
    debug: "allow",
    migration: "allow",
    profiling: "allow",
    trailingBytes: "any",
  };
  const result = await ask(minted, { files: QUOTE_ALONE, section: lenient });
  assertVerdict(result, "unavailable", "tdx.collateral_missing");
  for (
    const section of [{ collateral: "none" }, { collateral: false }, { revocation: "if-given" }]
  ) {
    await assert.rejects(
      ask(minted, { files: QUOTE_ALONE, section }),
      (error) => error instanceof InputError && error.code === "policy.unknown_key",
    );
  }
});

Deno.test("TDX-02 half of the collateral is an input error, whichever half", async () => {
  const minted = await mint();
  const roles = ["tcbInfo", "qeIdentity", "tcbChain", "pckCrl", "rootCrl"] as const;
  const halves = Array.from(
    { length: 2 ** roles.length - 2 },
    (_, i) => roles.filter((_, bit) => (i + 1 >> bit & 1) === 1),
  );
  assert.equal(halves.length, 30);
  const whole = filesOf(minted);
  for (const half of halves) {
    const given = Object.fromEntries(half.map((role) => [role, whole[role]]));
    await assert.rejects(
      ask(minted, { files: { ...QUOTE_ALONE, ...given } }),
      (error) => error instanceof InputError && error.code === "input.missing",
      half.join(),
    );
  }
  const pckCrlChain = new TextEncoder().encode(minted.pckCrlChain);
  await assert.rejects(
    ask(minted, { files: { ...QUOTE_ALONE, pckCrlChain } }),
    (error) => error instanceof InputError && error.code === "input.missing",
  );
});

Deno.test("TDX-02 an empty file of collateral is no absent one", async () => {
  const minted = await mint();
  for (const role of ["tcbInfo", "qeIdentity", "tcbChain", "pckCrl", "rootCrl"] as const) {
    await assert.rejects(
      ask(minted, { files: { [role]: new Uint8Array() } }),
      (error) => error instanceof InputError && error.code === "input.empty",
      role,
    );
  }
  const none = Object.fromEntries(Object.keys(QUOTE_ALONE).map((role) => [role, new Uint8Array()]));
  await assert.rejects(ask(minted, { files: none }), InputError);
});

Deno.test("TDX-02 a revoked PCK is refused, and seems sound to nobody who did not look", async () => {
  const { keys } = await mint();
  const revoked = [intelRevoked(await intelSerial(keys.pck), NOW)];
  const minted = await mint({ keys, bends: { pckCrl: { revoked } } });
  assertRefused(await ask(minted), "tdx.revoked");
  const blind = await ask(minted, { files: QUOTE_ALONE });
  assertVerdict(blind, "unavailable", "tdx.collateral_missing");
  assert.equal(blind.findings.find(({ id }) => id === "tdx.revocation")?.kind, "unchecked");
});

Deno.test("TDX-02 a mismatch is refused even where the collateral is missing", async () => {
  const minted = await mint();
  const section = { mrTd: ["ee".repeat(48)] };
  assertRefused(await ask(minted, { files: QUOTE_ALONE, section }), "tdx.mrtd_mismatch");
  const quote = flipped(minted.quote, 48 + 136);
  const files = { ...QUOTE_ALONE, quote };
  const result = await ask(minted, { files });
  assertRefused(result, "tdx.signature_mismatch");
  for (const id of NEED_IT) {
    assert.equal(result.findings.find((finding) => finding.id === id)?.kind, "unchecked", id);
  }
});

Deno.test("TDX-02 collateral that was accepted does not serve a quote that comes without", async () => {
  const minted = await mint();
  assertGood(await ask(minted));
  const result = await ask(minted, { files: QUOTE_ALONE });
  assertVerdict(result, "unavailable", "tdx.collateral_missing");
  assertGood(await ask(minted));
});

Deno.test("TDX-02 the crypto-only profile passes missing collateral by in no silence", async () => {
  const minted = await mint();
  const request = requestFor(minted, { files: QUOTE_ALONE, request: { profile: "crypto-only" } });
  const { verdict, findings } = await examine(request);
  assert.equal(verdict, null);
  for (const id of NEED_IT) {
    assert.equal(findings.find((finding) => finding.id === id)?.kind, "unchecked", id);
  }
});

Deno.test("TDX-02 a good signature is no good status: each status but UpToDate is refused by default", async () => {
  for (const status of LESSER) {
    for (const part of ["tcbStatus", "moduleStatus", "qeStatus"] as const) {
      const minted = await mint({ [part]: status });
      const result = await ask(minted);
      assertRefused(result, "tdx.tcb_status");
      await assert.rejects(verify(requestFor(minted)), NotTrustedError, `${part} ${status}`);
    }
  }
});

Deno.test("TDX-02 a status is accepted by its own name alone, and never as a match", async () => {
  for (const status of LESSER) {
    const minted = await mint({ tcbStatus: status });
    for (const accepted of ["UpToDate", ...LESSER] as const) {
      const result = await ask(minted, { section: { tcbStatuses: [accepted] } });
      if (accepted === status) {
        assertGood(result, status);
        const finding = result.findings.find(({ id }) => id === "tdx.tcb-status");
        assert.deepEqual([finding?.kind, finding?.required], ["unchecked", false], status);
      } else assertRefused(result, "tdx.tcb_status");
    }
    assert.equal(tcbOf(await ask(minted)).status, status);
  }
});

Deno.test("TDX-02 UpToDate is refused where the policy demands something else", async () => {
  const result = await judge({}, { section: { tcbStatuses: ["OutOfDate"] } });
  assertRefused(result, "tdx.tcb_status");
});

Deno.test("TDX-02 not Revoked is not yet good, and Revoked can be accepted by no policy", async () => {
  for (const part of ["tcbStatus", "moduleStatus", "qeStatus"] as const) {
    const minted = await mint({ [part]: "Revoked" });
    const tcbStatuses = ["UpToDate", ...LESSER];
    assertRefused(
      await ask(minted, { section: { tcbStatuses, outOfDateGraceDays: 3650 } }),
      "tdx.tcb_revoked",
    );
  }
  const minted = await mint();
  const wrong: readonly (readonly string[] | string)[] = [
    ["Revoked"],
    ["UpToDate", "Revoked"],
    ["uptodate"],
    ["*"],
    [],
    "UpToDate",
  ];
  for (const tcbStatuses of wrong) {
    await assert.rejects(
      ask(minted, { section: { tcbStatuses } }),
      (error) => error instanceof InputError && error.code.startsWith("policy."),
      String(tcbStatuses),
    );
  }
});

Deno.test("TDX-02 advisories of platform, module and quoting enclave are all told, and can all be refused", async () => {
  const minted = await mint({
    tcbStatus: "SWHardeningNeeded",
    moduleStatus: "OutOfDate",
    qeStatus: "OutOfDate",
  });
  const section = { tcbStatuses: ["OutOfDate"] };
  const open = await ask(minted, { section });
  assertGood(open);
  // The lab gives each part a number of its own: platform 0, module 1, quoting enclave 2.
  const told = tcbOf(open).advisoryIds;
  for (const part of [0, 1, 2]) {
    const own = told.filter((id) => id.startsWith(`INTEL-SA-990${part}`));
    assert.ok(own.length > 0, `part ${part} of ${told.join()}`);
    for (const id of own) {
      const refused = await ask(minted, { section: { ...section, denyAdvisories: [id] } });
      assertRefused(refused, "tdx.advisory_refused");
      assert.match(String(findingOf(refused, "tdx.advisory_refused").actual), new RegExp(id));
      const others = told.filter((one) => one !== id);
      const allowed = await ask(minted, { section: { ...section, allowAdvisories: others } });
      assertRefused(allowed, "tdx.advisory_refused");
    }
  }
  assertGood(await ask(minted, { section: { ...section, allowAdvisories: told } }));
});

Deno.test({
  ...overReal("TDX-02 real quotes without collateral are unavailable, not trusted"),
  fn: async () => {
    const { files: { quote }, now } = realCase("tdx/v4-dcapqvl-b0c06f");
    const expect = { freshness: "none" } as const;
    const result = await examine({ variant: "tdx", evidence: { quote }, expect, now });
    assertVerdict(result, "unavailable", "tdx.collateral_missing");
  },
});

Deno.test({
  ...overReal("TDX-02 a real platform's status is told as the collateral has it"),
  fn: async () => {
    const statuses: Readonly<Record<string, TcbStatus>> = {
      "tdx/v4-dcapqvl-b0c06f": "UpToDate",
      "tdx/v5-google-90c06f": "UpToDate",
      "gcp/tdx-cos113-ccel": "UpToDate",
    };
    for (const [name, status] of Object.entries(statuses)) {
      const { files, now } = realCase(name);
      const expect = { freshness: "none" } as const;
      const result = await examine({ variant: "tdx", evidence: files, expect, now });
      assert.equal(tcbOf(result).status, status, name);
      const finding = result.findings.find(({ id }) => id === "tdx.tcb-status");
      assert.deepEqual([finding?.kind, finding?.actual], ["match", status], name);
    }
  },
});
