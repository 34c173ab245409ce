/**
 * Reads the answer of a server of the channel.
 *
 * @module
 */

import type { IncomingMessage } from "node:http";
import { concat } from "../../core/bytes.ts";
import type { ChannelAnswer, ChannelCall } from "../../core/node_ports.ts";
import { tooLarge, unreachable } from "./failures.ts";
import { MAX_BODY_BYTES } from "./limits.ts";

/**
 * Reads an answer whole.
 *
 * @param call The request.
 * @param message The answer, its headers there.
 * @throws {UnavailableError} `channel.too_large`, `channel.unreachable`
 */
export function answerOf(call: ChannelCall, message: IncomingMessage): Promise<ChannelAnswer> {
  return new Promise((resolve, reject) => {
    const parts: Uint8Array[] = [];
    let length = 0;
    message.on("data", (part: Uint8Array) => {
      length += part.length;
      if (length > MAX_BODY_BYTES) return void reject(tooLarge(call));
      parts.push(new Uint8Array(part));
    });
    const cut = (cause?: unknown): void => reject(unreachable(call, cause ?? "cut short"));
    message.once("error", cut);
    message.once("close", () => cut());
    message.once("end", () => {
      const body = concat(...parts);
      const said = message.headers["content-length"];
      if (!message.complete || said !== undefined && Number(said) !== body.length) return cut();
      resolve({
        status: message.statusCode ?? 0,
        type: (message.headers["content-type"] ?? "").split(";")[0]?.trim() ?? "",
        body,
        ...retryAfterOf(message),
      });
    });
  });
}

function retryAfterOf({ headers }: IncomingMessage): Pick<ChannelAnswer, "retryAfter"> {
  const said = headers["retry-after"] ?? "";
  return /^\d{1,6}$/.test(said) ? { retryAfter: Number(said) } : {};
}
