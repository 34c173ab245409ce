/**
 * Sealed requests on their way, and what comes back.
 *
 * @module
 */

import type { Session } from "../../../src/channel/session.ts";
import { toHex } from "../../../src/core/bytes.ts";
import { parseStrictJson } from "../../../src/core/strict_json.ts";
import { writeMessage } from "../../../src/protocol/message.ts";
import { SEALED_ANSWER_TYPE, SEALED_REQUEST } from "../../../src/protocol/sealed.ts";

/** A request that is sealed. */
export interface Sealed {
  /** Path. */
  readonly path: string;
  /** Evidence of the client. */
  readonly envelope: Uint8Array;
  /** Encapsulated key. */
  readonly enc: Uint8Array;
  /** Ciphertext. */
  readonly ciphertext: Uint8Array;
  /** Opens the answer. */
  open(answer: Uint8Array): Promise<Uint8Array>;
}

/** What came back. */
export interface Answered {
  /** Status. */
  readonly status: number;
  /** Code of a refusal; empty where there was none. */
  readonly code: string;
  /** The answer, opened; null of a refusal. */
  readonly answer: Uint8Array | null;
}

/** Longest time of a request, ms. */
const TIMEOUT = 30_000;

/**
 * The message of a sealed request.
 *
 * @param session The server.
 * @param sealed The request.
 */
export function messageOf(session: Session, { envelope, enc, ciphertext }: Sealed): Uint8Array {
  return writeMessage(SEALED_REQUEST, {
    clientNonce: session.clientNonce,
    audience: session.audience,
    serverStatement: session.statementDigest,
    nonce: session.serverNonce,
    cookie: session.cookie,
    envelope,
    enc: toHex(enc),
    ciphertext,
  });
}

/**
 * Sends bytes to the server that was verified, and to no other.
 *
 * @param session The server.
 * @param path Path.
 * @param body The bytes.
 */
export async function post(
  { asking, url, leaf }: Session,
  path: string,
  body: Uint8Array,
): Promise<Answered & { readonly body: Uint8Array }> {
  const call = { url, path, method: "POST", body, leaf, timeout: TIMEOUT } as const;
  const answered = await asking.clients.ask(call);
  const { status, type } = answered;
  if (status === 200 && type === SEALED_ANSWER_TYPE) {
    return { status, code: "", answer: null, body: answered.body };
  }
  const failure = parseStrictJson(answered.body);
  const code = typeof failure === "object" && failure !== null && "code" in failure
    ? String(failure.code)
    : "";
  return { status, code, answer: null, body: answered.body };
}

/**
 * Sends a sealed request.
 *
 * @param session The server.
 * @param sealed The request.
 */
export async function send(session: Session, sealed: Sealed): Promise<Answered> {
  const { body, ...answered } = await post(session, sealed.path, messageOf(session, sealed));
  return answered.code === "" ? { ...answered, answer: await sealed.open(body) } : answered;
}

/**
 * The answer to an honest request.
 *
 * @param answered What came back.
 * @throws {Error} where it is a refusal.
 */
export function opened({ code, answer }: Answered): Uint8Array {
  if (answer !== null) return answer;
  throw new Error(`An honest request was refused: ${code}`);
}
