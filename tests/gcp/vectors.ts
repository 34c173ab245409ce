/**
 * Vectors of Google's variants, each read once, and questions about them.
 *
 * @module
 */

import type { Result } from "../../mod.ts";
import type { AnyTechnology } from "../../src/evidence/evidence.ts";
import { gcpSevEs } from "../../src/evidence/gcp_sev_es/mod.ts";
import { gcpSevSnp } from "../../src/evidence/gcp_sev_snp/mod.ts";
import { gcpTdx } from "../../src/evidence/gcp_tdx/mod.ts";
import { vectorOf } from "../contracts/change.ts";
import type { Change } from "../contracts/contract.ts";
import { ask as askAbout } from "../contracts/question.ts";
import { readVectors, type Vector } from "../vectors.ts";

/** The variants. */
const VARIANTS = {
  "gcp-sev-es": gcpSevEs,
  "gcp-sev-snp": gcpSevSnp,
  "gcp-tdx": gcpTdx,
} as const satisfies Record<string, AnyTechnology>;

/** Id of a variant. */
export type GcpVariant = keyof typeof VARIANTS;

const read = Promise.all(
  Object.keys(VARIANTS).map(async (id) => [id, await readVectors(id)] as const),
);

/**
 * A vector.
 *
 * @param id Id of its variant.
 * @param name Its name.
 */
export async function vector(id: GcpVariant, name: string): Promise<Vector> {
  const [, found = []] = (await read).find(([one]) => one === id) ?? [];
  return vectorOf(new Map(found.map((one) => [one.name, one])), name);
}

/**
 * Asks about a vector.
 *
 * @param id Id of its variant.
 * @param name Its name.
 * @param change What is asked otherwise.
 */
export async function ask(id: GcpVariant, name: string, change: Change = {}): Promise<Result> {
  return await askAbout(VARIANTS[id], await vector(id, name), change);
}

/**
 * The section of a vector's policy.
 *
 * @param id Id of its variant.
 * @param name Its name.
 */
export async function section(
  id: GcpVariant,
  name: string,
): Promise<Readonly<Record<string, unknown>>> {
  const { policy } = await vector(id, name);
  return Object(Object(policy)[id]);
}
