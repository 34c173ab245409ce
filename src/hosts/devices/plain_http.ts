/**
 * One request over HTTP/1.1 to a service of this machine: a unix socket, or an
 * address that is named here. No proxy is asked and no redirect followed.
 *
 * @module
 */

import {
  Agent,
  type ClientRequest,
  type IncomingMessage,
  request as ask,
  type RequestOptions,
} from "node:http";
import { concat } from "../../core/bytes.ts";
import { OneConnection, WITHOUT_PROXY } from "../one_connection.ts";
import { connectUnix } from "../unix_connection.ts";

/** Where it goes. */
export type PlainPlace =
  | { readonly socket: string }
  | { readonly hostname: string; readonly port: number };

/** What is asked. */
export interface PlainRequest {
  /** Method. */
  readonly method: "GET" | "PUT" | "POST";
  /** Path with query. */
  readonly path: string;
  /** Headers. */
  readonly headers: Readonly<Record<string, string>>;
  /** Body; empty without. */
  readonly body: Uint8Array;
  /** Most bytes of the answer's body. */
  readonly maxBytes: number;
  /** Longest time until the whole answer is there, ms. */
  readonly timeout: number;
}

/** What was answered. */
export interface PlainAnswer {
  /** Status. */
  readonly status: number;
  /** Body, whole. */
  readonly body: Uint8Array<ArrayBuffer>;
}

/** The answer is larger than what is asked for can be. */
export class AnswerTooLarge extends Error {}

/**
 * Asks.
 *
 * @param place Where.
 * @param request What.
 * @throws {AnswerTooLarge}
 * @throws {Error} of the system, or where no whole answer came in time.
 */
export async function askPlainly(place: PlainPlace, request: PlainRequest): Promise<PlainAnswer> {
  if ("socket" in place) {
    const agent = new OneConnection(await connectUnix(place.socket));
    return await askThrough({ agent, host: "localhost" }, request);
  }
  const agent = new Agent(WITHOUT_PROXY);
  return await askThrough({ agent, host: place.hostname, port: place.port }, request);
}

/** Where a request goes, and by whose connection. */
type Way = Pick<RequestOptions, "agent" | "host" | "port">;

function askThrough(way: Way, request: PlainRequest): Promise<PlainAnswer> {
  return new Promise((resolve, reject) => {
    const asked = ask({
      ...way,
      method: request.method,
      path: request.path,
      headers: { ...request.headers, "content-length": String(request.body.length) },
    });
    const end = (finish: () => void): void => {
      clearTimeout(timer);
      finish();
      asked.destroy();
    };
    const fail = (cause: unknown): void => end(() => reject(cause));
    const late = new Error(`no answer within ${request.timeout / 1000} s`);
    const timer = setTimeout(() => fail(late), request.timeout);
    take(asked, request.maxBytes, (answer) => end(() => resolve(answer)), fail);
    asked.end(request.body);
  });
}

function take(
  asked: ClientRequest,
  maxBytes: number,
  done: (answer: PlainAnswer) => void,
  fail: (cause: unknown) => void,
): void {
  asked.on("error", fail);
  asked.on("response", (response: IncomingMessage) => {
    const parts: Uint8Array[] = [];
    let length = 0;
    response.on("error", fail);
    response.on("aborted", () => fail(new Error("the answer broke off")));
    response.on("data", (part: Uint8Array) => {
      length += part.length;
      if (length > maxBytes) fail(new AnswerTooLarge(`more than ${maxBytes} bytes`));
      else parts.push(part);
    });
    response.on("end", () => {
      if (response.complete) {
        done({ status: response.statusCode ?? 0, body: concat(...parts) });
      } else fail(new Error("the answer broke off"));
    });
  });
}
