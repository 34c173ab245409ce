import assert from "node:assert/strict";
import { fakeTdxEvidence, type TdxDouble } from "../../../tests/fakes/tdx_evidence.ts";
import type { AppraiseContext } from "../evidence.ts";
import type { Finding } from "../finding.ts";
import { appraise, rootOf } from "./appraise.ts";
import { TDX_CHECKS } from "./checks.ts";
import { type TdxPolicy, tdxPolicy } from "./policy.ts";
import { NEED_COLLATERAL } from "./verify.ts";

const context: AppraiseContext = {
  now: new Date("2026-11-21T12:00:00Z"),
  freshness: { kind: "nonce", bytes: new Uint8Array(32).fill(0xab) },
  acceptCompromised: {},
};
const { body } = fakeTdxEvidence().quote;
const pinned = { mrTd: [body.mrTd], rtmr1: [body.rtmrs[1]], rtmr2: [body.rtmrs[2]] };
const other = ["ee".repeat(48)];

function policy(section: object): TdxPolicy {
  return tdxPolicy.decode(section, "tdx");
}

function appraised(section: object, differs: TdxDouble = {}, given = context): readonly Finding[] {
  return appraise(fakeTdxEvidence(differs), policy(section), given);
}

function codes(section: object, differs: TdxDouble = {}, given = context): readonly string[] {
  return appraised(section, differs, given).flatMap(({ code }) => code === null ? [] : [code]);
}

function finding(id: string, section: object, differs: TdxDouble = {}, given = context): Finding {
  const [found, ...others] = appraised(section, differs, given).filter((one) => one.id === id);
  assert.ok(found, `${id} is there`);
  assert.equal(others.length, 0, `${id} is there once`);
  return found;
}

Deno.test("appraise() finds nothing wrong with a well-kept platform and a pinned launch", () => {
  assert.deepEqual(codes(pinned), []);
});

Deno.test("appraise() says of each check what it is about, and repeats no id", () => {
  const findings = appraised(pinned);
  assert.equal(new Set(findings.map(({ id }) => id)).size, findings.length);
  for (const { title, source } of findings) assert.ok(title.length > 0 && source.length > 0);
});

const outOfDate: TdxDouble = {
  tcb: { status: "OutOfDate", tcbDate: "2026-10-01T00:00:00Z", advisoryIds: ["INTEL-SA-00837"] },
};

