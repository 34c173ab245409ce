/**
 * The engine names its parts; a caller knows the roles of his files.
 *
 * @module
 */

import { InputError } from "../core/errors.ts";

/**
 * Says in an error about a file which of the caller's it is.
 *
 * @param asked What an engine was asked.
 * @param roles Roles by the names that the engine has for its parts.
 * @throws {InputError} with the field `role`; anything else as it comes.
 */
export async function inRoles<T>(
  asked: Promise<T>,
  roles: Readonly<Record<string, string>>,
): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    const role = error instanceof InputError ? roles[error.fields["input"] ?? ""] : undefined;
    if (!(error instanceof InputError) || role === undefined) throw error;
    throw new InputError(`${error.message} (${flagOf(role)})`, {
      code: error.code,
      fields: { ...error.fields, role },
      cause: error,
    });
  }
}

/** As the command line has it: `hcl-report`. */
function flagOf(role: string): string {
  return role.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
