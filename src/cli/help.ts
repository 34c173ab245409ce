/**
 * What stands below the flags in `--help`.
 *
 * @module
 */

import type { CommandUnknownOpts } from "@commander-js/extra-typings";
import type { Context } from "./context.ts";
import { EXIT_CODES } from "./exit_codes.ts";
import { commandLine } from "../report/command_line.ts";
import { bulleted, labelled, usableWidth } from "./output/layout.ts";

/** Meaning and command line. */
export type Example = readonly [string, string];

/**
 * Adds examples to the help of a command.
 *
 * @param command The command.
 * @param context The machine.
 * @param examples The examples; a long command line is broken before its flags.
 */
export function addExamples(
  command: CommandUnknownOpts,
  context: Context,
  ...examples: readonly Example[]
): void {
  const width = usableWidth(context.host.terminal.width);
  const lines = examples.flatMap(([says, line]) => [
    ...bulleted("# ", [says], { width, indent: "  " }),
    ...broken(line, width - 2).split("\n").map((part) => `  ${part}`),
  ]);
  command.addHelpText("after", ["", "Examples:", ...lines].join("\n"));
}

function broken(line: string, width: number): string {
  return line.length <= width
    ? line
    : commandLine(line.split(/ (?=--)/).map((part) => part.split(" ")), width);
}

/**
 * Adds the table of exit codes to the help of a command.
 *
 * @param command The command.
 * @param context The machine.
 */
export function addExitCodes(command: CommandUnknownOpts, context: Context): void {
  const rows = EXIT_CODES.map(([code, says]) => [String(code), says] as const);
  const lines = labelled(rows, { width: usableWidth(context.host.terminal.width), indent: "  " });
  command.addHelpText("after", ["", "Exit codes:", ...lines].join("\n"));
}
