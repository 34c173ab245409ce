/**
 * Judges verified evidence of an instance with SEV or SEV-ES against a policy.
 *
 * @module
 */

import type { AppraiseContext, RootContext, Rooted, Verified } from "../evidence.ts";
import type { Finding } from "../finding.ts";
import { judgeInstance } from "../gce/appraise.ts";
import { tell } from "../pairing/findings.ts";
import { partRoots, rootedIn } from "../pairing/roots.ts";
import { appraise as appraiseTpm, rootOf as rootOfTpm } from "../tpm/appraise.ts";
import type { GceTpmEvidence } from "../tpm/gce.ts";
import type { TpmEvidence } from "../tpm/report.ts";
import { VARIANTS } from "../variants/table.ts";
import type { GcpSevEsPolicy } from "./policy.ts";

/**
 * Whose word it rests on: Google's alone, whose hypervisor is what keeps the registers.
 *
 * @param proven What `verify` established.
 * @param context Time and accepted risks.
 */
export function rootOf({ vtpm }: GceTpmEvidence, context: RootContext): Rooted {
  // What `vtpm` holds was verified by the technology, in `verify`.
  const { root } = rootOfTpm(vtpm as Verified<TpmEvidence>, context);
  return rootedIn(partRoots(VARIANTS["gcp-sev-es"], null, root), [], []);
}

/**
 * Judges it.
 *
 * @param proven What `verify` established.
 * @param policy The section, defaults filled in.
 * @param context Time and the question, which is the quotes' own.
 */
export function appraise(
  proven: Verified<GceTpmEvidence>,
  policy: GcpSevEsPolicy,
  context: AppraiseContext,
): readonly Finding[] {
  const { root } = rootOf(proven, context);
  const findings = appraiseTpm(proven.vtpm as Verified<TpmEvidence>, policy.vtpm, context);
  return [...judgeInstance(proven.instance, policy, root), ...tell(findings, { root })];
}
