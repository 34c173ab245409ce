/**
 * `casemate completions SHELL`: a script that completes commands, flags and values.
 *
 * @module
 */

import type { CommandUnknownOpts } from "@commander-js/extra-typings";
import { nearest } from "../../core/decode.ts";
import { VARIANTS } from "../../evidence/variants/table.ts";
import { allCodes } from "../code_table.ts";
import { bashScript } from "../completions/bash.ts";
import { fishScript } from "../completions/fish.ts";
import { type Shell, SHELLS } from "../completions/shell.ts";
import { completionTree } from "../completions/tree.ts";
import { zshScript } from "../completions/zsh.ts";
import type { Context } from "../context.ts";
import { flagError } from "../input/given.ts";

/**
 * Prints the script.
 *
 * @param context The machine.
 * @param name Name of the shell.
 * @param program The root of the tree of commands.
 * @throws {InputError} `input.unknown` for another shell.
 */
export function printCompletions(
  { host }: Context,
  name: string,
  program: CommandUnknownOpts,
): void {
  const shell = SHELLS.find((known) => known === name);
  if (shell === undefined) {
    const near = nearest(name, SHELLS);
    const hint = near === undefined ? `known are ${SHELLS.join(", ")}` : `did you mean ${near}?`;
    throw flagError(
      "input.unknown",
      `Cannot complete for ${JSON.stringify(name)}: ${hint}`,
      "SHELL",
    );
  }
  const tree = completionTree(program, {
    CODE: [...allCodes().keys()],
    SHELL: SHELLS,
    VARIANT: Object.keys(VARIANTS),
  });
  const scripts: Readonly<Record<Shell, () => string>> = {
    bash: () => bashScript(tree),
    zsh: () => zshScript(tree),
    fish: () => fishScript(tree),
  };
  host.terminal.out(scripts[shell]());
}
