/**
 * What a server answers where it does not do what was asked (protocol §5.5):
 * code and sentence, never more than the error itself says.
 *
 * @module
 */

import { CasemateError, InputError, RejectedError, UnavailableError } from "../core/errors.ts";
import type { ChannelAnswer } from "../core/node_ports.ts";
import { FAILURE } from "../protocol/failure.ts";
import { writeMessage } from "../protocol/message.ts";
import { BusyError } from "./busy.ts";

/** Media type of messages. */
export const MESSAGE_TYPE = "application/json";

/** Longest sentence that a failure may say. */
const MAX_SENTENCE = 2000;

/** Codes that have a status of their own. */
const STATUSES: Readonly<Record<string, number>> = {
  "channel.no_path": 404,
  "protocol.too_large": 413,
  // What is there already stands in the way.
  "init.done": 409,
  "init.other": 409,
  "join.name_held": 409,
  "manifest.fork": 409,
};

/** What is a mistake of the program says nothing of itself to others. */
const BUG = { code: "bug", message: "Casemate itself made a mistake; nothing was done" };

/**
 * The answer to what failed.
 *
 * @param error What was thrown.
 */
export function failureAnswer(error: unknown): ChannelAnswer {
  const known = error instanceof CasemateError;
  const failure = known ? { code: error.code, message: sentenceOf(error.message) } : BUG;
  return {
    status: known ? STATUSES[error.code] ?? statusOf(error) : 500,
    type: MESSAGE_TYPE,
    body: writeMessage(FAILURE, failure),
    ...(error instanceof BusyError ? { retryAfter: error.retryAfter } : {}),
  };
}

function statusOf(error: CasemateError): number {
  if (error instanceof InputError) return 400;
  if (error instanceof RejectedError) return 403;
  if (error instanceof BusyError && error.ofSource) return 429;
  return error instanceof UnavailableError ? 503 : 500;
}

function sentenceOf(message: string): string {
  // deno-lint-ignore no-control-regex -- they are what must not be in it
  const line = message.replaceAll(/[\u0000-\u001f]+/g, " ").slice(0, MAX_SENTENCE);
  return line === "" ? "It says nothing more" : line.toWellFormed();
}
