/**
 * Command lines of the program in texts: those of a shell, whole, and those
 * that a sentence mentions, as far as they go.
 *
 * @module
 */

import type { CommandUnknownOpts } from "@commander-js/extra-typings";
import { createProgram } from "../../src/cli/program.ts";
import { Answered } from "../../src/cli/usage_error.ts";
import { denoHost } from "../../src/hosts/deno.ts";

/** A command line, and where it stands. */
export interface Line {
  /** Words behind the program's name. */
  readonly words: readonly string[];
  /** As it is written. */
  readonly text: string;
}

/**
 * The program's command lines among lines of a shell.
 *
 * @param script The lines; comments, pipes and `$(…)` as in a shell.
 */
export function linesOf(script: string): readonly Line[] {
  const lines = script.replaceAll(/\\\n\s*/g, "").split("\n").map((line) =>
    line.replace(/(?:^|\s)#.*$/, "")
  );
  return lines.flatMap((line) =>
    [...line.matchAll(/(?:^|[|&;(]\s*)casemate\s([^|&;<>)"]*)/g)].map(
      ([, rest = ""]) => ({ words: wordsOf(rest), text: line.trim() }),
    )
  );
}

/** Words without their quotes; what another command prints is one word. */
function wordsOf(text: string): readonly string[] {
  return [...text.matchAll(/(?:\$\([^)]*\)?|'[^']*'|[^\s'])+/g)].map(([word]) =>
    word.replaceAll("'", "")
  );
}

/**
 * The examples in the help of a command.
 *
 * @param help What the command prints.
 */
export function examplesIn(help: string): readonly Line[] {
  const [, examples = ""] = /\nExamples:\n((?: .*\n|\n(?= ))*)/.exec(help) ?? [];
  return linesOf(examples.replaceAll(/^ +/gm, ""));
}

/** Paths of all commands, as `["lab", "up"]`. */
export async function commandPaths(): Promise<readonly (readonly string[])[]> {
  const below = (command: CommandUnknownOpts, path: readonly string[]): readonly string[][] => [
    [...path],
    ...command.commands.flatMap((one) => below(one, [...path, one.name()])),
  ];
  return below(await definition(["verify"]), []);
}

/** Blocks of a shell in a page of Markdown. */
export function shellBlocks(page: string): readonly string[] {
  return [...page.matchAll(/^```sh\n([^]*?)^```$/gm)].map(([, body = ""]) => body);
}

/** What a page of Markdown says in its sentences as code. */
export function spans(page: string): readonly string[] {
  const prose = page.replaceAll(/^```.*\n[^]*?^```$/gm, "");
  return [...prose.matchAll(/`([^`]+)`/g)].map(([, code = ""]) => code.replaceAll(/\s+/g, " "));
}

/** The program as it defines itself, where each command does nothing. */
async function definition(words: readonly string[]): Promise<CommandUnknownOpts> {
  const context = { host: denoHost("1.2.3"), finish: () => {} };
  const program = await createProgram(context, () => Promise.resolve(0), words);
  const idle = (command: CommandUnknownOpts): void => {
    if (!isGroup(command)) command.action(() => {});
    command.configureOutput({ writeOut: () => {} });
    command.commands.forEach(idle);
  };
  idle(program);
  return program;
}

/**
 * Parses a command line as the program does, and does nothing of it.
 *
 * @param line The line.
 * @throws {InputError} as whoever types it is told.
 */
export async function parse({ words }: Line): Promise<void> {
  try {
    await (await definition(words)).parseAsync([...words], { from: "user" });
  } catch (error) {
    if (!(error instanceof Answered)) throw error;
  }
}

/**
 * What of a mention is not there: the command that no other has, or the flag
 * that it has not. A mention may stop before the line would be whole.
 *
 * @param words Words behind the program's name.
 * @returns The word, or null where all are there.
 */
export async function unknownIn(words: readonly string[]): Promise<string | null> {
  let command: CommandUnknownOpts = await definition(words);
  for (const [i, word] of words.entries()) {
    if (/^--?[a-z]/.test(word)) {
      const known = command.options.some(({ long, short }) => [long, short].includes(word)) ||
        ["-h", "--help"].includes(word);
      if (!known) return word;
      continue;
    }
    if (i > 0 && /^--?[a-z]/.test(words[i - 1] ?? "")) continue;
    const next: CommandUnknownOpts | undefined = command.commands.find((one) =>
      one.name() === word
    );
    if (next !== undefined) command = next;
    else if (isGroup(command) && /^[a-z-]+$/.test(word)) return word;
  }
  return null;
}

/** Whether a command is only there for those below it, so that nothing else stands behind it. */
function isGroup(command: CommandUnknownOpts): boolean {
  return command.commands.length > 0 && command.registeredArguments.length === 0;
}
