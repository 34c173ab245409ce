/**
 * The tree of commands as completion needs it.
 *
 * @module
 */

import type { CommandUnknownOpts, Option } from "@commander-js/extra-typings";

/** What stands in a place of the command line. */
export type Values =
  /** One of some words. */
  | { readonly kind: "words"; readonly words: readonly string[] }
  /** A path of a file. */
  | { readonly kind: "file" }
  /** A path of a folder. */
  | { readonly kind: "folder" }
  /** Something that cannot be guessed. */
  | { readonly kind: "any" };

/** A flag. */
export interface CompletedFlag {
  /** Its forms, as `-o` and `--output`. */
  readonly forms: readonly string[];
  /** What it takes; null where it takes nothing. */
  readonly values: Values | null;
  /** Whether it may be repeated. */
  readonly multiple: boolean;
  /** What it does. */
  readonly says: string;
}

/** A command. */
export interface CompletedCommand {
  /** Its words from the program's name on, as `casemate evidence show`. */
  readonly path: readonly string[];
  /** What it does. */
  readonly says: string;
  /** Commands below it. */
  readonly commands: readonly CompletedCommand[];
  /** Its flags. */
  readonly flags: readonly CompletedFlag[];
  /** Its first argument; null where it takes none. */
  readonly argument: Values | null;
}

/** Words that stand for an argument of some name. */
export type KnownWords = Readonly<Record<string, readonly string[]>>;

/**
 * Walks a tree of commands.
 *
 * @param command Its root.
 * @param known Words of arguments, by the names of these.
 * @param above Words before it.
 */
export function completionTree(
  command: CommandUnknownOpts,
  known: KnownWords,
  above: readonly string[] = [],
): CompletedCommand {
  const path = [...above, command.name()];
  const argument = command.registeredArguments[0];
  return {
    path,
    says: command.summary() || command.description(),
    commands: command.commands.map((child) => completionTree(child, known, path)),
    flags: [...command.options.map(flagOf), HELP],
    argument: argument === undefined ? null : valuesOf(argument.name(), known[argument.name()]),
  };
}

/** Commander keeps the help flag apart. */
const HELP: CompletedFlag = {
  forms: ["-h", "--help"],
  values: null,
  multiple: false,
  says: "print this help",
};

/** The help of a repeatable flag says so (`valueFlag`). */
const REPEATABLE = /; repeatable$/;

function flagOf(option: Option): CompletedFlag {
  const placeholder = /<([^>]+)>/.exec(option.flags)?.[1];
  return {
    forms: [option.short, option.long].filter((form) => form !== undefined),
    values: placeholder === undefined ? null : valuesOf(placeholder, option.argChoices),
    multiple: REPEATABLE.test(option.description),
    says: option.description.replace(REPEATABLE, ""),
  };
}

/** Placeholders that stand for a path of a file. */
const PATHS: readonly string[] = ["FILE", "ENVELOPE"];

function valuesOf(placeholder: string, words: readonly string[] | undefined): Values {
  if (words !== undefined) return { kind: "words", words };
  if (PATHS.includes(placeholder)) return { kind: "file" };
  return { kind: placeholder === "DIR" ? "folder" : "any" };
}

/**
 * A command and all below it.
 *
 * @param command The command.
 */
export function flatten(command: CompletedCommand): readonly CompletedCommand[] {
  return [command, ...command.commands.flatMap(flatten)];
}
