/**
 * Judges verified evidence of a trust domain on Google Cloud against a policy.
 *
 * @module
 */

import type { AppraiseContext, RootContext, Rooted, Verified } from "../evidence.ts";
import type { Finding } from "../finding.ts";
import { GCE_CCEL_TABLE } from "../gce/checks.ts";
import type { GceCode } from "../gce/codes.ts";
import { judgeFirmware, rootsOfEndorsement } from "../gce/endorse.ts";
import { type Judgement, toFinding } from "../judgement.ts";
import { judgeLog, type LogNames } from "../logs/judge_log.ts";
import { tell } from "../pairing/findings.ts";
import { type PartRoots, partRoots, rootedIn } from "../pairing/roots.ts";
import { tdx, type TdxEvidence } from "../tdx/mod.ts";
import { VARIANTS } from "../variants/table.ts";
import type { GcpTdxPolicy } from "./policy.ts";
import type { GcpTdxEvidence } from "./verify.ts";

/** What a log beside a quote is told by. */
const LOG_NAMES: LogNames<GceCode> = {
  registers: "rtmr",
  secureBoot: "gce.secure-boot",
  missing: "gce.event_log_missing",
  off: "gce.secure_boot_off",
  unknown: "gce.secure_boot_unknown",
};

/**
 * Whose word it rests on: Intel's. What Google endorses has a root of its own in its findings.
 *
 * @param proven What `verify` established.
 * @param context Time and accepted risks.
 */
export function rootOf({ tee, firmware }: GcpTdxEvidence, context: RootContext): Rooted {
  const { warnings } = rootOfQuote(tee, context);
  return rootedIn(rootsOf(tee, context), [], warnings, rootsOfEndorsement(firmware));
}

function rootsOf(tee: TdxEvidence, context: RootContext): PartRoots {
  const { root } = rootOfQuote(tee, context);
  return partRoots(VARIANTS["gcp-tdx"], root, root);
}

function rootOfQuote(tee: TdxEvidence, context: RootContext): Rooted {
  // What `tee` holds was verified by the technology, in `verify`.
  return tdx.root(tee as Verified<TdxEvidence>, context);
}

/**
 * Judges it. Which firmware started must be pinned, or endorsed by Google: a
 * firmware of anybody's could put any value into the registers behind it.
 *
 * @param proven What `verify` established.
 * @param policy The section, defaults filled in.
 * @param context Time, freshness and accepted risks.
 */
export function appraise(
  proven: Verified<GcpTdxEvidence>,
  policy: GcpTdxPolicy,
  context: AppraiseContext,
): readonly Finding[] {
  const { tee, log, firmware } = proven;
  const { whatRuns: root } = rootsOf(tee, context);
  const ofQuote = tdx.appraise(tee as Verified<TdxEvidence>, policy.tee, context);
  const beside = [judgeTable(proven), ...judgeLog(log, policy, LOG_NAMES)];
  return [
    ...tell(ofQuote, { root, optional: firmware === null ? [] : ["tdx.mrtd"] }),
    ...beside.map((judgement) => toFinding(judgement, root)),
    ...judgeFirmware(firmware, {
      actual: tee.quote.body.mrTd,
      endorsed: firmware?.tdx?.measurements.map(({ mrTd }) => mrTd) ?? [],
      needed: policy.tee.mrTd === null,
    }),
  ];
}

/** Nobody signs the table, so that nothing rests on it; it was looked at all the same. */
function judgeTable({ ccelTable }: GcpTdxEvidence): Judgement<GceCode> {
  return {
    ...GCE_CCEL_TABLE,
    holds: ccelTable === null ? null : true,
    required: false,
    expected: null,
    actual: ccelTable === null ? "none was given" : `room for ${ccelTable.logBytes} bytes`,
    code: null,
  };
}
