/**
 * The folder that `--out` names.
 *
 * @module
 */

import type { Given } from "../input/given.ts";

/**
 * The folder, without slash at its end; undefined where none was given.
 *
 * @param given The flags.
 */
export function readOutFlag(given: Given): string | undefined {
  const out = given.text("out");
  return out === undefined || out === "/" ? out : out.replace(/\/+$/, "");
}
