/**
 * Judges verified evidence of Azure's SEV-SNP against a policy.
 *
 * @module
 */

import type { AppraiseContext, RootContext, Rooted, Verified } from "../evidence.ts";
import type { Finding } from "../finding.ts";
import { judgeSettings, judgeUserData } from "../hcl/user_data.ts";
import { toFinding } from "../judgement.ts";
import { tell } from "../pairing/findings.ts";
import { type PartRoots, partRoots, rootedIn } from "../pairing/roots.ts";
import { sevSnp } from "../snp/mod.ts";
import type { SnpEvidence } from "../snp/report.ts";
import { appraiseParavisorTpm } from "../tpm/paravisor.ts";
import { VARIANTS } from "../variants/table.ts";
import type { AzureSevSnpPolicy } from "./policy.ts";
import type { AzureSevSnpEvidence } from "./verify.ts";

/** On Azure AMD measures the paravisor at launch: the signer of it is what a policy names, since updates change it. */
const TITLES: Readonly<Record<string, string>> = {
  "snp.measurement": "Launch measurement (the paravisor)",
  "snp.id-key": "Signer of the paravisor (ID key)",
  "snp.author-key": "Author key of the paravisor",
  "snp.guest-svn": "Security version of the paravisor",
};

/**
 * Judges report, runtime data and quote.
 *
 * @param proven What `verify` established.
 * @param policy The `azure-sev-snp` section, defaults filled in.
 * @param context Time, question and accepted risks.
 */
export function appraise(
  proven: Verified<AzureSevSnpEvidence>,
  policy: AzureSevSnpPolicy,
  context: AppraiseContext,
): readonly Finding[] {
  const { hcl, vtpm } = proven;
  const { whatRuns: root } = rootsOf(proven, context).roots;
  return [
    ...ofReport(proven, policy, context),
    toFinding(judgeUserData(hcl.runtime, context.freshness), root),
    ...appraiseParavisorTpm(vtpm, policy.vtpm, context, { root, hcl }),
    toFinding(judgeSettings(hcl.runtime), root),
  ];
}

/** The report data are the runtime data's hash, as `verify` established; the question is the quote's. */
function ofReport(
  { tee }: AzureSevSnpEvidence,
  policy: AzureSevSnpPolicy,
  context: AppraiseContext,
): readonly Finding[] {
  const findings = sevSnp.appraise(tee as Verified<SnpEvidence>, policy.tee, {
    ...context,
    freshness: { kind: "none" },
  });
  return tell(findings, {
    without: ["snp.report-data"],
    optional: ["snp.measurement"],
    titles: TITLES,
  }).map((finding) => finding.id === "snp.id-key" ? demandSigner(finding) : finding);
}

/** Anybody may launch a guest that says what it likes: only AMD's word whose paravisor it is makes its words count. */
function demandSigner(finding: Finding): Finding {
  if (finding.kind !== "unchecked") return finding;
  return { ...finding, required: true, code: "hcl.id_key_not_pinned" };
}

/** Ids of steps and findings that AMD vouches for. */
const BY_AMD: readonly string[] = ["snp."];

/**
 * Whose word verified evidence rests on.
 *
 * @param proven What `verify` established.
 * @param context Time and accepted risks.
 */
export function rootOf(proven: Verified<AzureSevSnpEvidence>, context: RootContext): Rooted {
  const { roots, warnings } = rootsOf(proven, context);
  return rootedIn(roots, BY_AMD, warnings);
}

function rootsOf(
  { tee }: AzureSevSnpEvidence,
  context: RootContext,
): { readonly roots: PartRoots; readonly warnings: readonly string[] } {
  const { root, warnings } = sevSnp.root(tee as Verified<SnpEvidence>, context);
  return { roots: partRoots(VARIANTS["azure-sev-snp"], root, "none"), warnings };
}
