/**
 * Reads the form of the answer, also before the command line is parsed.
 *
 * @module
 */

import { type Format, FORMATS } from "./context.ts";

/**
 * Whether a command line asks for JSON, as far as it can be told without parsing it.
 *
 * @param args The arguments.
 */
export function formatOf(args: readonly string[]): Format {
  const json = args.some((arg, i) => {
    const before = args[i - 1];
    return (arg === "json" && (before === "-o" || before === "--output")) || arg === "-ojson" ||
      arg === "--output=json";
  });
  return json ? "json" : "text";
}

/**
 * A parsed `--output` as a form; the flag itself refuses other words.
 *
 * @param text Its value.
 */
export function readFormat(text: unknown): Format {
  return FORMATS.find((format) => format === text) ?? "text";
}
