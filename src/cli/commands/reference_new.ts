/**
 * `casemate reference new VARIANT`: a file of reference values to fill in.
 *
 * @module
 */

import { nearest } from "../../core/decode.ts";
import type { AnyTechnology } from "../../evidence/evidence.ts";
import { technologies } from "../../evidence/registry.ts";
import type { Context } from "../context.ts";
import { flagError } from "../input/given.ts";
import { templateOf } from "../reference/template.ts";

/**
 * Prints the file.
 *
 * @param context The machine.
 * @param name The variant.
 * @throws {InputError} `input.unknown`, with the nearest variant.
 */
export function printTemplate({ host }: Context, name: string): void {
  host.terminal.out(templateOf(technologyOf(name), host.clock.now()));
}

function technologyOf(name: string): AnyTechnology {
  const all: readonly AnyTechnology[] = technologies;
  const found = all.find(({ id }) => id === name);
  if (found !== undefined) return found;
  const known = all.map(({ id }) => id);
  const near = nearest(name, known);
  const hint = near === undefined ? `known are ${known.join(", ")}` : `did you mean ${near}?`;
  const message = `Cannot write reference values of ${JSON.stringify(name)}: no such variant`;
  throw flagError("input.unknown", `${message}; ${hint}`, "VARIANT");
}
