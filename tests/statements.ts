/**
 * Statements for tests.
 *
 * @module
 */

import type { Statement } from "../src/evidence/statement/statement.ts";

/** Of a node that was admitted. */
export const OF_MEMBER: Statement = {
  v: 1,
  purpose: "serve",
  variant: "azure-sev-snp",
  audience: "a1".repeat(32),
  requestDigest: "",
  clusterId: "c2".repeat(32),
  manifestDigest: "d3".repeat(32),
  manifestSequence: 7,
  role: "control-plane",
  nodeName: "node-1.a",
  bootId: "b4".repeat(16),
  tlsSpki: `3059${"e5".repeat(89)}`,
  hpkeKey: "f6".repeat(32),
  phase: "member",
  logHead: "07".repeat(32),
};

/** Of a node that knows its cluster and asks to be admitted. */
export const OF_JOINER: Statement = {
  ...OF_MEMBER,
  purpose: "join",
  requestDigest: "18".repeat(32),
  manifestDigest: "",
  manifestSequence: 0,
  role: "",
  nodeName: "",
  phase: "cluster",
  logHead: "",
};

/** Of a node that knows nothing yet. */
export const OF_NEWCOMER: Statement = {
  ...OF_JOINER,
  purpose: "serve",
  requestDigest: "",
  clusterId: "",
  phase: "zero",
};
