/**
 * What is said when evidence was minted.
 *
 * @module
 */

import type { Host } from "../../core/ports.ts";
import { commandLine, type CommandPart } from "../../report/command_line.ts";
import { typedParts } from "../output/typed.ts";

/**
 * Says where the evidence lies, and prints the command line that verifies it.
 *
 * @param host The machine.
 * @param folder The folder.
 * @param verify The command line.
 */
export function sayMinted(
  { terminal, build }: Host,
  folder: string,
  verify: readonly CommandPart[],
): void {
  terminal.out(
    `Wrote lab evidence to ${folder}. It proves nothing about real hardware.\n\nVerify it:\n\n`,
  );
  terminal.out(`${commandLine(typedParts(build, verify), terminal.width)}\n`);
}
