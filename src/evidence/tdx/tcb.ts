/**
 * Judges what the collateral says of the platform: status, advisories, age.
 *
 * @module
 */

import type { Verified } from "../evidence.ts";
import type { Judgement } from "../judgement.ts";
import type { TdxCode } from "./codes.ts";
import type { TdxPolicy } from "./policy.ts";
import type { Collateral, TcbEvaluation, TdReport, TdxEvidence } from "./report.ts";

const DAY = 24 * 60 * 60 * 1000;

/**
 * Judges the TCB.
 *
 * @param proven What `verify` established.
 * @param policy The `tdx` section.
 * @param now Moment of the verification.
 */
export function judgeTcb(
  proven: Verified<TdxEvidence>,
  policy: TdxPolicy,
  now: Date,
): readonly Judgement<TdxCode>[] {
  const { collateral } = proven;
  if (collateral === null) return [];
  const { tcb } = collateral;
  return [
    judgeStatus(proven, tcb, policy, now),
    judgeAdvisories(tcb, policy),
    judgeDate(tcb, policy),
    judgeEvaluationNumber(collateral, policy),
  ];
}

/**
 * Where the status comes from, as `platform OutOfDate, module TDX_01 UpToDate,
 * quoting enclave UpToDate`. These are levels of what launched the TD; what
 * runs since an update has its part in the status, too.
 */
function parts({ platform, module, qe }: TcbEvaluation, body: TdReport): string {
  const of = module === null ? "" : `, module ${module.id} ${module.status}`;
  const { teeTcbSvn: launched, teeTcbSvn2: running } = body;
  const since = running === null || running === launched
    ? ""
    : `; launched with TEE_TCB_SVN ${launched}, now ${running}`;
  return `platform ${platform.status}${of}, quoting enclave ${qe.status}${since}`;
}

function judgeStatus(
  { quote: { body } }: Verified<TdxEvidence>,
  tcb: TcbEvaluation,
  policy: TdxPolicy,
  now: Date,
): Judgement<TdxCode> {
  const { tcbStatuses, outOfDateGraceDays } = policy;
  const listed = tcbStatuses.some((status) => status === tcb.status);
  const until = graceEnd(tcb, outOfDateGraceDays);
  const graced = until !== null && now.getTime() < until;
  const accepted = listed || graced;
  const good = listed && tcb.status === "UpToDate";
  const grace = until === null ? "" : `, grace until ${day(until)}`;
  return {
    id: "tdx.tcb-status",
    title: "TCB status",
    link: "platform",
    // A status that only the policy lets through is an accepted risk, no pass.
    holds: good ? true : accepted ? null : false,
    required: good || !accepted,
    expected: tcbStatuses.join(" or "),
    actual: tcb.status === "UpToDate"
      ? tcb.status
      : `${tcb.status} (${parts(tcb, body)}), of ${tcb.tcbDate.slice(0, 10)}${grace}`,
    code: "tdx.tcb_status",
  };
}

/** Intel dates a level by the last day on which nothing was known against it. */
function graceEnd(tcb: TcbEvaluation, days: number | null): number | null {
  if (days === null || tcb.status !== "OutOfDate") return null;
  return Date.parse(tcb.tcbDate) + days * DAY;
}

function day(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

function judgeAdvisories(tcb: TcbEvaluation, policy: TdxPolicy): Judgement<TdxCode> {
  const { allowAdvisories, denyAdvisories } = policy;
  const { advisoryIds } = tcb;
  const pinned = allowAdvisories !== null || denyAdvisories !== null;
  const refused = advisoryIds.filter((id) =>
    denyAdvisories?.includes(id) === true || allowAdvisories?.includes(id) === false
  );
  return {
    id: "tdx.advisories",
    title: "Security advisories",
    link: "platform",
    holds: pinned ? refused.length === 0 : advisoryIds.length === 0 ? true : null,
    required: pinned,
    expected: pinned ? "no advisory that the policy refuses" : null,
    actual: refused.length > 0 ? refused.join(", ") : advisoryIds.join(", ") || "none",
    code: "tdx.advisory_refused",
  };
}

function judgeDate(tcb: TcbEvaluation, policy: TdxPolicy): Judgement<TdxCode> {
  const least = policy.minimumTcbDate;
  const actual = tcb.tcbDate.slice(0, 10);
  return {
    id: "tdx.tcb-date",
    title: "TCB date",
    link: "platform",
    holds: least === null ? null : actual >= least,
    required: least !== null,
    expected: least === null ? null : `${least} or later`,
    actual,
    code: "tdx.tcb_date_too_old",
  };
}

/** TCB info and QE identity have the same number: `verify` saw to it. */
function judgeEvaluationNumber({ tcbInfo }: Collateral, policy: TdxPolicy): Judgement<TdxCode> {
  const least = policy.minimumTcbEvaluationDataNumber;
  const actual = tcbInfo.tcbEvaluationDataNumber;
  return {
    id: "tdx.evaluation-number",
    title: "TCB recovery of the collateral",
    link: "platform",
    holds: least === null ? null : actual >= least,
    required: least !== null,
    expected: least === null ? null : `at least ${least}`,
    actual: String(actual),
    code: "tdx.evaluation_number_too_low",
  };
}
