/**
 * Saying that there is too much to do.
 *
 * @module
 */

import { UnavailableError } from "../core/errors.ts";
import type { ChannelCode } from "./codes.ts";

/** There is too much to do; the asker comes again. */
export class BusyError extends UnavailableError {
  /** Seconds until it can help to ask again. */
  readonly retryAfter: number;
  /** Whether it is the asker alone who asks too much. */
  readonly ofSource: boolean;

  /**
   * @param reason What there is too much of.
   * @param retryAfter Seconds until it can help to ask again.
   * @param ofSource Whether it is the asker alone who asks too much.
   */
  constructor(reason: string, retryAfter: number, ofSource: boolean) {
    const code: ChannelCode = "channel.busy";
    const seconds = Math.max(1, Math.ceil(retryAfter));
    super(`Cannot take the request: ${reason}; try again in ${seconds} s`, {
      code,
      fields: { reason, retryAfter: String(seconds) },
      retryable: true,
    });
    this.retryAfter = seconds;
    this.ofSource = ofSource;
  }
}
