/**
 * Dates and numbers of collateral.
 *
 * @module
 */

import assert from "node:assert/strict";
import { examine, InputError, type Result } from "../../../mod.ts";
import {
  addYears,
  type CertificateDescription,
  pcsTime,
  type TdxBends,
} from "../../../src/lab/mod.ts";
import { NOW } from "../../lab_authority.ts";
import { assertRefused } from "../../result.ts";
import {
  ask,
  assertBends,
  assertFiles,
  assertGood,
  bent,
  collateralOf,
  filesOf,
  judge,
  mint,
  tcbOf,
} from "../ask.ts";
import { overReal, realCase } from "../corpus.ts";

const SECOND = 1000;
const DAY = 86_400 * SECOND;
const START = addYears(NOW, -1);

/** A moment so many seconds from now. */
const at = (seconds: number): Date => new Date(NOW.getTime() + seconds * SECOND);

/** Changes of one document's dates. */
const dated = (
  document: "tcbInfo" | "qeIdentity",
  from: Date,
  until: Date,
): TdxBends => ({ [document]: { issueDate: pcsTime(from), nextUpdate: pcsTime(until) } });

/** Changes of one list's dates. */
const listed = (list: "pckCrl" | "rootCrl", from: Date, until: Date): TdxBends => ({
  [list]: { thisUpdate: from, nextUpdate: until },
});

for (const document of ["tcbInfo", "qeIdentity"] as const) {
  Deno.test(`TDX-06 ${document} is used from its issue to its next update, to the second`, async () => {
    await assertBends([
      ["past", bent(dated(document, START, at(-1))), "tdx.collateral_expired"],
      ["a year past", bent(dated(document, addYears(START, -1), START)), "tdx.collateral_expired"],
      ["future", bent(dated(document, at(1), at(86_400))), "tdx.collateral_not_yet_valid"],
    ]);
    assertGood(await judge(bent(dated(document, START, NOW))));
    assertGood(await judge(bent(dated(document, NOW, NOW))));
    assertGood(await judge(bent(dated(document, NOW, at(1)))));
  });

  Deno.test(`TDX-06 dates of ${document} are whole, in UTC and in order`, async () => {
    const plain = pcsTime(NOW);
    const wrong = [
      "",
      plain.slice(0, 10),
      plain.slice(0, -1),
      plain.replace("Z", "+00:00"),
      plain.replace("Z", ".000Z"),
      plain.replace("T", " "),
      plain.toLowerCase(),
      ` ${plain}`,
      String(NOW.getTime()),
      "9999",
      "2026-13-01T00:00:00Z",
      "2026-02-30T00:00:00Z",
    ];
    const code = document === "tcbInfo" ? "tdx.tcb_info_format" : "tdx.qe_identity_format";
    for (const member of ["issueDate", "nextUpdate"] as const) {
      await assertBends(
        wrong.map((date) => [`${member} ${date}`, bent({ [document]: { [member]: date } }), code]),
      );
    }
    await assertBends([["backwards", bent(dated(document, at(1), at(-1))), code]]);
  });
}

for (const list of ["pckCrl", "rootCrl"] as const) {
  Deno.test(`TDX-06 ${list} is used from its issue to its next update, to the second`, async () => {
    await assertBends([
      ["past", bent(listed(list, START, at(-1))), "tdx.crl_expired"],
      ["future", bent(listed(list, at(1), at(86_400))), "tdx.crl_not_yet_valid"],
    ]);
    assertGood(await judge(bent(listed(list, START, NOW))));
    assertGood(await judge(bent(listed(list, NOW, at(1)))));
  });
}

for (const name of ["root", "ca", "pck", "tcbSigning"] as const) {
  Deno.test(`TDX-06 the certificate ${name} is used within its validity, to the second`, async () => {
    const valid = (notBefore: Date, notAfter: Date) =>
      bent({
        [name]: (whole: CertificateDescription) => ({ ...whole, notBefore, notAfter }),
      });
    await assertBends([
      ["past", valid(START, at(-1)), "tdx.certificate_expired"],
      ["future", valid(at(1), at(86_400)), "tdx.certificate_not_yet_valid"],
    ]);
    assertGood(await judge(valid(START, NOW)));
    assertGood(await judge(valid(NOW, at(1))));
  });
}

