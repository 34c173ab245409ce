/**
 * Judges a verified TDX quote against a policy. Every check gives a finding.
 *
 * @module
 */

import type { AppraiseContext, RootContext, Rooted, Verified } from "../evidence.ts";
import type { Finding } from "../finding.ts";
import { type Judgement, judgePinned, judgeReportData, toFinding } from "../judgement.ts";
import { TDX_CHECKS } from "./checks.ts";
import type { TdxCode } from "./codes.ts";
import { judgeAttributes } from "./guest.ts";
import { judgePlatform } from "./platform.ts";
import type { TdxPolicy } from "./policy.ts";
import type { TdReport, TdxEvidence, TdxQuote } from "./report.ts";
import { judgeTcb } from "./tcb.ts";
import { NEED_COLLATERAL } from "./verify.ts";

/** Length of REPORTDATA, bytes (TDX Module ABI Specification). */
export const REPORT_DATA_BYTES = 64;

/** MRSERVICETD where no service TD is bound. */
const NO_SERVICE_TD = "00".repeat(48);

/**
 * Judges a verified quote.
 *
 * TCB status, what runs, what may reach into the TD, freshness and the
 * platform's configuration are judged here; signatures, revocation and
 * bindings were established by `verify`.
 *
 * @param proven What `verify` established.
 * @param policy The `tdx` section, defaults filled in.
 * @param context Time, freshness and accepted risks.
 */
export function appraise(
  proven: Verified<TdxEvidence>,
  policy: TdxPolicy,
  context: AppraiseContext,
): readonly Finding[] {
  const { body } = proven.quote;
  const judgements: readonly Judgement<TdxCode>[] = [
    ...judgeMissing(proven),
    ...judgeTcb(proven, policy, context.now),
    judgeReportData(body.reportData, context.freshness, {
      id: "tdx.report-data",
      code: "tdx.report_data_mismatch",
    }),
    ...judgeWhatRuns(body, policy),
    ...judgeAttributes(body, policy),
    ...judgeLaunch(body, policy),
    ...judgePlatform(proven, policy),
    judgeTrailing(proven.quote, policy),
  ];
  const { root } = rootOf(proven, context);
  return judgements.map((judgement) => toFinding(judgement, root));
}

/**
 * Whose word a verified quote rests on.
 *
 * @param proven What `verify` established.
 * @param _context Time and accepted risks; no platform with TDX is known as compromised by software.
 */
export function rootOf(proven: Verified<TdxEvidence>, _context: RootContext): Rooted {
  return { root: proven.chain.lab ? "lab" : "intel", warnings: [] };
}

/** Without collateral, what it would have shown is not known; the TCB level stands first, as the gravest. */
function judgeMissing(proven: Verified<TdxEvidence>): readonly Judgement<TdxCode>[] {
  if (proven.collateral !== null) return [];
  const steps = TDX_CHECKS.filter(({ id }) => NEED_COLLATERAL.includes(id));
  return steps.toReversed().map(({ id, title, link, source }) => ({
    id,
    title,
    link,
    holds: null,
    expected: null,
    actual: null,
    code: "tdx.collateral_missing",
    source,
  }));
}

/** A value that says what runs. */
interface Running {
  readonly id: string;
  readonly title: string;
  readonly actual: string;
  readonly accepted: readonly string[] | null;
  readonly mismatch: TdxCode;
  readonly notPinned: TdxCode;
}

/**
 * MRTD is the firmware that started, RTMR 1 the kernel, RTMR 2 its command line:
 * each alone says nothing about the others, so all three are needed.
 */
