/**
 * How sealing fails: with one code, whatever was wrong.
 *
 * @module
 */

import { CasemateError, RejectedError } from "../core/errors.ts";
import type { ChannelCode } from "./codes.ts";

/**
 * Gives every failure of a cipher the one code: which of its inputs was another one, nobody can tell.
 *
 * @param what What is done, as `open the answer`.
 * @param work How.
 * @throws {RejectedError} `channel.sealed`
 */
export async function refusingSealed<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof CasemateError) throw cause;
    throw refuseSealed(what, "it was not sealed by these keys in this exchange", cause);
  }
}

/**
 * What cannot be opened, or sealed to.
 *
 * @param what What was to be done, as `open the answer`.
 * @param reason Why it was not; without secrets.
 * @param cause What the cipher said.
 */
export function refuseSealed(what: string, reason: string, cause?: unknown): RejectedError {
  const code: ChannelCode = "channel.sealed";
  return new RejectedError(`Cannot ${what}: ${reason}`, { code, fields: { reason }, cause });
}
