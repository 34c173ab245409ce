/**
 * Which group of the manifest a node belongs to: its evidence decides, and what
 * it says of itself chooses among those that the evidence fits.
 *
 * @module
 */

import type { RejectedError } from "../../core/errors.ts";
import type { Appraised } from "../../channel/peer.ts";
import { groupsFor } from "../../manifest/mod.ts";
import type { Role } from "../../protocol/join.ts";
import type { Manifest, NodeGroup } from "../../protocol/manifest.ts";
import { refuseNode } from "./refuse.ts";

/**
 * Chooses the group.
 *
 * @param manifest The newest manifest.
 * @param peer What was proven of the node.
 * @param hint Group that it says; empty for none.
 * @param role Role that it must have; null for any.
 * @throws {RejectedError} `join.group`, `join.role`, `join.variant`, `join.account`, `join.ambiguous`
 */
export function chooseGroup(
  manifest: Manifest,
  peer: Pick<Appraised, "variant" | "account">,
  hint: string,
  role: Role | null = null,
): NodeGroup {
  const fitting = groupsFor(manifest, peer).filter((group) => role === null || group.role === role);
  if (hint === "") return onlyOne(manifest, peer, fitting);
  const found = fitting.find(({ name }) => name === hint);
  if (found !== undefined) return found;
  const named = manifest.groups.find(({ name }) => name === hint);
  if (named === undefined) throw refuseNode("join.group", `the manifest has no group ${hint}`);
  throw misfit(named, peer, fitting, role);
}

function onlyOne(
  manifest: Manifest,
  peer: Pick<Appraised, "variant" | "account">,
  fitting: readonly NodeGroup[],
): NodeGroup {
  const [first, ...others] = fitting;
  if (first !== undefined && others.length === 0) return first;
  if (first !== undefined) {
    const names = fitting.map(({ name }) => name).join(", ");
    throw refuseNode("join.ambiguous", `it names no group, and ${names} fit`, { groups: names });
  }
  const sameVariant = manifest.groups.find(({ variant }) => variant === peer.variant);
  if (sameVariant !== undefined) throw foreign(sameVariant, peer);
  throw refuseNode("join.variant", `no group takes evidence of ${peer.variant}`);
}

function misfit(
  named: NodeGroup,
  peer: Pick<Appraised, "variant" | "account">,
  fitting: readonly NodeGroup[],
  role: Role | null,
): RejectedError {
  const others = fitting.length > 0 && fitting.every((group) => group.role !== named.role);
  if (others || (role !== null && named.role !== role)) {
    const fields = { expected: role ?? fitting[0]?.role ?? "", actual: named.role };
    return refuseNode("join.role", `group ${named.name} is of role ${named.role}`, fields);
  }
  if (named.variant === peer.variant) return foreign(named, peer);
  const fields = { expected: named.variant, actual: peer.variant };
  const reason = `group ${named.name} takes evidence of ${named.variant}, not of ${peer.variant}`;
  return refuseNode("join.variant", reason, fields);
}

function foreign(group: NodeGroup, peer: Pick<Appraised, "account">): RejectedError {
  const fields = { expected: group.account, actual: peer.account };
  const actual = peer.account === "" ? "names none" : `is of ${peer.account}`;
  const reason = `group ${group.name} is for account ${group.account}, and the machine ${actual}`;
  return refuseNode("join.account", reason, fields);
}
