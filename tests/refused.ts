/**
 * Demands refusals by their codes.
 *
 * @module
 */

import assert from "node:assert/strict";
import { InputError, RejectedError } from "../src/core/errors.ts";

/** Demands that something is refused with a code, and gives the fields. */
export async function refused(
  code: string,
  asked: Promise<unknown>,
  what = "",
): Promise<Readonly<Record<string, string>>> {
  const error = await asked.then(
    () => assert.fail(`accepted, expected ${code} ${what}`),
    (e: unknown) => e,
  );
  if (!(error instanceof RejectedError || error instanceof InputError)) throw error;
  assert.equal(error.code, code, `${error.message} ${what}`);
  return error.fields;
}
