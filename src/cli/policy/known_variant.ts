/**
 * Takes the id of a variant, or says which was meant.
 *
 * @module
 */

import { nearest } from "../../core/decode.ts";
import type { AnyTechnology } from "../../evidence/evidence.ts";
import { technologies } from "../../evidence/registry.ts";
import { flagError } from "../input/given.ts";

/**
 * The variant of an id.
 *
 * @param id The id, as it was given.
 * @param flag The flag or argument that it was given to.
 * @throws {InputError} `input.unknown`, with the nearest.
 */
export function knownVariant(id: string, flag: string): AnyTechnology {
  const found = technologies.find((technology) => technology.id === id);
  if (found !== undefined) return found;
  const known = technologies.map((technology) => technology.id);
  const near = nearest(id, known);
  const hint = near === undefined ? `known are ${known.join(", ")}` : `did you mean ${near}?`;
  throw flagError(
    "input.unknown",
    `Cannot use ${flag} ${JSON.stringify(id)}: no such variant; ${hint}`,
    flag,
  );
}
