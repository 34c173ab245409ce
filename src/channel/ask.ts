/**
 * One request over the channel, and what failed of it.
 *
 * @module
 */

import { type ErrorFields, InputError, RejectedError, UnavailableError } from "../core/errors.ts";
import type { ChannelAnswer } from "../core/node_ports.ts";
import { FAILURE } from "../protocol/failure.ts";
import { type Message, readMessage } from "../protocol/message.ts";
import type { ChannelCode } from "./codes.ts";
import { MESSAGE_TYPE } from "./failure_answer.ts";
import type { Asking } from "./session.ts";

/** Longest time of a request, ms: evidence of a TPM takes seconds. */
const TIMEOUT = 30_000;

/** A request. */
export interface Ask {
  /** `GET` or `POST`. */
  readonly method: "GET" | "POST";
  /** Path. */
  readonly path: string;
  /** Body; none of GET. */
  readonly body?: Uint8Array;
  /** The one certificate that the server may show; null where nothing is believed yet. */
  readonly leaf: Uint8Array | null;
}

/**
 * Asks.
 *
 * @param asking How.
 * @param ask What.
 * @throws {RejectedError | UnavailableError | InputError} what the server said: over a pinned connection under its own
 * code, else under `channel.refused` and `channel.failed`; `channel.answer` where it is no agent.
 */
export async function askServer(
  { clients, url, timeout = TIMEOUT }: Asking,
  { method, path, body = new Uint8Array(), leaf }: Ask,
): Promise<ChannelAnswer> {
  const answer = await clients.ask({ url, path, method, body, leaf, timeout });
  if (answer.status >= 200 && answer.status < 300) return answer;
  throw failureOf(url, answer, leaf !== null && clients.pins !== false);
}

/**
 * Reads the message of an answer.
 *
 * @param url Who answered.
 * @param message Its form.
 * @param bytes Its bytes.
 * @throws {UnavailableError} `channel.answer`
 */
export function readAnswer<T extends object>(
  url: string,
  message: Message<T>,
  bytes: Uint8Array,
): T {
  try {
    return readMessage(message, bytes);
  } catch (cause) {
    if (!(cause instanceof InputError)) throw cause;
    throw noAgent(url, cause.message, cause);
  }
}

/**
 * What answers is no agent.
 *
 * @param url Who answered.
 * @param reason Why.
 * @param cause What was found.
 */
export function noAgent(url: string, reason: string, cause?: unknown): UnavailableError {
  const code: ChannelCode = "channel.answer";
  return new UnavailableError(`Cannot use the answer of ${url}: ${reason}`, {
    code,
    fields: { url, reason },
    cause,
    retryable: false,
  });
}

/** An attacker before the pin could say any code; what follows from one is then not ours to let it choose. */
function failureOf(url: string, answer: ChannelAnswer, isPinned: boolean): Error {
  const { status, type, body, retryAfter } = answer;
  if (type !== MESSAGE_TYPE) return noAgent(url, `status ${status} of another server`);
  const { code: said, message: reason } = readAnswer(url, FAILURE, body);
  const later: ErrorFields = retryAfter === undefined ? {} : { retryAfter: String(retryAfter) };
  const fields: ErrorFields = { url, status: String(status), code: said, reason, ...later };
  const message = `${url} answered: ${reason}`;
  if (status === 429 || status >= 500) {
    const code = isPinned ? said : "channel.failed";
    return new UnavailableError(message, { code, fields, retryable: status !== 500 });
  }
  if (!isPinned) return new RejectedError(message, { code: "channel.refused", fields });
  const isInput = status === 400 || status === 404 || status === 413;
  return new (isInput ? InputError : RejectedError)(message, { code: said, fields });
}
