/**
 * What a node of the lab states of itself.
 *
 * @module
 */

import type { Statement } from "../../evidence/statement/statement.ts";

/** A worker that was admitted to a cluster that never was. */
export const LAB_STATEMENT: Statement = {
  v: 1,
  purpose: "serve",
  variant: "sev-snp",
  audience: "a0".repeat(32),
  requestDigest: "",
  clusterId: "c1".repeat(32),
  manifestDigest: "d1".repeat(32),
  manifestSequence: 1,
  role: "worker",
  nodeName: "worker-1",
  bootId: "b0".repeat(16),
  tlsSpki: `3059${"e5".repeat(89)}`,
  hpkeKey: "e0".repeat(32),
  phase: "member",
  logHead: "07".repeat(32),
};
