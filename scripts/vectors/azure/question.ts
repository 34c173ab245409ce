/**
 * What Azure's vectors are bound to and judged by.
 *
 * @module
 */

import type { Statement } from "../../../src/evidence/statement/statement.ts";
import type { MintedTpm } from "../../../src/lab/mod.ts";
import { OF_JOINER } from "../../../tests/statements.ts";
import type { ExpectFile } from "../../../tests/vectors.ts";

/**
 * The statement of a node that wants to join.
 *
 * @param variant Id of the variant.
 */
export function joining(variant: string): Statement {
  return { ...OF_JOINER, variant };
}

/** What whoever lets it join expects of that. */
export const EXPECTED: Partial<ExpectFile> = {
  purpose: "join",
  audience: OF_JOINER.audience,
  requestDigest: OF_JOINER.requestDigest,
  clusterId: OF_JOINER.clusterId,
};

/** Registers that say what runs. */
const WHAT_RUNS = ["4", "11"] as const;

/**
 * The TPM's section: what was booted is pinned, and what the initramfs extends stands in no log.
 *
 * @param minted What was booted.
 * @param more Further keys.
 */
export function vtpmSection({ pcrs }: MintedTpm, more: object = {}): object {
  const pinned = WHAT_RUNS.map((register) => [register, [pcrs["sha256"]?.[register]]]);
  return { registers: { sha256: Object.fromEntries(pinned) }, notInLog: [15], ...more };
}
