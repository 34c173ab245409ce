/**
 * Judges verified evidence of an instance with NitroTPM.
 *
 * @module
 */

import { judgeInstance, rootsOfInstance } from "../ec2/appraise.ts";
import type { VerifiedInstance } from "../ec2/report.ts";
import type { AppraiseContext, RootContext, Rooted, Verified } from "../evidence.ts";
import type { Finding } from "../finding.ts";
import { toFinding } from "../judgement.ts";
import { nitroTpm } from "../nitro/mod.ts";
import type { NitroEvidence } from "../nitro/report.ts";
import { tell } from "../pairing/findings.ts";
import { type PartRoots, partRoots, rootedIn } from "../pairing/roots.ts";
import { VARIANTS } from "../variants/table.ts";
import type { AwsNitroTpmPolicy } from "./policy.ts";

/** What is proven of an instance with NitroTPM. */
export interface AwsNitroTpmEvidence {
  /** The attestation document. */
  readonly vtpm: NitroEvidence;
  /** Whose instance it is; null where no identity document was verified. */
  readonly instance: VerifiedInstance | null;
}

/**
 * Whose word it rests on: AWS's, or a lab's.
 *
 * @param proven What `verify` established.
 * @param context Time.
 */
export function rootOf({ vtpm, instance }: AwsNitroTpmEvidence, context: RootContext): Rooted {
  return rootedIn(rootsOf(vtpm, context), [], [], rootsOfInstance(instance));
}

function rootsOf(vtpm: NitroEvidence, context: RootContext): PartRoots {
  const { root } = nitroTpm.root(verified(vtpm), context);
  return partRoots(VARIANTS["aws-nitro-tpm"], null, root);
}

/**
 * Judges it. The nonce of the document is the binding itself; user data beside
 * it are those of a report, so that the document speaks for another variant.
 *
 * @param proven What `verify` established.
 * @param policy The section, defaults filled in.
 * @param context Time and freshness.
 */
export function appraise(
  proven: Verified<AwsNitroTpmEvidence>,
  policy: AwsNitroTpmPolicy,
  context: AppraiseContext,
): readonly Finding[] {
  const { vtpm, instance } = proven;
  const { whatRuns: root } = rootsOf(vtpm, context);
  const stated = context.freshness.kind === "statement";
  const findings = nitroTpm.appraise(verified(vtpm), policy.vtpm, context);
  return [
    ...tell(findings, { root, without: stated ? ["nitro.user-data"] : [] }),
    ...(stated ? [judgeUserData(vtpm, root)] : []),
    ...judgeInstance(instance, policy, root),
  ];
}

function judgeUserData({ document: { userData } }: NitroEvidence, root: Finding["root"]): Finding {
  return toFinding({
    id: "nitro.user-data",
    title: "No report beside it",
    link: "evidence",
    holds: userData === null,
    expected: "no user data",
    actual: userData ?? "no user data",
    code: "nitro.user_data_mismatch",
    source: "protocol §4",
  }, root);
}

/** The part was verified by the technology, in `verify` of this variant. */
function verified(vtpm: NitroEvidence): Verified<NitroEvidence> {
  return vtpm as Verified<NitroEvidence>;
}
