/**
 * The command line of Casemate, over any host.
 *
 * @module
 */

import type { Host } from "../core/ports.ts";
import { tellFailure } from "./failure.ts";
import { formatOf } from "./format.ts";
import { attentive } from "./output/own_name.ts";
import { createProgram } from "./program.ts";
import { Answered } from "./usage_error.ts";

/** How a command line is run. */
export interface RunOptions {
  /** Whether a mistake of the program is told with its stack. */
  readonly debug: boolean;
}

/**
 * Runs a command line.
 *
 * @param args Arguments without the program's name.
 * @param host The machine.
 * @param options How mistakes are told.
 * @returns The exit code, as in the table of `casemate --help`.
 */
export async function run(
  args: readonly string[],
  host: Host,
  options: RunOptions,
): Promise<number> {
  const { host: heard, explain } = attentive(host);
  const exitCode = await runOn(heard, args, options);
  if (formatOf(args) === "text") explain();
  return exitCode;
}

async function runOn(host: Host, args: readonly string[], options: RunOptions): Promise<number> {
  let exitCode = 0;
  const finish = (code: number): void => {
    exitCode = code;
  };
  try {
    const runNested = (nested: readonly string[]) => runOn(host, nested, options);
    const program = await createProgram({ host, finish }, runNested, args);
    await program.parseAsync([...args], { from: "user" });
    return exitCode;
  } catch (error) {
    if (error instanceof Answered) return 0;
    return await tellFailure(error, host.terminal, {
      format: formatOf(args),
      debug: options.debug,
    });
  }
}
