/**
 * A client's end of the channel (protocol §5): first the server's evidence, then
 * its certificate and no other, then what is sealed to its key.
 *
 * @module
 */

import { equal, fromHex, toHex } from "../core/bytes.ts";
import { RejectedError, UnavailableError } from "../core/errors.ts";
import { plainHash } from "../core/labelled_hash.ts";
import type { StatementExpectation } from "../evidence/statement/expectation.ts";
import { readStatement } from "../evidence/statement/read.ts";
import {
  ATTEST_ANSWER,
  ATTEST_REQUEST,
  type AttestAnswer,
  OWNER_ATTEST_REQUEST,
} from "../protocol/attest.ts";
import { MAX_CONNECTION_SECONDS } from "../protocol/limits.ts";
import { type Message, writeMessage } from "../protocol/message.ts";
import { ATTEST_PATH, INIT_ATTEST_PATH } from "../protocol/paths.ts";
import { SEALED_ANSWER_TYPE, SEALED_REQUEST } from "../protocol/sealed.ts";
import { askServer, noAgent, readAnswer } from "./ask.ts";
import { BATCH_AUDIENCE, batchNonce } from "./batch.ts";
import type { ChannelCode } from "./codes.ts";
import { type HpkeKey, type SealContext, sealRequest } from "./hpke.ts";
import { keyOfLeaf } from "./leaf.ts";
import type { Appraiser, Attester } from "./peer.ts";
import type { Asking, Session } from "./session.ts";

export type { Asking, Session } from "./session.ts";

/** What is wanted of a server; purpose, audience, request and TLS key are the channel's own business. */
export type Wanted = Omit<
  StatementExpectation,
  "purpose" | "audience" | "requestDigest" | "tlsSpki"
>;

/** How a server's evidence is judged. */
export interface Judging {
  /** Judges it. */
  readonly appraiser: Appraiser;
  /** What its statement must say. */
  readonly expected: Wanted;
}

/** An owner's request for evidence. */
export interface OwnerAsks extends Judging {
  /** The signed request, DSSE. */
  readonly request: Uint8Array;
  /** Exact bytes of what is signed in it. */
  readonly payload: Uint8Array;
  /** The nonce in it, 32 bytes. */
  readonly nonce: Uint8Array;
  /** The purpose in it. */
  readonly purpose: "init" | "recover";
}

/** A sealed exchange. */
export interface SealedCall<Q extends object, A extends object> {
  /** What for. */
  readonly purpose: "init" | "join" | "renew";
  /** Path. */
  readonly path: string;
  /** Form of the request. */
  readonly request: Message<Q>;
  /** Form of the answer. */
  readonly answer: Message<A>;
  /** The request. */
  readonly body: Q;
  /** The client's own evidence and key, where it is a node. */
  readonly own: { readonly attester: Attester; readonly hpke: HpkeKey } | null;
}

/** An open request, of which nothing is believed that its receiver does not verify. */
export interface OpenCall<A extends object> {
  /** `GET` or `POST`. */
  readonly method: "GET" | "POST";
  /** Path. */
  readonly path: string;
  /** Body of POST. */
  readonly body?: Uint8Array;
  /** Form of the answer; null where it has none. */
  readonly answer: Message<A> | null;
  /** The one certificate that the server may show; null or absent where any is taken. */
  readonly leaf?: Uint8Array | null;
}

/** What was asked, as the evidence must answer it. */
interface Question {
  readonly nonce: Uint8Array;
  readonly audience: string;
  readonly purpose: "serve" | "init" | "recover";
  readonly requestDigest: string;
  readonly batch: boolean;
}

/**
 * Asks a server for evidence and judges it.
 *
 * @param asking How it is asked.
 * @param judging How it is judged; with `batch`, a report over many is taken too.
 * @returns The server, verified; the next request goes to nobody else.
 * @throws {RejectedError | UnavailableError} what the appraiser throws; `channel.leaf`, `channel.batch*`, `channel.refused`,
 * `channel.failed`, `channel.answer`, and what the transport throws.
 */
export async function attestServer(
  asking: Asking,
  judging: Judging & { readonly batch?: boolean },
): Promise<Session> {
  const { random } = asking;
  const nonce = random.bytes(32);
  const audience = toHex(random.bytes(32));
  const batch = judging.batch ?? false;
  const body = writeMessage(ATTEST_REQUEST, { nonce: toHex(nonce), audience, batch });
  const question = { nonce, audience, purpose: "serve", requestDigest: "", batch } as const;
  return await attested(asking, judging, question, { path: ATTEST_PATH, body });
}

/**
 * Asks a node that waits for its owner for evidence and judges it.
 *
 * @param asking How it is asked.
 * @param asks The owner's request, and how the evidence is judged.
 * @throws {RejectedError | UnavailableError} as {@linkcode attestServer}
 */
export async function attestForOwner(asking: Asking, asks: OwnerAsks): Promise<Session> {
  const digest = toHex(plainHash("sha256", asks.payload));
  const { nonce, purpose } = asks;
  const body = writeMessage(OWNER_ATTEST_REQUEST, { request: asks.request });
  const question = { nonce, purpose, audience: digest, requestDigest: digest, batch: false };
  return await attested(asking, asks, question, { path: INIT_ATTEST_PATH, body });
}

