/**
 * Command lines of this program that somebody is told to type next.
 *
 * @module
 */

import type { Build } from "../../core/ports.ts";
import type { CommandPart } from "../../report/command_line.ts";

/** What starts the binary, the sources from their folder, and `lab`, which has a task of its own there. */
export const PROGRAM = {
  binary: ["casemate"],
  sources: ["./scripts/deno", "run", "-A", "main.ts"],
  labOfSources: ["./scripts/deno", "task"],
} as const;

/**
 * A command line, as whoever started the program like this can type it.
 *
 * @param build How it was started.
 * @param words The command without the program's name, as `lab status`.
 */
export function typed(build: Pick<Build, "isCompiled">, words: string): string {
  return [...programOf(build, words.split(" ")[0]), words].join(" ");
}

/**
 * The same of a command line in parts.
 *
 * @param build How it was started.
 * @param parts The parts, the first with the program's name.
 */
export function typedParts(
  build: Pick<Build, "isCompiled">,
  [[, ...words] = [], ...rest]: readonly CommandPart[],
): readonly CommandPart[] {
  return [[...programOf(build, words[0]), ...words], ...rest];
}

function programOf(
  { isCompiled }: Pick<Build, "isCompiled">,
  command: string | undefined,
): readonly string[] {
  if (isCompiled) return PROGRAM.binary;
  return command === "lab" ? PROGRAM.labOfSources : PROGRAM.sources;
}
