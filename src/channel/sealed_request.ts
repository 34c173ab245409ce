/**
 * The receiver's end of a sealed request (protocol §4, §5.3). The order is that
 * of cost and of trust: the nonce, which is one MAC and is spent once; what this
 * node itself said; the evidence of who asks; and only then what is sealed.
 *
 * @module
 */

import { equal, fromHex, toHex } from "../core/bytes.ts";
import { RejectedError, UnavailableError } from "../core/errors.ts";
import { plainHash } from "../core/labelled_hash.ts";
import type { ChannelAnswer, ChannelRequest } from "../core/node_ports.ts";
import type { Random } from "../core/ports.ts";
import { readEnvelope } from "../evidence/envelope/envelope.ts";
import { readStatement } from "../evidence/statement/read.ts";
import type { Purpose, Statement } from "../evidence/statement/statement.ts";
import { type Message, readMessage, writeMessage } from "../protocol/message.ts";
import { SEALED_ANSWER_TYPE, SEALED_REQUEST, type SealedRequest } from "../protocol/sealed.ts";
import { BATCH_AUDIENCE } from "./batch.ts";
import type { ChannelCode } from "./codes.ts";
import type { Opened } from "./handlers.ts";
import { type HpkeKey, openRequest } from "./hpke.ts";
import { keyOfLeaf } from "./leaf.ts";
import type { NonceIssuer } from "./nonces.ts";
import type { Appraised, Appraiser, Attester } from "./peer.ts";
import type { Turns } from "./turns.ts";

/** Keys of a server. */
export interface ServerKeys {
  /** HPKE keys that open, the present one first. */
  readonly hpke: readonly HpkeKey[];
  /** The certificate that new connections are shown, DER. */
  readonly leaf: Uint8Array;
}

/** What opens requests. */
export interface SealedParts {
  /** Makes this node's statements again. */
  readonly attester: Attester;
  /** Judges peers; null before there is a manifest to judge them by. */
  readonly appraiser: () => Appraiser | null;
  /** The keys. */
  readonly keys: () => ServerKeys;
  /** Issued the nonces. */
  readonly nonces: NonceIssuer;
  /** Randomness of answers. */
  readonly random: Random;
  /** Bounds how much evidence is judged at once. */
  readonly turns: Turns;
}

/** What a path takes. */
export interface SealedKind<Q extends object, A extends object> {
  /** What the exchange is for. */
  readonly purpose: "init" | "join" | "renew";
  /** What this node's own evidence was for. */
  readonly served: "serve" | "init";
  /** Form of the request. */
  readonly request: Message<Q>;
  /** Form of the answer. */
  readonly answer: Message<A>;
}

/** What this node said, and to whom. */
interface OwnWord {
  readonly statement: Statement;
  readonly digest: Uint8Array;
}

/**
 * Opens a request, has it done, and seals the answer.
 *
 * @param parts What opens it.
 * @param kind What the path takes.
 * @param came The request.
 * @param act Does it.
 * @throws {RejectedError} `channel.nonce_*`, `channel.stale_keys`, `channel.sealed`,
 * `channel.evidence_*`, `statement.*`, and what the appraiser and the action throw.
 */
export async function answerSealed<Q extends object, A extends object>(
  parts: SealedParts,
  kind: SealedKind<Q, A>,
  came: ChannelRequest,
  act: (opened: Opened<Q>) => Promise<A>,
): Promise<ChannelAnswer> {
  const request = readMessage(SEALED_REQUEST, came.body);
  await parts.nonces.redeem(request.nonce, request.cookie, kind.served, null);
  return await parts.turns.take(() => answerOpened(parts, kind, { came, request }, act));
}

/** A request whose nonce was taken. */
interface Taken {
  readonly came: ChannelRequest;
  readonly request: SealedRequest;
}

