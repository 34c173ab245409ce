/**
 * What a node's initramfs extends into PCR 15 as it learns its cluster and is
 * admitted (protocol §3).
 *
 * @module
 */

import { frame, fromHex, uint64 } from "../../core/bytes.ts";
import type { Statement } from "../../evidence/statement/statement.ts";
import { EVENT_TYPES, type LabEvent } from "./event.ts";

/** Register of the phase. */
export const PHASE_REGISTER = 15;

/**
 * The events of a phase. No firmware logs them.
 *
 * @param statement Phase, cluster, role and name.
 */
export function phaseEvents(
  { phase, clusterId, role, nodeName, manifestSequence }: Statement,
): readonly LabEvent[] {
  const text = (value: string): Uint8Array => new TextEncoder().encode(value);
  if (phase === "zero") return [];
  const inCluster = extended(text("casemate/phase/cluster"), fromHex(clusterId));
  if (phase === "cluster") return [inCluster];
  const member = [text(role), text(nodeName), uint64(manifestSequence)];
  return [inCluster, extended(text("casemate/phase/member"), ...member)];
}

/** What is hashed is each field behind its length (protocol §1). */
function extended(...fields: readonly Uint8Array[]): LabEvent {
  const data = new Uint8Array();
  return { register: PHASE_REGISTER, type: EVENT_TYPES.ipl, data, hashed: frame(fields) };
}