Deno.test("TDX-06 collateral that was good when first seen is stale later, remembered or not", async () => {
  const minted = await mint();
  const asked = (now: Date): Promise<Result> => ask(minted, { request: { now } });
  for (let i = 0; i < 2; i++) {
    assertGood(await asked(NOW));
    assertGood(await asked(new Date(NOW.getTime() + 30 * DAY)));
    const after = await asked(new Date(NOW.getTime() + 30 * DAY + SECOND));
    assertRefused(after, "tdx.crl_expired");
    assertRefused(await asked(addYears(NOW, 1)), "tdx.crl_expired");
    assertRefused(await asked(addYears(NOW, 8)), "tdx.certificate_expired");
    assertRefused(await asked(at(-1)), "tdx.certificate_not_yet_valid");
    assertRefused(await asked(new Date(0)), "tdx.certificate_not_yet_valid");
  }
});

Deno.test("TDX-06 a year-old document is refused beside fresh lists and certificates", async () => {
  const far = addYears(NOW, 3);
  const lists = { ...listed("pckCrl", NOW, far), ...listed("rootCrl", NOW, far) };
  const minted = await mint(bent(lists));
  const request = { now: addYears(NOW, 1) };
  assertRefused(await ask(minted, { request }), "tdx.collateral_expired");
  const fresh = await mint(bent({ ...lists, ...dated("tcbInfo", NOW, far) }));
  assertRefused(await ask(fresh, { request }), "tdx.collateral_expired");
  const both = { ...lists, ...dated("tcbInfo", NOW, far), ...dated("qeIdentity", NOW, far) };
  assertGood(await judge(bent(both), { request }));
});

Deno.test("TDX-06 a time that is none is an error of the calling code", async () => {
  const minted = await mint();
  for (const now of [new Date(Number.NaN), new Date("nonsense"), new Date(-1)]) {
    await assert.rejects(ask(minted, { request: { now } }), RangeError);
  }
});

/** Both documents of one TCB recovery. */
const numbered = (tcbInfo: number, qeIdentity = tcbInfo): TdxBends => ({
  tcbInfo: { tcbEvaluationDataNumber: tcbInfo },
  qeIdentity: { tcbEvaluationDataNumber: qeIdentity },
});

Deno.test("TDX-06 TCB info and QE identity of different recoveries are refused, whichever is older", async () => {
  await assertBends([
    ["older identity", bent(numbered(20, 19)), "tdx.evaluation_number_mismatch"],
    ["newer identity", bent(numbered(20, 21)), "tdx.evaluation_number_mismatch"],
    ["no number", bent(numbered(20, 0)), "tdx.evaluation_number_mismatch"],
  ]);
  const { keys, ...old } = await mint(bent(numbered(19)));
  const current = await mint({ keys });
  assertGood(await ask(current));
  const { qeIdentity } = filesOf({ keys, ...old });
  await assertFiles(current, { qeIdentity }, "tdx.evaluation_number_mismatch");
});

Deno.test("TDX-06 collateral of an older recovery is refused where the policy has a floor", async () => {
  const minted = await mint(bent(numbered(20)));
  const floor = (least: number) => ({ section: { minimumTcbEvaluationDataNumber: least } });
  assertGood(await ask(minted));
  assertGood(await ask(minted, floor(1)));
  assertGood(await ask(minted, floor(20)));
  assertRefused(await ask(minted, floor(21)), "tdx.evaluation_number_too_low");
  assertRefused(await ask(minted, floor(0xffff_ffff)), "tdx.evaluation_number_too_low");
  assertRefused(await judge(bent(numbered(0)), floor(1)), "tdx.evaluation_number_too_low");
  for (const wrong of [0, -1, 1.5, "20", null]) {
    await assert.rejects(
      ask(minted, { section: { minimumTcbEvaluationDataNumber: wrong } }),
      (error) => error instanceof InputError && error.code === "policy.value",
    );
  }
});

Deno.test("TDX-06 numbers that are none are refused, not read as something near", async () => {
  const info = (value: string): TdxBends => ({
    tcbInfoDocument: (document) => ({
      ...document,
      text: replaced(document.text, /"tcbEvaluationDataNumber":20/, value),
    }),
  });
  const member = '"tcbEvaluationDataNumber":';
  const wrong = [-1, 20.5, "2e1", '"20"', "null", "true", "4294967296", "18446744073709551636"];
  await assertBends(
    wrong.map((value) => [`${value}`, bent(info(`${member}${value}`)), "tdx.tcb_info_format"]),
  );
});

