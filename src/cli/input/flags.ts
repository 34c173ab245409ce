/**
 * Flags as the commands declare them: a value is taken once, or collected; a
 * forgotten value is noticed; words are known ones.
 *
 * @module
 */

import { Option } from "@commander-js/extra-typings";
import { nearest } from "../../core/decode.ts";
import { FORMATS } from "../context.ts";
import { flagError } from "./given.ts";

/** How a flag is declared. */
export interface FlagOptions {
  /** Name without dashes. */
  readonly flag: string;
  /** How the value is written in `--help`, as `HEX`. `FILE` and `DIR` are completed as paths. */
  readonly value: string;
  /** What it does. */
  readonly says: string;
  /** Whether it may be repeated. */
  readonly multiple?: boolean;
}

/**
 * A flag with a value.
 *
 * @param options Name and meaning.
 */
export function valueFlag({ flag, value, says, multiple = false }: FlagOptions): Option {
  const typed = `--${flag}`;
  const option = new Option(`${typed} <${value}>`, multiple ? `${says}; repeatable` : says);
  return multiple
    ? option.argParser((
      text: string,
      previous: readonly string[] | undefined,
    ) => [...(previous ?? []), present(typed, text)])
    : option.argParser((text: string, previous: string | undefined) =>
      once(typed, present(typed, text), previous)
    );
}

/**
 * A flag whose value is one of some words.
 *
 * @param flags As for commander, as `-o, --output <FORMAT>`.
 * @param says What it does.
 * @param words The words.
 */
export function wordFlag(flags: string, says: string, words: readonly string[]): Option {
  const option = new Option(flags, says).choices(words);
  const typed = option.long ?? flags;
  return option.argParser((text: string, previous: string | undefined) =>
    once(typed, known(typed, text, words), previous)
  );
}

/** `-o`, which every command that answers has. */
export function outputFlag(): Option {
  return wordFlag("-o, --output <FORMAT>", `form of the answer, default ${FORMATS[0]}`, FORMATS);
}

/**
 * A flag without value whose name starts with `no-` and which is no negation of another.
 *
 * @param flag Name without dashes.
 * @param says What it does.
 */
export function noFlag(flag: string, says: string): Option {
  const option = new Option(`--${flag}`, says);
  // Commander would read it as "--freshness, negated" and set it by default.
  option.negate = false;
  return option;
}

/** A value that looks like a flag: the flag's own value was forgotten. */
function present(flag: string, text: string): string {
  if (!text.startsWith("--")) return text;
  throw flagError(
    "input.missing",
    `Cannot use ${flag}: a value is missing; what follows is the flag ${text}`,
    flag,
  );
}

function once(flag: string, text: string, previous: string | undefined): string {
  if (previous === undefined) return text;
  throw flagError(
    "input.conflict",
    `Cannot use ${flag} twice: ${previous} and ${text} were given`,
    flag,
  );
}

function known(flag: string, text: string, words: readonly string[]): string {
  if (words.includes(text)) return text;
  const near = nearest(text, words);
  const hint = near === undefined ? "" : `; did you mean ${near}?`;
  throw flagError(
    "input.value",
    `Cannot use ${flag} ${JSON.stringify(text)}: expected ${words.join(" or ")}${hint}`,
    flag,
  );
}
