/**
 * `casemate policy new VARIANT`: the smallest policy with which it can be trusted.
 *
 * @module
 */

import { parsePolicyText } from "../../policy/parse.ts";
import { draftPolicy } from "../../policy/draft.ts";
import { mustBePinned, rootsNeededBy } from "../../evidence/variants/demands.ts";
import type { Context, Format } from "../context.ts";
import { flagError } from "../input/given.ts";
import { printableJson } from "../output/printable.ts";
import { knownVariant } from "../policy/known_variant.ts";

/**
 * Prints a policy with comments; in JSON without.
 *
 * @param context The machine.
 * @param id Id of the variant.
 * @param format Form of the answer.
 * @throws {InputError} `input.unknown`
 */
export function newPolicy({ host: { terminal } }: Context, id: string, format: Format): void {
  const technology = knownVariant(id, "VARIANT");
  if (technology?.facts === undefined) {
    const message =
      `Cannot write a policy for ${id}: it is a part of variants, and none itself; casemate evidence explain lists them`;
    throw flagError("input.unknown", message, "VARIANT");
  }
  const { facts } = technology;
  const demands = { roots: rootsNeededBy(facts), pinned: mustBePinned(facts) };
  const text = draftPolicy(technology, demands);
  if (format === "text") return terminal.out(text);
  const policy = parsePolicyText(new TextEncoder().encode(text), id);
  terminal.out(`${printableJson({ v: 1, variant: id, pinned: demands.pinned, policy })}\n`);
}