function replaced(text: string, what: RegExp, by: string): string {
  const result = text.replace(what, by);
  assert.notEqual(result, text);
  return result;
}

Deno.test("TDX-06 the oldest date of platform, module and quoting enclave is the platform's", async () => {
  const day = (text: string): string => `${text}T00:00:00Z`;
  const dates = { platform: "2026-03-03", module: "2026-02-02", qe: "2026-01-01" };
  const bends = (of: typeof dates): TdxBends => ({
    tcbInfo: (info) => ({
      ...info,
      tcbLevels: info.tcbLevels.map((level) => ({ ...level, tcbDate: day(of.platform) })),
      tdxModuleIdentities: (info.tdxModuleIdentities ?? []).map((module) => ({
        ...module,
        tcbLevels: module.tcbLevels.map((level) => ({ ...level, tcbDate: day(of.module) })),
      })),
    }),
    qeIdentity: (identity) => ({
      ...identity,
      tcbLevels: identity.tcbLevels.map((level) => ({ ...level, tcbDate: day(of.qe) })),
    }),
  });
  const [oldest, later] = ["2025-05-05", "2025-05-06"];
  for (const part of ["platform", "module", "qe"] as const) {
    const minted = await mint(bent(bends({ ...dates, [part]: oldest })));
    assert.equal(tcbOf(await ask(minted)).tcbDate, day(oldest), part);
    assertGood(await ask(minted, { section: { minimumTcbDate: oldest } }));
    const result = await ask(minted, { section: { minimumTcbDate: later } });
    assertRefused(result, "tdx.tcb_date_too_old");
  }
});

Deno.test("TDX-06 days of grace are counted from the oldest date, and for OutOfDate alone", async () => {
  const minted = await mint({ tcbStatus: "OutOfDate" });
  const { tcbDate } = tcbOf(await ask(minted));
  const days = (NOW.getTime() - Date.parse(tcbDate)) / DAY;
  // The lab issues at noon and dates levels at midnight.
  assert.equal(days % 1, 0.5);
  const graced = (outOfDateGraceDays: number) => ask(minted, { section: { outOfDateGraceDays } });
  assertRefused(await graced(Math.floor(days)), "tdx.tcb_status");
  assertGood(await graced(Math.ceil(days)));
  for (const tcbStatus of ["SWHardeningNeeded", "OutOfDateConfigurationNeeded"] as const) {
    const other = await judge({ tcbStatus }, { section: { outOfDateGraceDays: 3650 } });
    assertRefused(other, "tdx.tcb_status");
  }
});

Deno.test({
  ...overReal("TDX-06 real collateral is refused a second outside of its own dates"),
  fn: async () => {
    const { files, entry } = realCase("tdx/v4-dcapqvl-b0c06f");
    const window = entry.expected.fields["in_force_window"];
    assert.ok(Array.isArray(window));
    const [from, until] = window.map((moment) => new Date(String(moment)));
    assert.ok(from && until);
    const told = async (now: Date): Promise<readonly (string | null)[]> => {
      const expect = { freshness: "none" } as const;
      const { verdict, code } = await examine({ variant: "tdx", evidence: files, expect, now });
      return verdict === "rejected" ? [verdict, code] : [verdict];
    };
    const before = new Date(from.getTime() - SECOND);
    assert.deepEqual(await told(before), ["rejected", "tdx.collateral_not_yet_valid"]);
    assert.deepEqual(await told(from), ["platform-only"]);
    assert.deepEqual(await told(until), ["platform-only"]);
    const after = new Date(until.getTime() + SECOND);
    assert.deepEqual(await told(after), ["rejected", "tdx.crl_expired"]);
    assert.deepEqual(await told(addYears(until, 1)), ["rejected", "tdx.crl_expired"]);
  },
});

Deno.test({
  ...overReal("TDX-06 dates and numbers of real collateral are told"),
  fn: async () => {
    const { files, now } = realCase("gcp/tdx-cos113-ccel");
    const expect = { freshness: "none" } as const;
    const result = await examine({ variant: "tdx", evidence: files, expect, now });
    const { tcbInfo, qeIdentity } = collateralOf(result);
    assert.equal(tcbInfo.tcbEvaluationDataNumber, qeIdentity.tcbEvaluationDataNumber);
    assert.ok(tcbInfo.issueDate < now.toISOString() && now.toISOString() < tcbInfo.nextUpdate);
  },
});
