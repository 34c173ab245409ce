/**
 * A Worker that is not set up as it must be.
 *
 * @module
 */

import { InputError } from "../core/errors.ts";
import type { ApiCode } from "../api/codes.ts";

/** Code of all of them. */
export const MISCONFIGURED = "api.misconfigured" satisfies ApiCode;

/**
 * What is wrong with a variable, a secret or a binding. For logs: clients are not told it.
 *
 * @param name Its name.
 * @param problem What is wrong; never what a secret says.
 * @param cause What was thrown.
 */
export function misconfigured(name: string, problem: string, cause?: unknown): InputError {
  return new InputError(`Cannot use ${name}: ${problem}`, {
    code: MISCONFIGURED,
    fields: { field: name },
    ...(cause === undefined ? {} : { cause }),
  });
}

/**
 * Does some work with something that was set up.
 *
 * @param name What.
 * @param work The work.
 * @throws {InputError} `api.misconfigured` in place of what is wrong with it.
 */
export async function settingUp<T>(name: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof TypeError || !(cause instanceof Error)) throw cause;
    throw misconfigured(name, cause.message, cause);
  }
}
