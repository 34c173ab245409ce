/**
 * Turns what commander finds wrong with a command line into this program's errors.
 *
 * @module
 */

import type { CommanderError, CommandUnknownOpts } from "@commander-js/extra-typings";
import { nearest } from "../core/decode.ts";
import { InputError } from "../core/errors.ts";
import { flagError } from "./input/given.ts";

/** Commander's codes of things that are no errors: help and version were printed. */
const ANSWERED: readonly string[] = ["commander.helpDisplayed", "commander.version"];

/** Help was printed as asked for; the command is done. */
export class Answered extends Error {
  /** Name of the class, which survives minification. */
  override readonly name = "Answered";
}

/**
 * The error to throw instead of commander's.
 *
 * @param error What commander found.
 * @param command The command that it was parsing.
 */
export function usageError(error: CommanderError, command: CommandUnknownOpts): Error {
  if (ANSWERED.includes(error.code)) return new Answered(error.message);
  const named = /'([^']*)'/.exec(error.message)?.[1] ?? "";
  const path = pathOf(command);
  switch (error.code) {
    case "commander.unknownOption":
      return misspeltCommand(command) ?? notTheDefault(command) ??
        unknown(named, `${path} has no flag ${named}`, flagsOf(command), `${path} --help`);
    case "commander.unknownCommand":
      return unknown(named, `${path} has no command ${named}`, namesOf(command), `${path} --help`);
    case "commander.help":
      return flagError(
        "input.missing",
        `Cannot run ${path} alone: it needs one of its commands ${namesOf(command).join(", ")}`,
        "COMMAND",
      );
    case "commander.missingArgument":
      return flagError("input.missing", `Cannot run ${path} without its argument ${named}`, named);
    case "commander.optionMissingArgument": {
      const flag = /--[a-z0-9-]+/.exec(named)?.[0] ?? named;
      return flagError(
        "input.missing",
        `Cannot use ${flag}: a value is missing, as in ${named}`,
        flag,
      );
    }
    case "commander.excessArguments": {
      const extra = command.args.slice(command.registeredArguments.length).join(" ");
      return notTheDefault(command) ?? flagError(
        "input.unknown",
        `Cannot run ${path} with ${JSON.stringify(extra)}: nothing is taken there`,
        extra,
      );
    }
    default:
      return new InputError(`Cannot read the command line: ${says(error)}`, {
        code: "input.value",
        cause: error,
      });
  }
}

/** The flags of a command that is misspelt are unknown to the command above it, which takes a path there. */
function misspeltCommand(command: CommandUnknownOpts): InputError | undefined {
  const [word = ""] = command.args;
  const known = namesOf(command);
  if (word === "" || known.includes(word) || nearest(word, known) === undefined) return undefined;
  const path = pathOf(command);
  return unknown(word, `${path} has no command ${word}`, known, `${path} --help`);
}

/** A word that is no command is left to the command that runs where none is named, as `node run`. */
function notTheDefault(command: CommandUnknownOpts): InputError | undefined {
  const { parent } = command;
  const [word = "-"] = parent?.args ?? [];
  if (parent === null || word === command.name() || word.startsWith("-")) return undefined;
  const path = pathOf(parent);
  return unknown(word, `${path} has no command ${word}`, namesOf(parent), `${path} --help`);
}

function says(error: CommanderError): string {
  return error.message.replace(/^error: /, "").replace(/\.?\s*$/, "");
}

function unknown(
  word: string,
  message: string,
  known: readonly string[],
  help: string,
): InputError {
  const near = nearest(word, known);
  const hint = near === undefined ? `${help} lists them` : `did you mean ${near}?`;
  return flagError("input.unknown", `Cannot read the command line: ${message}; ${hint}`, word);
}

/** The command with those above it, as `casemate evidence show`. */
export function pathOf(command: CommandUnknownOpts): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}

function flagsOf(command: CommandUnknownOpts): readonly string[] {
  return [
    "--help",
    ...command.options.flatMap((option) => option.long === undefined ? [] : [option.long]),
  ];
}

function namesOf(command: CommandUnknownOpts): readonly string[] {
  return command.commands.map((child) => child.name());
}
