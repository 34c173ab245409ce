/**
 * Judges which instance of whose project it is, by the certificate of its key.
 *
 * @module
 */

import type { Finding, Root } from "../finding.ts";
import { type Judgement, toFinding } from "../judgement.ts";
import { GCE_INSTANCE } from "./checks.ts";
import type { GceCode } from "./codes.ts";
import type { InstancePolicy } from "./policy.ts";
import type { GceInstance } from "./report.ts";

/**
 * Judges the instance.
 *
 * @param instance What the verified certificate says.
 * @param policy What is demanded of it.
 * @param root Whose word the certificate is.
 */
export function judgeInstance(
  instance: GceInstance,
  policy: InstancePolicy,
  root: Root,
): readonly Finding[] {
  const judgements: readonly Judgement<GceCode>[] = [
    { ...GCE_INSTANCE, holds: true, expected: null, actual: nameOf(instance), code: null },
    judgeProject(instance, policy),
    judgeZone(instance, policy),
    judgeName(instance, policy),
    judgeProduction(instance, policy),
  ];
  return judgements.map((judgement) => toFinding({ ...judgement, link: "platform" }, root));
}

function nameOf({ projectId, zone, instanceName, instanceId }: GceInstance): string {
  return `${instanceName} (${instanceId}) in ${zone} of ${projectId}`;
}

/** An id of digits alone is no project's: digits are its number. */
function judgeProject(
  { projectId, projectNumber }: GceInstance,
  { project }: InstancePolicy,
): Judgement<GceCode> {
  return {
    id: "gce.project",
    title: "Project",
    link: "platform",
    holds: project === null ? null : [projectId, projectNumber].includes(project),
    expected: project,
    actual: `${projectId} (${projectNumber})`,
    code: project === null ? "gce.project_not_pinned" : "gce.project_mismatch",
  };
}

function judgeZone({ zone }: GceInstance, { zones }: InstancePolicy): Judgement<GceCode> {
  return {
    id: "gce.zone",
    title: "Zone",
    link: "platform",
    holds: zones === null ? null : zones.includes(zone),
    required: zones !== null,
    expected: zones === null ? null : zones.join(" or "),
    actual: zone,
    code: "gce.zone_mismatch",
  };
}

function judgeName(
  { instanceName, instanceId }: GceInstance,
  { instances }: InstancePolicy,
): Judgement<GceCode> {
  const accepted = instances?.some((one) => one === instanceName || one === instanceId) ?? null;
  return {
    id: "gce.instance-name",
    title: "Instance",
    link: "platform",
    holds: accepted,
    required: instances !== null,
    expected: instances === null ? null : instances.join(" or "),
    actual: `${instanceName} (${instanceId})`,
    code: "gce.instance_mismatch",
  };
}

/** Silence is no statement: certificates of before 2021 may not say it. */
function judgeProduction(
  { security }: GceInstance,
  { production }: InstancePolicy,
): Judgement<GceCode> {
  const said = security?.isProduction ?? null;
  const demanded = production === "require";
  return {
    id: "gce.production",
    title: "Production environment",
    link: "platform",
    // What the policy alone lets through is no pass.
    holds: said === true ? true : demanded ? false : null,
    required: demanded,
    expected: demanded ? "production" : null,
    actual: said === null ? "not said" : said ? "production" : "a test environment",
    code: "gce.not_production",
  };
}
