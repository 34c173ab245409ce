/**
 * Whether node groups make a cluster.
 *
 * @module
 */

import { technologies } from "../../evidence/registry.ts";
import { error, type Found, note, warning } from "./problem.ts";
import type { GroupConfig } from "./form.ts";
import type { ReadConfig } from "./read.ts";

/** Most control planes that are of use: each write waits for more than half of them. */
const MANY = 7;

/**
 * Looks at counts and roles of groups.
 *
 * @param read The configuration.
 */
export function checkGroups({ config }: ReadConfig): readonly Found[] {
  const { nodeGroups } = config;
  const groups = Object.entries(nodeGroups);
  const control = groups.filter(([, { role }]) => role === "control-plane");
  const ranges = groups.filter(([, { min, max }]) => min > max).map(([name, { min, max }]) =>
    error("config.groups", `nodeGroups.${name}.min`, `is ${min}, and max is ${max}`)
  );
  const [first] = control;
  if (first === undefined) {
    const says = "has no group of role control-plane";
    return [...ranges, error("config.groups", "nodeGroups", says)];
  }
  const least = control.reduce((sum, [, { min }]) => sum + min, 0);
  const most = control.reduce((sum, [, { max }]) => sum + max, 0);
  return [
    ...ranges,
    ...countOf(least, most, `nodeGroups.${first[0]}.min`),
    ...control.flatMap((one) => rolesOf(config, one)),
  ];
}

/** Images are of variants and accounts of providers: where both are alike, no evidence tells a worker from a control plane. */
function rolesOf(
  { nodeGroups, attestation }: ReadConfig["config"],
  [name, { variant, min, max }]: readonly [string, GroupConfig],
): readonly Found[] {
  const own = variant ?? attestation.variant;
  const twin = Object.entries(nodeGroups).find(([, { role, variant: other }]) =>
    role === "worker" && (other ?? attestation.variant) === own
  );
  if (twin === undefined) return [];
  const facts = technologies.find(({ id }) => id === own)?.facts;
  if (facts?.runtimeRegister === null) {
    const says = `evidence of ${own} does not measure that a boot has a role already: whoever ` +
      `breaks into a node of ${twin[0]} and reaches its devices can ask to be admitted here; ` +
      "give control planes a variant that measures it";
    return [warning("role-unmeasured", `nodeGroups.${name}.role`, says)];
  }
  if (max <= min) return [];
  const says = `is above min, and machines of ${twin[0]} give the same evidence: while there is ` +
    "room, what a machine is launched with, which its host writes, says which of both it becomes";
  return [note("role-by-launch", `nodeGroups.${name}.max`, says)];
}

function countOf(least: number, most: number, key: string): readonly Found[] {
  if (least === 0) {
    return [error("config.groups", key, "is 0: a cluster needs a control plane")];
  }
  if (least % 2 === 0) {
    const says = `makes ${least} control planes: as many may fail as of ${least - 1}; ` +
      `take ${least + 1}, or ${least - 1}`;
    return [warning("even-control-planes", key, says)];
  }
  if (most > MANY) {
    const says = `up to ${most} control planes: each write waits for more than half of them`;
    return [warning("many-control-planes", key.replace(/min$/, "max"), says)];
  }
  if (least > 1) return [];
  const says = "one control plane: while it is down nobody joins and no lease is renewed";
  return [note("one-control-plane", key, says)];
}
