/**
 * Judges verified evidence of an instance with SEV-SNP and NitroTPM.
 *
 * @module
 */

import { judgeInstance, rootsOfInstance } from "../ec2/appraise.ts";
import type { VerifiedInstance } from "../ec2/report.ts";
import type { AppraiseContext, RootContext, Rooted, Verified } from "../evidence.ts";
import type { Finding } from "../finding.ts";
import { nitroTpm } from "../nitro/mod.ts";
import type { NitroEvidence } from "../nitro/report.ts";
import { tell } from "../pairing/findings.ts";
import { type PartRoots, partRoots, rootedIn } from "../pairing/roots.ts";
import { sevSnp, type SnpEvidence } from "../snp/mod.ts";
import { VARIANTS } from "../variants/table.ts";
import type { AwsSevSnpPolicy } from "./policy.ts";

/** What is proven of an instance with SEV-SNP and NitroTPM. */
export interface AwsSevSnpEvidence {
  /** The report. */
  readonly tee: SnpEvidence;
  /** The attestation document. */
  readonly vtpm: NitroEvidence;
  /** Whose instance it is; null where no identity document was verified. */
  readonly instance: VerifiedInstance | null;
}

/** Steps that rest on AMD's word; `ec2.csp` is what AMD certified. */
const OF_TEE: readonly string[] = ["snp.", "ec2.csp"];

/**
 * Whose word it rests on: AMD's that the memory is protected and the channel ends in it, AWS's what runs.
 *
 * @param proven What `verify` established.
 * @param context Time and accepted risks.
 */
export function rootOf(proven: AwsSevSnpEvidence, context: RootContext): Rooted {
  const { warnings } = sevSnp.root(teeOf(proven), context);
  return rootedIn(rootsOf(proven, context), OF_TEE, warnings, rootsOfInstance(proven.instance));
}

function rootsOf(proven: AwsSevSnpEvidence, context: RootContext): PartRoots {
  const tee = sevSnp.root(teeOf(proven), context).root;
  const vtpm = nitroTpm.root(vtpmOf(proven), context).root;
  return partRoots(VARIANTS["aws-sev-snp"], tee, vtpm);
}

/**
 * Judges it. The launch measurement is of AWS's firmware: what runs is said by
 * the registers of the NitroTPM, on AWS's word.
 *
 * @param proven What `verify` established.
 * @param policy The section, defaults filled in.
 * @param context Time, freshness and accepted risks.
 */
export function appraise(
  proven: Verified<AwsSevSnpEvidence>,
  policy: AwsSevSnpPolicy,
  context: AppraiseContext,
): readonly Finding[] {
  const { tee, whatRuns } = rootsOf(proven, context);
  const ofReport = sevSnp.appraise(teeOf(proven), policy.tee, context);
  const ofDocument = nitroTpm.appraise(vtpmOf(proven), policy.vtpm, context);
  return [
    ...tell(ofReport, { ...(tee === null ? {} : { root: tee }), optional: ["snp.measurement"] }),
    // `verify` has held them against the report.
    ...tell(ofDocument, { root: whatRuns, without: ["nitro.user-data"] }),
    ...judgeInstance(proven.instance, policy, whatRuns),
  ];
}

/** The parts were verified by their technologies, in `verify` of this variant. */
function teeOf({ tee }: AwsSevSnpEvidence): Verified<SnpEvidence> {
  return tee as Verified<SnpEvidence>;
}

function vtpmOf({ vtpm }: AwsSevSnpEvidence): Verified<NitroEvidence> {
  return vtpm as Verified<NitroEvidence>;
}
