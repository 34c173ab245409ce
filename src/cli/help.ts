/**
 * What stands below the flags in `--help`.
 *
 * @module
 */

import { EXIT_CODES } from "./exit_codes.ts";

/** Width of a command line among the examples; help stands two columns in, and 80 is what most have. */
export const EXAMPLE_WIDTH = 78;

/**
 * Examples, set for `--help`.
 *
 * @param examples Meaning and command line of each.
 */
export function examplesHelp(examples: readonly (readonly [string, string])[]): string {
  return [
    "",
    "Examples:",
    ...examples.map(([says, line]) => `  # ${says}\n  ${line.replaceAll("\n", "\n  ")}`),
  ].join("\n");
}

/** The table of exit codes, set for `--help`. */
export function exitCodesHelp(): string {
  return ["", "Exit codes:", ...EXIT_CODES.map(([code, says]) => `  ${code}  ${says}`)].join("\n");
}
