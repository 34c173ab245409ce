/**
 * Whether an agent that was verified is one to join.
 *
 * @module
 */

import type { Statement } from "../evidence/statement/statement.ts";
import type { ManifestChain } from "../manifest/chain.ts";
import { nodeError } from "./refusal.ts";

/**
 * Holds a control plane's statement against the manifest: its evidence shows that
 * the statement is its own, not yet that it may admit others.
 *
 * @param statement The statement, of evidence that holds.
 * @param chain The chain, as newly as anybody told.
 * @throws {RejectedError} `node.server`
 */
export function requireControlPlane(statement: Statement, chain: ManifestChain): void {
  const { phase, role, clusterId, manifestSequence, manifestDigest } = statement;
  if (phase !== "member") throw nodeError("node.server", `it is in phase ${phase}`);
  if (role !== "control-plane") throw nodeError("node.server", `its role is ${role}`);
  if (clusterId !== chain.clusterId) {
    throw nodeError("node.server", `it is of cluster ${clusterId}`);
  }
  const expected = chain.digestOf(manifestSequence);
  if (expected === manifestDigest) return;
  const known = expected ?? `the chain ends with ${chain.sequence}`;
  const reason = `it was admitted under manifest ${manifestSequence} ${manifestDigest}: ${known}`;
  throw nodeError("node.server", reason);
}