async function attested(
  asking: Asking,
  { appraiser, expected }: Judging,
  question: Question,
  where: { readonly path: string; readonly body: Uint8Array },
): Promise<Session> {
  const { url } = asking;
  const since = asking.monotonic();
  const { body } = await askServer(asking, { method: "POST", leaf: null, ...where });
  const answer = readAnswer(url, ATTEST_ANSWER, body);
  const { nonce, audience } = answeredBy(question, answer);
  const peer = await appraiser.appraise(answer.envelope, nonce, {
    ...expected,
    purpose: question.purpose,
    audience,
    ...(question.requestDigest === "" ? {} : { requestDigest: question.requestDigest }),
    tlsSpki: toHex(keyOfLeaf(answer.tlsLeaf)),
  });
  return {
    asking,
    url,
    leaf: answer.tlsLeaf,
    peer,
    statementDigest: peer.statementDigest,
    hpkeKey: fromHex(peer.statement.hpkeKey),
    serverNonce: answer.server.nonce,
    cookie: answer.server.cookie,
    clientNonce: toHex(question.nonce),
    audience: question.audience,
    until: since + MAX_CONNECTION_SECONDS * 1000,
  };
}

/** What the evidence must answer: the client's own question, or the root to which a path leads from it. */
function answeredBy(
  { nonce, audience, batch }: Question,
  { path }: AttestAnswer,
): { readonly nonce: Uint8Array; readonly audience: string } {
  if (path === null) return { nonce, audience };
  if (!batch) {
    const code: ChannelCode = "channel.batch_unasked";
    throw new RejectedError("Cannot use the server's evidence: it answers a batch", { code });
  }
  return { nonce: batchNonce({ nonce, audience }, path), audience: BATCH_AUDIENCE };
}

/**
 * Seals a request to a verified server, and opens its answer.
 *
 * @param session The server; a session is good for one request.
 * @param call The exchange.
 * @throws {UnavailableError} `channel.session_over`
 * @throws {RejectedError} `channel.pin` where another certificate is shown, `channel.sealed` where another answers; what the
 * server refuses, with its own code.
 */
export async function sealedCall<Q extends object, A extends object>(
  session: Session,
  { purpose, path, request, answer, body, own }: SealedCall<Q, A>,
): Promise<A> {
  const { asking, url, leaf } = session;
  if (asking.monotonic() >= session.until) throw over("it is older than an hour");
  const exact = writeMessage(request, body);
  const evidence = own === null ? null : await ownEvidence(session, purpose, exact, own);
  const context: SealContext = {
    purpose,
    serverNonce: fromHex(session.serverNonce),
    clientNonce: fromHex(session.clientNonce),
    serverStatement: fromHex(session.statementDigest),
    clientStatement: evidence === null ? null : plainHash("sha256", evidence.statement),
    method: "POST",
    path,
  };
  const sealed = await sealRequest(session.hpkeKey, own?.hpke ?? null, context, exact);
  const { type, body: answered } = await askServer(asking, {
    method: "POST",
    path,
    leaf,
    body: writeMessage(SEALED_REQUEST, {
      clientNonce: session.clientNonce,
      audience: session.audience,
      serverStatement: session.statementDigest,
      nonce: session.serverNonce,
      cookie: session.cookie,
      envelope: evidence?.envelope ?? null,
      enc: toHex(sealed.enc),
      ciphertext: sealed.ciphertext,
    }),
  });
  if (type !== SEALED_ANSWER_TYPE) throw noAgent(url, "its answer is not sealed");
  return readAnswer(url, answer, await sealed.open(answered));
}

/** The client's evidence for this server and this body alone. */
async function ownEvidence(
  { statementDigest, serverNonce }: Session,
  purpose: "init" | "join" | "renew",
  exact: Uint8Array,
  { attester, hpke }: { readonly attester: Attester; readonly hpke: HpkeKey },
): ReturnType<Attester["attest"]> {
  const given = await attester.attest({
    nonce: fromHex(serverNonce),
    purpose,
    audience: statementDigest,
    requestDigest: toHex(plainHash("sha256", exact)),
  });
  const { hpkeKey } = readStatement(given.statement);
  if (!equal(fromHex(hpkeKey), hpke.publicKey)) throw over("this node renewed its own key");
  return given;
}

/**
 * Asks what everybody may ask.
 *
 * @param asking How.
 * @param call What.
 * @returns The answer, which nobody vouches for; null where it has none.
 */
export async function openCall<A extends object>(
  asking: Asking,
  { method, path, body, answer, leaf = null }: OpenCall<A>,
): Promise<A | null> {
  const given = body === undefined ? {} : { body };
  const answered = await askServer(asking, { method, path, leaf, ...given });
  return answer === null ? null : readAnswer(asking.url, answer, answered.body);
}

function over(reason: string): UnavailableError {
  const code: ChannelCode = "channel.session_over";
  return new UnavailableError(`Cannot go on: ${reason}; attest again`, {
    code,
    fields: { reason },
    retryable: true,
  });
}
