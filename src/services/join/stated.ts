/**
 * What a node's statement must say to be admitted, and to stay. Whoever
 * appraised it looked at some of it; no name is given on somebody else's look.
 *
 * @module
 */

import type { Appraised } from "../../channel/peer.ts";
import type { Phase, Purpose } from "../../evidence/statement/statement.ts";
import type { ManifestChain } from "../../manifest/mod.ts";
import type { Member } from "./records.ts";
import { refuseNode } from "./refuse.ts";

/**
 * Checks who wants to be admitted: a boot that has no place yet.
 *
 * @param peer What was proven.
 * @param chain The cluster's manifests.
 * @param purpose `join`, or `init` of the first.
 * @throws {RejectedError} `join.purpose`, `join.phase`, `join.cluster`, `join.role`, `join.manifest`
 */
export function checkStranger(
  { statement }: Appraised,
  chain: ManifestChain,
  purpose: "join" | "init",
): void {
  const { role, nodeName, manifestSequence, manifestDigest } = statement;
  checkBoot(statement, chain, purpose, "cluster");
  if (role !== "" || nodeName !== "") {
    const reason = `it states that it is ${role} ${nodeName} before it was admitted`;
    throw refuseNode("join.role", reason, { actual: role });
  }
  if (manifestSequence !== 0 || manifestDigest !== "") {
    throw refuseNode("join.manifest", "it states a manifest before it was admitted");
  }
}

/**
 * Checks who wants to stay: that very member.
 *
 * @param peer What was proven.
 * @param chain The cluster's manifests.
 * @param member The member of the name that it states.
 * @throws {RejectedError} `join.fenced`, `join.role`, `join.variant`, `join.account`, `join.manifest`
 */
export function checkMember(peer: Appraised, chain: ManifestChain, member: Member): void {
  const { statement, machine } = peer;
  if (machine !== member.machine || statement.bootId !== member.bootId) {
    const whose = machine === member.machine ? "another boot of this machine" : "another machine";
    throw refuseNode("join.fenced", `${member.nodeName} is ${whose} now`);
  }
  expectSame("join.role", "role", member.role, statement.role);
  expectSame("join.variant", "variant", member.variant, peer.variant);
  expectSame("join.account", "account", member.account, peer.account);
  const digest = chain.digestOf(member.manifestSequence) ?? "";
  const under = `${member.manifestSequence} ${digest}`;
  const stated = `${statement.manifestSequence} ${statement.manifestDigest}`;
  expectSame("join.manifest", "manifest", under, stated);
}

/**
 * Checks purpose, phase and cluster.
 *
 * @param statement The statement.
 * @param chain The cluster's manifests.
 * @param purpose What it must be for.
 * @param phase In which phase the boot must be.
 * @throws {RejectedError} `join.purpose`, `join.phase`, `join.cluster`
 */
export function checkBoot(
  statement: Appraised["statement"],
  chain: ManifestChain,
  purpose: Purpose,
  phase: Phase,
): void {
  expectSame("join.purpose", "purpose", purpose, statement.purpose);
  expectSame("join.phase", "phase", phase, statement.phase);
  expectSame("join.cluster", "cluster", chain.clusterId, statement.clusterId);
}

function expectSame(
  code: Parameters<typeof refuseNode>[0],
  name: string,
  expected: string,
  actual: string,
): void {
  if (expected === actual) return;
  const reason = `${name} is ${actual === "" ? "empty" : actual}, expected ${expected}`;
  throw refuseNode(code, reason, { expected, actual });
}