async function answerOpened<Q extends object, A extends object>(
  parts: SealedParts,
  kind: SealedKind<Q, A>,
  { came, request }: Taken,
  act: (opened: Opened<Q>) => Promise<A>,
): Promise<ChannelAnswer> {
  const own = ownWord(parts, kind.served, request);
  refuseOtherLeaf(own.statement, came.leaf);
  const peer = await judged(parts, kind.purpose, request, own.statement);
  const { body: exact, seal } = await openRequest(
    hpkeKeyOf(parts.keys(), own.statement),
    peer === null ? null : fromHex(peer.statement.hpkeKey),
    {
      purpose: kind.purpose,
      serverNonce: fromHex(request.nonce),
      clientNonce: fromHex(request.clientNonce),
      serverStatement: own.digest,
      clientStatement: peer === null ? null : fromHex(peer.statementDigest),
      method: came.method,
      path: came.path,
    },
    fromHex(request.enc),
    request.ciphertext,
  );
  const requestDigest = toHex(plainHash("sha256", exact));
  refuseOtherBody(peer, requestDigest);
  const body = readMessage(kind.request, exact);
  const done = await act({ body, exact, peer, requestDigest, audience: request.audience });
  const answer = await seal(writeMessage(kind.answer, done), parts.random);
  return { status: 200, type: SEALED_ANSWER_TYPE, body: answer };
}

/** The statement that the client verified, made again: of keys that are in use, or of none. */
function ownWord(
  { attester }: SealedParts,
  purpose: "serve" | "init",
  { clientNonce, audience, serverStatement }: SealedRequest,
): OwnWord {
  const asked = { nonce: fromHex(clientNonce), purpose };
  const ways = purpose === "init"
    ? [{ ...asked, audience, requestDigest: audience }]
    : [audience, BATCH_AUDIENCE].map((whom) => ({ ...asked, audience: whom, requestDigest: "" }));
  for (const question of ways) {
    const bytes = attester.statementOf(question, serverStatement);
    if (bytes === null) continue;
    const digest = plainHash("sha256", bytes);
    if (toHex(digest) !== serverStatement) break;
    return { statement: readStatement(bytes), digest };
  }
  throw refuse("channel.stale_keys", "it is bound to a statement that this node makes no more");
}

/** The key in use on this very connection must be the one that was attested (protocol §4). */
function refuseOtherLeaf({ tlsSpki }: Statement, leaf: Uint8Array): void {
  if (equal(keyOfLeaf(leaf), fromHex(tlsSpki))) return;
  throw refuse("statement.tls_mismatch", "it came under another certificate than was attested");
}

/**
 * Judges the client's evidence. The digest of the request is at first what the
 * evidence says; it is compared when the request is open.
 */
async function judged(
  { appraiser }: SealedParts,
  purpose: Purpose,
  { nonce, envelope, serverStatement }: SealedRequest,
  { clusterId }: Statement,
): Promise<Appraised | null> {
  if (purpose === "init") {
    if (envelope === null) return null;
    throw refuse("channel.evidence_unasked", "its purpose is init");
  }
  if (envelope === null) throw refuse("channel.evidence_missing", `its purpose is ${purpose}`);
  const judge = appraiser();
  if (judge === null) throw notReady();
  const { requestDigest } = readStatement(readEnvelope(envelope).statement);
  if (requestDigest === "") throw otherBody();
  return await judge.appraise(envelope, fromHex(nonce), {
    purpose,
    audience: serverStatement,
    requestDigest,
    clusterId,
  });
}

function refuseOtherBody(peer: Appraised | null, digest: string): void {
  if (peer === null || peer.statement.requestDigest === digest) return;
  throw otherBody();
}

function otherBody(): RejectedError {
  return refuse("statement.request_mismatch", "its evidence was made for another body");
}

function hpkeKeyOf({ hpke }: ServerKeys, { hpkeKey }: Statement): HpkeKey {
  const found = hpke.find(({ publicKey }) => toHex(publicKey) === hpkeKey);
  if (found !== undefined) return found;
  throw refuse("channel.stale_keys", "the key that it is sealed to is gone");
}

function notReady(): UnavailableError {
  const code: ChannelCode = "channel.not_ready";
  return new UnavailableError("Cannot take the request: this node has no manifest yet", {
    code,
    retryable: true,
  });
}

function refuse(
  code: ChannelCode | "statement.tls_mismatch" | "statement.request_mismatch",
  reason: string,
): RejectedError {
  return new RejectedError(`Cannot take the request: ${reason}`, { code, fields: { reason } });
}
