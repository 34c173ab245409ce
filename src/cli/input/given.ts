/**
 * What was given on the command line, by flag.
 *
 * @module
 */

import type { CommandUnknownOpts } from "@commander-js/extra-typings";
import { type CasemateError, InputError, RejectedError } from "../../core/errors.ts";

/** Reads flags whose names come from data. */
export interface Given {
  /**
   * The value of a flag that is given at most once.
   *
   * @param flag Name without dashes.
   */
  text(flag: string): string | undefined;
  /**
   * Whether the command has a flag.
   *
   * @param flag Name without dashes.
   */
  knows(flag: string): boolean;
  /**
   * The value of a flag that the command may not have.
   *
   * @param flag Name without dashes.
   */
  maybe(flag: string): string | undefined;
  /**
   * The values of a flag that may be repeated, in order.
   *
   * @param flag Name without dashes.
   */
  texts(flag: string): readonly string[];
  /**
   * Whether a flag stands on the command line.
   *
   * @param flag Name without dashes.
   */
  has(flag: string): boolean;
  /** The command line: the command, its arguments, then each flag with its value. */
  typed(): readonly (readonly string[])[];
}

/**
 * The flags of a parsed command.
 *
 * @param command The command, after parsing.
 */
export function givenTo(command: CommandUnknownOpts): Given {
  const value = (flag: string): unknown => {
    const option = command.options.find((candidate) => candidate.long === `--${flag}`);
    if (option === undefined) {
      throw new RangeError(`Cannot read --${flag}: ${command.name()} has no such flag`);
    }
    return command.getOptionValue(option.attributeName());
  };
  const knows = (flag: string): boolean => command.options.some(({ long }) => long === `--${flag}`);
  return {
    text(flag) {
      const given = value(flag);
      return typeof given === "string" ? given : undefined;
    },
    knows,
    maybe(flag) {
      const given = knows(flag) ? value(flag) : undefined;
      return typeof given === "string" ? given : undefined;
    },
    texts(flag) {
      const given = value(flag);
      return Array.isArray(given) ? given.filter((item) => typeof item === "string") : [];
    },
    has: (flag) => value(flag) !== undefined,
    typed: () => [
      namesOf(command),
      ...command.args.map((word) => [word]),
      ...command.options.flatMap(({ long }) =>
        typeof long === "string" ? typedFlag(long, value(long.slice("--".length))) : []
      ),
    ],
  };
}

/** The words of a command from the program's name on. */
function namesOf(command: CommandUnknownOpts): readonly string[] {
  const above = command.parent === null ? [] : namesOf(command.parent);
  return [...above, command.name()];
}

/** A flag as it is typed, once for each of its values. */
function typedFlag(flag: string, given: unknown): readonly (readonly string[])[] {
  if (typeof given === "string") return [[flag, given]];
  if (Array.isArray(given)) return given.flatMap((item: unknown) => typedFlag(flag, item));
  return given === true ? [[flag]] : [];
}

/**
 * An error about a flag.
 *
 * @param code Code of class `input`.
 * @param message What is wrong.
 * @param flag The flag as it is typed, as `--report`.
 * @param cause What caused it.
 */
export function flagError(
  code: string,
  message: string,
  flag: string,
  cause?: unknown,
): InputError {
  return new InputError(message, { code, fields: { flag }, cause });
}

/**
 * The same error in other words and with the flag to look at.
 *
 * @param cause The error.
 * @param message What is wrong.
 * @param flag The flag as it is typed.
 */
export function renamed(cause: CasemateError, message: string, flag: string): CasemateError {
  const details = { code: cause.code, fields: { ...cause.fields, flag }, cause };
  return cause instanceof InputError
    ? new InputError(message, details)
    : new RejectedError(message, details);
}
