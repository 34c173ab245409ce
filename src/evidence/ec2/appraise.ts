/**
 * Judges whose instance it is and where.
 *
 * @module
 */

import type { Finding, Root } from "../finding.ts";
import { type Judgement, judgePinned, toFinding } from "../judgement.ts";
import type { Ec2Code } from "./codes.ts";
import type { InstancePolicy } from "./policy.ts";
import type { VerifiedInstance } from "./report.ts";
import { EC2_CHECKS } from "./verify.ts";

/**
 * Judges the instance.
 *
 * @param instance What its identity document says; null where none was verified.
 * @param policy What is demanded of it.
 * @param root Whose word the attestation document rests on.
 */
export function judgeInstance(
  instance: VerifiedInstance | null,
  policy: InstancePolicy,
  root: Root,
): readonly Finding[] {
  const judgements = instance === null ? absent(policy) : present(instance, policy);
  // The region's certificate has no root above it, and may be a lab's where nothing else is.
  const whose = instance?.lab === true ? "lab" : root;
  return judgements.map((judgement) => toFinding(judgement, whose));
}

/**
 * Whose word the steps of an identity document rest on, by their ids, where that is not AWS's.
 *
 * @param instance What its identity document says; null where none was verified.
 */
export function rootsOfInstance(instance: VerifiedInstance | null): ReadonlyMap<string, Root> {
  return new Map(instance?.lab === true ? EC2_CHECKS.map(({ id }) => [id, "lab"]) : []);
}

function present(
  instance: VerifiedInstance,
  { account, regions }: InstancePolicy,
): readonly Judgement<Ec2Code>[] {
  const { accountId, instanceId, region } = instance;
  return [
    ...EC2_CHECKS.map((check): Judgement<Ec2Code> => ({
      ...check,
      holds: true,
      expected: null,
      actual: instanceId,
      code: null,
    })),
    judgePinned<Ec2Code>(accountId, account === null ? null : [account], {
      id: "ec2.account",
      title: "Account",
      code: "ec2.account_mismatch",
    }),
    judgePinned<Ec2Code>(region, regions, {
      id: "ec2.region",
      title: "Region",
      code: "ec2.region_mismatch",
    }),
  ].map((judgement) => ({ ...judgement, link: "platform" }));
}

/** Where the policy asks whose it is, no answer is none. */
function absent({ account, regions }: InstancePolicy): readonly Judgement<Ec2Code>[] {
  const asked = account !== null || regions !== null;
  return EC2_CHECKS.map((check): Judgement<Ec2Code> => ({
    ...check,
    holds: null,
    required: asked && check.id === "ec2.identity",
    expected: null,
    actual: "no identity document with its region's certificate",
    code: check.id === "ec2.identity" ? "ec2.identity_missing" : null,
  }));
}