/** Each rule of the policy: what it demands, what breaks it, and the code. */
const RULES: readonly (readonly [object, TdxDouble, string])[] = [
  [{ ...pinned, mrTd: other }, {}, "tdx.mrtd_mismatch"],
  [{ ...pinned, rtmr0: other }, {}, "tdx.rtmr0_mismatch"],
  [{ ...pinned, rtmr1: other }, {}, "tdx.rtmr1_mismatch"],
  [{ ...pinned, rtmr2: other }, {}, "tdx.rtmr2_mismatch"],
  [{ ...pinned, rtmr3: other }, {}, "tdx.rtmr3_mismatch"],
  [{ rtmr1: pinned.rtmr1, rtmr2: pinned.rtmr2 }, {}, "tdx.mrtd_not_pinned"],
  [{ mrTd: pinned.mrTd, rtmr2: pinned.rtmr2 }, {}, "tdx.rtmr1_not_pinned"],
  [{ mrTd: pinned.mrTd, rtmr1: pinned.rtmr1 }, {}, "tdx.rtmr2_not_pinned"],
  [{ ...pinned, mrConfigId: other }, {}, "tdx.mr_config_id_mismatch"],
  [{ ...pinned, mrOwner: other }, {}, "tdx.mr_owner_mismatch"],
  [{ ...pinned, mrOwnerConfig: other }, {}, "tdx.mr_owner_config_mismatch"],
  [{ ...pinned, mrSeam: other }, {}, "tdx.mr_seam_mismatch"],
  [pinned, { body: { mrServiceTd: "ee".repeat(48) } }, "tdx.service_td_mismatch"],
  [{ ...pinned, serviceTds: other }, {}, "tdx.service_td_mismatch"],
  [{ ...pinned, serviceTds: other }, { body: { mrServiceTd: null } }, "tdx.service_td_mismatch"],
  [pinned, outOfDate, "tdx.tcb_status"],
  [{ ...pinned, outOfDateGraceDays: 51 }, outOfDate, "tdx.tcb_status"],
  [{ ...pinned, tcbStatuses: ["SWHardeningNeeded"] }, {}, "tdx.tcb_status"],
  [
    { ...pinned, tcbStatuses: ["OutOfDate"], denyAdvisories: ["INTEL-SA-00837"] },
    outOfDate,
    "tdx.advisory_refused",
  ],
  [
    { ...pinned, tcbStatuses: ["OutOfDate"], allowAdvisories: ["INTEL-SA-00001"] },
    outOfDate,
    "tdx.advisory_refused",
  ],
  [{ ...pinned, minimumTcbDate: "2026-05-14" }, {}, "tdx.tcb_date_too_old"],
  [
    { ...pinned, minimumTcbEvaluationDataNumber: 21 },
    {},
    "tdx.evaluation_number_too_low",
  ],
  [pinned, { attributes: { debug: true } }, "tdx.debug_allowed"],
  [pinned, { attributes: { hgsPlusProfiling: true } }, "tdx.profiling_allowed"],
  [pinned, { attributes: { perfProfiling: true } }, "tdx.profiling_allowed"],
  [pinned, { attributes: { pmtProfiling: true } }, "tdx.profiling_allowed"],
  [pinned, { attributes: { migratable: true } }, "tdx.migration_allowed"],
  [
    pinned,
    { attributes: { reservedBits: "0x0000000000000002" } },
    "tdx.attributes_reserved",
  ],
  [{ ...pinned, attributes: { pks: true } }, {}, "tdx.attribute"],
  [{ ...pinned, attributes: { septVeDisable: false } }, {}, "tdx.attribute"],
  [pinned, { body: { xfam: "0x00000000000602e4" } }, "tdx.xfam_reserved"],
  [pinned, { body: { xfam: "0x00000000000602ef" } }, "tdx.xfam_reserved"],
  [{ ...pinned, xfam: ["0x0000000000000003"] }, {}, "tdx.xfam_mismatch"],
  [pinned, { quote: { trailing: { bytes: 3, zero: false } } }, "tdx.trailing_bytes"],
  [
    { ...pinned, trailingBytes: "forbid" },
    { quote: { trailing: { bytes: 3, zero: true } } },
    "tdx.trailing_bytes",
  ],
  [
    { ...pinned, platformConfiguration: { smtEnabled: false } },
    {},
    "tdx.platform_configuration",
  ],
  [{ ...pinned, allowPlatforms: ["ee".repeat(16)] }, {}, "tdx.platform_not_allowed"],
  [{ ...pinned, denyPlatforms: ["99".repeat(16)] }, {}, "tdx.platform_denied"],
  [pinned, { body: { reportData: "ab".repeat(64) } }, "tdx.report_data_mismatch"],
];

for (const [index, [section, differs, code]] of RULES.entries()) {
  Deno.test(`appraise() gives ${code}, rule ${index}`, () => {
    assert.deepEqual(codes(section, differs), [code]);
  });
}

Deno.test("appraise() takes a status that the policy names as an accepted risk, never as a match", () => {
  const accepted = finding("tdx.tcb-status", { ...pinned, tcbStatuses: ["OutOfDate"] }, outOfDate);
  assert.deepEqual([accepted.kind, accepted.required, accepted.code], ["unchecked", false, null]);
});

