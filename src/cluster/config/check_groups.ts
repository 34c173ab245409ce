/**
 * Whether node groups make a cluster.
 *
 * @module
 */

import { error, type Found, note, warning } from "./problem.ts";
import type { ReadConfig } from "./read.ts";

/** Most control planes that are of use: each write waits for more than half of them. */
const MANY = 7;

/**
 * Looks at counts and roles of groups.
 *
 * @param read The configuration.
 */
export function checkGroups({ config: { nodeGroups } }: ReadConfig): readonly Found[] {
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
  return [...ranges, ...countOf(least, most, `nodeGroups.${first[0]}.min`)];
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
