/**
 * `casemate policy new VARIANT`: the smallest policy with which it can be trusted.
 *
 * @module
 */

import { parsePolicyText } from "../../policy/parse.ts";
import { draftPolicy } from "../../policy/draft.ts";
import { demandsOf } from "../../policy/needs.ts";
import type { Context, Format } from "../context.ts";
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
  const text = draftPolicy(technology);
  if (format === "text") return terminal.out(text);
  const policy = parsePolicyText(new TextEncoder().encode(text), id);
  const { pinned } = demandsOf(technology);
  terminal.out(`${printableJson({ v: 1, variant: id, pinned, policy })}\n`);
}
