/**
 * Why a server of the channel was not asked.
 *
 * @module
 */

import { RejectedError, UnavailableError } from "../../core/errors.ts";
import type { ChannelCall } from "../../core/node_ports.ts";
import { MAX_BODY_BYTES } from "./limits.ts";

/** What the network says of itself, and not TLS. */
const OF_NETWORK = /^(?:E(?!RR_)[A-Z]+|EAI_[A-Z]+|ENOTFOUND|UND_ERR.*)$/;

/** Of a connection that was not made: whether its server showed what it must not, or nothing at all. */
export function failedBefore(call: ChannelCall, cause: unknown): RejectedError | UnavailableError {
  const code = codeOf(cause);
  const isTls = code !== "" && !OF_NETWORK.test(code);
  return call.leaf !== null && isTls ? pinned(call, code, cause) : unreachable(call, cause);
}

/**
 * The server is another than the one that was attested.
 *
 * @param call The call.
 * @param shown What it showed, in words.
 * @param cause What TLS said.
 */
export function pinned({ url }: ChannelCall, shown: string, cause?: unknown): RejectedError {
  return new RejectedError(
    `Cannot ask ${url}: it does not hold the key of the certificate that its evidence came with (${shown})`,
    { code: "channel.pin", fields: { url, actual: shown }, cause },
  );
}

/**
 * The server does not answer.
 *
 * @param call The call.
 * @param cause What the network said.
 */
export function unreachable({ url }: ChannelCall, cause: unknown): UnavailableError {
  const reason = codeOf(cause) || (cause instanceof Error ? cause.message : String(cause));
  return unavailable("channel.unreachable", `Cannot ask ${url}: ${reason}`, { url, reason }, cause);
}

/**
 * The time is over.
 *
 * @param call The call.
 */
export function late({ url, timeout }: ChannelCall): UnavailableError {
  const message = `Cannot ask ${url}: no whole answer within ${timeout} ms`;
  return unavailable("channel.timeout", message, { url, timeout: String(timeout) });
}

/**
 * The answer is larger than any may be.
 *
 * @param call The call.
 */
export function tooLarge({ url }: ChannelCall): UnavailableError {
  const limit = `${MAX_BODY_BYTES} bytes`;
  const message = `Cannot ask ${url}: its answer has more than ${limit}`;
  return unavailable("channel.too_large", message, { url, limit });
}

function unavailable(
  code: string,
  message: string,
  fields: Readonly<Record<string, string>>,
  cause?: unknown,
): UnavailableError {
  return new UnavailableError(message, { code, fields, cause, retryable: true });
}

function codeOf(cause: unknown): string {
  if (typeof cause !== "object" || cause === null || !("code" in cause)) return "";
  return typeof cause.code === "string" ? cause.code : "";
}
