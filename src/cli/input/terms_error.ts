/**
 * Errors of the verifier about its terms (question, statement, reference
 * values) as sentences about the flags that set them.
 *
 * @module
 */

import { InputError } from "../../core/errors.ts";
import type { AnyTechnology } from "../../evidence/evidence.ts";
import { POLICY_FLAG, REFERENCE_FLAG, STATEMENT_FLAGS } from "../verify_flags.ts";
import { fileName } from "./files.ts";
import { flagError, type Given } from "./given.ts";

/** How errors begin that are about reference values; the field `policy` names them, too. */
const REFERENCE = "reference";

/**
 * The same error with the flag to look at.
 *
 * @param error What verification threw.
 * @param technology Technology of the evidence.
 * @param given The flags.
 * @returns The error itself where it is not about the terms.
 */
export function withTermsFlag(error: unknown, technology: AnyTechnology, given: Given): unknown {
  if (!(error instanceof InputError)) return error;
  if (error.fields["policy"] === REFERENCE) return aboutReference(error, technology, given);
  return aboutStatement(error) ?? error;
}

/** What was expected of the statement, in another form than it has there. */
function aboutStatement(error: InputError): InputError | undefined {
  const found = STATEMENT_FLAGS.find(({ key }) => error.fields["field"] === `expect.${key}`);
  if (found === undefined) return undefined;
  const flag = `--${found.flag}`;
  const message = error.message.replace(
    `Cannot verify: \`expect.${found.key}\``,
    `Cannot use ${flag}: it`,
  );
  return flagError(error.code, message, flag, error);
}

/** Reference values, and where something else sets the same key, that too. */
function aboutReference(error: InputError, technology: AnyTechnology, given: Given): InputError {
  const flag = `--${REFERENCE_FLAG}`;
  const path = fileName(given.text(REFERENCE_FLAG) ?? "");
  if (error.code === "input.conflict") {
    const key = error.fields["key"];
    const other = technology.flags.find((one) => one.key === key && isGiven(one.flag, given))?.flag;
    const name = `--${other ?? POLICY_FLAG}`;
    const message =
      `Cannot use ${name} and ${flag} together: both say ${technology.id}.${key}, and one of them would be ignored`;
    return flagError(error.code, message, `${name}, ${flag}`, error);
  }
  const message = error.message.replace(
    "Cannot use the reference values:",
    `Cannot use ${path} for ${flag}:`,
  );
  return flagError(error.code, message, flag, error);
}

/** An envelope comes with no flags of a variant's policy. */
function isGiven(flag: string, given: Given): boolean {
  return given.knows(flag) && given.has(flag);
}
