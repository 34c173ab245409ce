/**
 * Whether networks fit together.
 *
 * @module
 */

import { isPrivate, overlap, partsOf, rangeOf } from "./network.ts";
import { error, type Found, warning } from "./problem.ts";
import type { ReadConfig } from "./read.ts";

/** Prefix of the pods of one node: 256 addresses. */
const PODS_OF_NODE = 24;

/** Longest prefix of services: 256 addresses. */
const SERVICES = 24;

/**
 * Looks at the ranges of addresses.
 *
 * @param read The configuration.
 */
export function checkNetwork({ config: { network, nodeGroups } }: ReadConfig): readonly Found[] {
  const { nodes, pods, services } = network;
  const ranges = Object.entries({ nodes, pods, services });
  const clashes = ranges.flatMap(([name, range], at) =>
    ranges.slice(0, at).filter(([, other]) => overlap(rangeOf(range), rangeOf(other)))
      .map(([other, with_]) =>
        error("config.network", `network.${name}`, `${range} overlaps ${other}, ${with_}`)
      )
  );
  const most = Object.values(nodeGroups).reduce((sum, { max }) => sum + max, 0);
  return [...clashes, ...roomOf(network, most), ...publicOnes(ranges)];
}

function roomOf(
  { nodes, pods, services }: ReadConfig["config"]["network"],
  most: number,
): readonly Found[] {
  const found: Found[] = [];
  const forPods = partsOf(rangeOf(pods), PODS_OF_NODE);
  if (forPods < most) {
    const says = `${pods} has room for ${forPods} nodes, and the groups may have ${most}`;
    found.push(error("config.network", "network.pods", says));
  }
  // First and last address, the router's, and those that providers keep for themselves.
  const forNodes = partsOf(rangeOf(nodes), 32) - 8;
  if (forNodes < most) {
    const says = `${nodes} has room for ${
      Math.max(0, forNodes)
    } nodes, and the groups may have ${most}`;
    found.push(error("config.network", "network.nodes", says));
  }
  if (rangeOf(services).prefix > SERVICES) {
    found.push(error("config.network", "network.services", `${services} has too few addresses`));
  }
  return found;
}

function publicOnes(ranges: readonly (readonly [string, string])[]): readonly Found[] {
  return ranges.filter(([, range]) => !isPrivate(rangeOf(range))).map(([name, range]) =>
    warning(
      "public-range",
      `network.${name}`,
      `${range} is of the public internet: what lives there cannot be reached from the cluster`,
    )
  );
}