function judgeWhatRuns(body: TdReport, policy: TdxPolicy): readonly Judgement<TdxCode>[] {
  const [rtmr0, rtmr1, rtmr2, rtmr3] = body.rtmrs;
  return [
    judgeRunning({
      id: "tdx.mrtd",
      title: "Initial contents (MRTD)",
      actual: body.mrTd,
      accepted: policy.mrTd,
      mismatch: "tdx.mrtd_mismatch",
      notPinned: "tdx.mrtd_not_pinned",
    }),
    judgeRunning({
      id: "tdx.rtmr1",
      title: "Kernel (RTMR 1)",
      actual: rtmr1,
      accepted: policy.rtmr1,
      mismatch: "tdx.rtmr1_mismatch",
      notPinned: "tdx.rtmr1_not_pinned",
    }),
    judgeRunning({
      id: "tdx.rtmr2",
      title: "Command line (RTMR 2)",
      actual: rtmr2,
      accepted: policy.rtmr2,
      mismatch: "tdx.rtmr2_mismatch",
      notPinned: "tdx.rtmr2_not_pinned",
    }),
    judgePinned(rtmr0, policy.rtmr0, {
      id: "tdx.rtmr0",
      title: "Firmware configuration (RTMR 0)",
      code: "tdx.rtmr0_mismatch",
    }),
    judgePinned(rtmr3, policy.rtmr3, {
      id: "tdx.rtmr3",
      title: "Run time (RTMR 3)",
      code: "tdx.rtmr3_mismatch",
    }),
  ];
}

function judgeRunning(value: Running): Judgement<TdxCode> {
  const { id, title, actual, accepted, mismatch, notPinned } = value;
  return {
    id,
    title,
    link: "guest",
    holds: accepted === null ? null : accepted.includes(actual),
    expected: accepted === null ? null : accepted.join(" or "),
    actual,
    code: accepted === null ? notPinned : mismatch,
  };
}

function judgeLaunch(body: TdReport, policy: TdxPolicy): readonly Judgement<TdxCode>[] {
  return [
    judgeServiceTd(body.mrServiceTd, policy.serviceTds),
    judgePinned(body.mrConfigId, policy.mrConfigId, {
      id: "tdx.mr-config-id",
      title: "MRCONFIGID",
      code: "tdx.mr_config_id_mismatch",
    }),
    judgePinned(body.mrOwner, policy.mrOwner, {
      id: "tdx.mr-owner",
      title: "MROWNER",
      code: "tdx.mr_owner_mismatch",
    }),
    judgePinned(body.mrOwnerConfig, policy.mrOwnerConfig, {
      id: "tdx.mr-owner-config",
      title: "MROWNERCONFIG",
      code: "tdx.mr_owner_config_mismatch",
    }),
  ];
}

/** A service TD can reach into the TD (migration), so one that nobody named is refused. TDX 1.0 reports name none. */
function judgeServiceTd(
  actual: string | null,
  accepted: readonly string[] | null,
): Judgement<TdxCode> {
  const bound = actual !== null && actual !== NO_SERVICE_TD;
  const known = accepted ?? [NO_SERVICE_TD];
  return {
    id: "tdx.service-td",
    title: "Service TDs",
    link: "guest",
    holds: actual === null ? accepted === null ? null : false : known.includes(actual),
    required: actual !== null || accepted !== null,
    expected: accepted === null ? "none bound" : accepted.join(" or "),
    actual: actual === null ? "not in a report of TDX 1.0" : bound ? actual : "none bound",
    code: "tdx.service_td_mismatch",
  };
}

function judgeTrailing({ trailing }: TdxQuote, policy: TdxPolicy): Judgement<TdxCode> {
  const { bytes, zero } = trailing;
  const { trailingBytes: rule } = policy;
  const allowed = { forbid: bytes === 0, zero: zero || bytes === 0, any: true } as const;
  const expected = { forbid: "none", zero: "none, or zeros", any: null } as const;
  const kind = zero ? "zeros" : "not all zero";
  return {
    id: "tdx.trailing",
    title: "Bytes after the quote",
    link: "evidence",
    // What the policy alone lets through is no pass.
    holds: rule === "any" && bytes > 0 && !zero ? null : allowed[rule],
    required: rule !== "any",
    expected: expected[rule],
    actual: bytes === 0 ? "none" : `${bytes} bytes, ${kind}`,
    code: "tdx.trailing_bytes",
  };
}
