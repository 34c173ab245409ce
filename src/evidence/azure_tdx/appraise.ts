/**
 * Judges verified evidence of Azure's TDX against a policy.
 *
 * @module
 */

import type { AppraiseContext, RootContext, Rooted, Verified } from "../evidence.ts";
import type { Finding } from "../finding.ts";
import { judgeSettings, judgeUserData } from "../hcl/user_data.ts";
import { toFinding } from "../judgement.ts";
import { tell } from "../pairing/findings.ts";
import { type PartRoots, partRoots, rootedIn } from "../pairing/roots.ts";
import { tdx } from "../tdx/mod.ts";
import type { TdxEvidence } from "../tdx/report.ts";
import { appraiseParavisorTpm } from "../tpm/paravisor.ts";
import { VARIANTS } from "../variants/table.ts";
import type { AzureTdxPolicy } from "./policy.ts";
import type { AzureTdxEvidence } from "./verify.ts";

/** On Azure a TD starts the paravisor: none of its registers says what the guest runs. */
const TITLES: Readonly<Record<string, string>> = {
  "tdx.mrtd": "Initial contents: the paravisor (MRTD)",
  "tdx.rtmr0": "RTMR 0, which the paravisor leaves alone",
  "tdx.rtmr1": "RTMR 1, which the paravisor leaves alone",
  "tdx.rtmr2": "RTMR 2, which the paravisor leaves alone",
  "tdx.rtmr3": "RTMR 3, which the paravisor leaves alone",
};

/**
 * Judges quote, runtime data and the TPM's quote.
 *
 * @param proven What `verify` established.
 * @param policy The `azure-tdx` section, defaults filled in.
 * @param context Time, question and accepted risks.
 */
export function appraise(
  proven: Verified<AzureTdxEvidence>,
  policy: AzureTdxPolicy,
  context: AppraiseContext,
): readonly Finding[] {
  const { hcl, vtpm } = proven;
  const { whatRuns: root } = rootsOf(proven, context);
  return [
    ...ofQuote(proven, policy, context),
    toFinding(judgeUserData(hcl.runtime, context.freshness), root),
    ...appraiseParavisorTpm(vtpm, policy.vtpm, context, { root, hcl }),
    toFinding(judgeSettings(hcl.runtime), root),
  ];
}

/**
 * The report data are the runtime data's hash, as `verify` established; the
 * question is the TPM's. MRTD stays needed: anybody may launch a trust domain
 * that says what it likes, and nothing else tells whose paravisor it is.
 */
function ofQuote(
  { tee }: AzureTdxEvidence,
  policy: AzureTdxPolicy,
  context: AppraiseContext,
): readonly Finding[] {
  const findings = tdx.appraise(tee as Verified<TdxEvidence>, policy.tee, {
    ...context,
    freshness: { kind: "none" },
  });
  return tell(findings, {
    without: ["tdx.report-data"],
    optional: ["tdx.rtmr1", "tdx.rtmr2"],
    titles: TITLES,
  });
}

/** Ids of steps and findings that Intel vouches for. */
const BY_INTEL: readonly string[] = ["tdx."];

/**
 * Whose word verified evidence rests on.
 *
 * @param proven What `verify` established.
 * @param context Time and accepted risks.
 */
export function rootOf(proven: Verified<AzureTdxEvidence>, context: RootContext): Rooted {
  return rootedIn(rootsOf(proven, context), BY_INTEL, []);
}

function rootsOf({ tee }: AzureTdxEvidence, context: RootContext): PartRoots {
  const { root } = tdx.root(tee as Verified<TdxEvidence>, context);
  return partRoots(VARIANTS["azure-tdx"], root, "none");
}