Deno.test("appraise() grants OutOfDate its days of grace, to the second, and no other status", () => {
  const section = { ...pinned, outOfDateGraceDays: 52 };
  const at = (now: string): AppraiseContext => ({ ...context, now: new Date(now) });
  const kind = (now: string, differs = outOfDate): string =>
    finding("tdx.tcb-status", section, differs, at(now)).kind;
  assert.equal(kind("2026-11-21T23:59:59Z"), "unchecked");
  assert.equal(kind("2026-11-22T00:00:00Z"), "mismatch");
  const configured: TdxDouble = {
    tcb: { ...outOfDate.tcb, status: "OutOfDateConfigurationNeeded" },
  };
  assert.equal(kind("2026-11-21T00:00:00Z", configured), "mismatch");
});

Deno.test("appraise() takes accepted debugging, profiling and migration as open, not as a match", () => {
  const allowed = { ...pinned, debug: "allow", profiling: "allow", migration: "allow" };
  const differs = { attributes: { debug: true, perfProfiling: true, migratable: true } };
  for (const id of ["tdx.debug", "tdx.profiling", "tdx.migration"]) {
    assert.equal(finding(id, allowed, differs).kind, "unchecked", id);
    assert.equal(finding(id, allowed).kind, "match", id);
  }
  assert.deepEqual(codes(allowed, differs), []);
});

Deno.test("appraise() lets zero padding through by default and says how much there is", () => {
  const padded = { quote: { trailing: { bytes: 70, zero: true } } };
  const found = finding("tdx.trailing", pinned, padded);
  assert.deepEqual([found.kind, found.actual], ["match", "70 bytes, zeros"]);
  const rest = { quote: { trailing: { bytes: 39, zero: false } } };
  const any = finding("tdx.trailing", { ...pinned, trailingBytes: "any" }, rest);
  assert.deepEqual([any.kind, any.code], ["unchecked", null]);
});

Deno.test("TDX-02 appraise() without collateral leaves every step that needs it open and required", () => {
  const findings = appraised(pinned, { evidence: { collateral: null } });
  for (const id of NEED_COLLATERAL) {
    assert.ok(TDX_CHECKS.some((check) => check.id === id), id);
    const found = findings.find((one) => one.id === id);
    assert.deepEqual(
      [found?.kind, found?.required, found?.code],
      ["unchecked", true, "tdx.collateral_missing"],
      id,
    );
  }
  const first = findings.find(({ code }) => code === "tdx.collateral_missing");
  assert.equal(first?.id, "tdx.tcb");
});

Deno.test("appraise() compares no demand on a platform whose certificate does not state it", () => {
  const evidence = fakeTdxEvidence().pck;
  const differs = { evidence: { pck: { ...evidence, configuration: null } } };
  const demanded = { ...pinned, platformConfiguration: { smtEnabled: false } };
  const found = finding("tdx.platform-configuration.smtEnabled", demanded, differs);
  assert.deepEqual([found.kind, found.actual], ["mismatch", "not stated"]);
});

Deno.test("rootOf() is intel, or lab under a lab's root", () => {
  const proven = fakeTdxEvidence();
  const lab = fakeTdxEvidence({ evidence: { chain: { ...proven.chain, lab: true } } });
  assert.equal(rootOf(proven, context).root, "intel");
  assert.equal(rootOf(lab, context).root, "lab");
  assert.ok(appraise(lab, policy(pinned), context).every(({ root }) => root === "lab"));
});

Deno.test("appraise() says of a status which TCB launched the TD and which runs, where they differ", () => {
  const shown = (teeTcbSvn2: string | null): string | null =>
    finding("tdx.tcb-status", pinned, { ...outOfDate, body: { teeTcbSvn2 } }).actual;
  const other = "0401020000000000".padEnd(32, "0");
  assert.match(
    shown(other) ?? "",
    new RegExp(`launched with TEE_TCB_SVN ${body.teeTcbSvn}, now ${other}\\)`),
  );
  for (const same of [null, body.teeTcbSvn]) assert.doesNotMatch(shown(same) ?? "", /TEE_TCB_SVN/);
});
