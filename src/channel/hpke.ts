/**
 * Sealing what goes over the channel (protocol §5.3): HPKE of RFC 9180 with
 * X25519, HKDF-SHA256 and AES-256-GCM, and answers as RFC 9458 §4.4 has them.
 * Keys, nonces, statements, purpose and path are all in it: a body that was
 * sealed for another exchange cannot be opened.
 *
 * @module
 */

import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from "@hpke/core";
import { concat, frame } from "../core/bytes.ts";
import { labelledHash } from "../core/labelled_hash.ts";
import type { Random } from "../core/ports.ts";
import type { Purpose } from "../evidence/statement/statement.ts";
import { openAnswer, type ResponseKeys, sealAnswer } from "./hpke_answer.ts";
import { refuseSealed, refusingSealed } from "./hpke_refusal.ts";
import { isLowOrder } from "./low_order.ts";

/** Bytes of a key of X25519, of a nonce and of a digest. */
const SIZE = 32;

const X25519 = "X25519";
const RESPONSE_LABEL = "casemate/response/v1";

/** A `CryptoKey` of the platform; written out, as not every compiler that reads this has the name. */
export interface PlatformKey {
  /** Algorithm. */
  readonly algorithm: { readonly name: string };
  /** Whether the platform hands it out. */
  readonly extractable: boolean;
  /** Which half it is. */
  readonly type: "private" | "public" | "secret";
  /** What it may do. */
  readonly usages: PlatformKeyUsage[];
}

/** What a key of the platform may do. */
export type PlatformKeyUsage =
  | "decrypt"
  | "deriveBits"
  | "deriveKey"
  | "encrypt"
  | "sign"
  | "unwrapKey"
  | "verify"
  | "wrapKey";

/** A key pair of X25519; what leaves the process is the public half. */
export interface HpkeKey {
  /** Public half, 32 bytes. */
  readonly publicKey: Uint8Array;
  /** Private half; it cannot be exported. */
  readonly privateKey: PlatformKey;
}

/** What both ends must agree on. */
export interface SealContext {
  /** What the exchange is for. */
  readonly purpose: Purpose;
  /** Nonce of the server, 32 bytes. */
  readonly serverNonce: Uint8Array;
  /** Nonce of the client, 32 bytes. */
  readonly clientNonce: Uint8Array;
  /** SHA-256 of the server's statement, 32 bytes. */
  readonly serverStatement: Uint8Array;
  /** SHA-256 of the client's statement, 32 bytes; null of clients that have none. */
  readonly clientStatement: Uint8Array | null;
  /** Method of the request, as `POST`. */
  readonly method: string;
  /** Path of the request. */
  readonly path: string;
}

/** A request that was sealed. */
export interface SealedBody {
  /** HPKE's encapsulated key, 32 bytes. */
  readonly enc: Uint8Array<ArrayBuffer>;
  /** HPKE's ciphertext. */
  readonly ciphertext: Uint8Array<ArrayBuffer>;
  /**
   * Opens the answer to it.
   *
   * @param answer Body of the answer: 32 random bytes, then the ciphertext.
   * @throws {RejectedError} `channel.sealed` where nobody made it who could open the request.
   */
  open(answer: Uint8Array): Promise<Uint8Array<ArrayBuffer>>;
}

/** A request that was opened. */
export interface OpenedBody {
  /** What was sealed. */
  readonly body: Uint8Array<ArrayBuffer>;
  /**
   * Seals the answer to it.
   *
   * @param answer The answer.
   * @param random Randomness.
   */
  seal(answer: Uint8Array, random: Random): Promise<Uint8Array<ArrayBuffer>>;
}

/** Makes a key pair, in memory. */
export async function makeHpkeKey(): Promise<HpkeKey> {
  const pair = await crypto.subtle.generateKey(X25519, false, ["deriveBits"]);
  if (!("privateKey" in pair)) throw new TypeError("Cannot make a key: no pair was made");
  const publicKey = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
  return { publicKey, privateKey: pair.privateKey };
}

/**
 * Seals a request.
 *
 * @param to Key of the server that its statement names, 32 bytes.
 * @param from The client's own key, that its own statement names: the server learns that its owner sealed this (mode_auth). Null of clients that have no statement (mode_base).
 * @param context What both ends agree on.
 * @param body What is sealed.
 * @throws {RejectedError} `channel.sealed` where the server's key is no key.
 * @throws {RangeError} where a nonce or digest is not of 32 bytes.
 */
export async function sealRequest(
  to: Uint8Array,
  from: HpkeKey | null,
  context: SealContext,
  body: Uint8Array,
): Promise<SealedBody> {
  const info = infoOf(context);
  const aad = aadOf(context);
  return await refusingSealed("seal the request", async () => {
    const sender = await suite().createSenderContext({
      recipientPublicKey: await publicKeyOf(to),
      info,
      ...(from === null ? {} : { senderKey: await pairOf(from) }),
    });
    const enc = new Uint8Array(sender.enc);
    const ciphertext = new Uint8Array(await sender.seal(concat(body), aad));
    const secret = await responseSecret(sender);
    return { enc, ciphertext, open: (answer) => openAnswer({ secret, enc, aad }, answer) };
  });
}

/**
 * Opens a request.
 *
 * @param own The server's own key, that the statement named which the client verified.
 * @param from The client's key, that its verified statement names; null where it has none.
 * @param context What both ends agree on, as this end knows it.
 * @param enc HPKE's encapsulated key.
 * @param ciphertext HPKE's ciphertext.
 * @throws {RejectedError} `channel.sealed` where it was sealed to another key, by another, or in another exchange.
 * @throws {RangeError} where a nonce or digest is not of 32 bytes.
 */
export async function openRequest(
  own: HpkeKey,
  from: Uint8Array | null,
  context: SealContext,
  enc: Uint8Array,
  ciphertext: Uint8Array,
): Promise<OpenedBody> {
  const info = infoOf(context);
  const aad = aadOf(context);
  return await refusingSealed("open the request", async () => {
    await publicKeyOf(enc);
    const recipient = await suite().createRecipientContext({
      recipientKey: await pairOf(own),
      enc: concat(enc),
      info,
      ...(from === null ? {} : { senderPublicKey: await publicKeyOf(from) }),
    });
    const body = new Uint8Array(await recipient.open(concat(ciphertext), aad));
    const response: ResponseKeys = {
      secret: await responseSecret(recipient),
      enc: concat(enc),
      aad,
    };
    return { body, seal: (answer, random) => sealAnswer(response, answer, random) };
  });
}

/** One for each use: its parts keep state of their own. */
function suite(): CipherSuite {
  return new CipherSuite({
    kem: new DhkemX25519HkdfSha256(),
    kdf: new HkdfSha256(),
    aead: new Aes256Gcm(),
  });
}

function infoOf(context: SealContext): Uint8Array<ArrayBuffer> {
  const { serverNonce, clientNonce, serverStatement, clientStatement } = context;
  for (const part of [serverNonce, clientNonce, serverStatement, clientStatement]) {
    if (part !== null && part.length !== SIZE) {
      throw new RangeError(`Cannot seal: a nonce or digest has ${part.length} bytes, expected 32`);
    }
  }
  return concat(labelledHash(
    "sha256",
    "casemate/hpke/v1",
    new TextEncoder().encode(context.purpose),
    serverNonce,
    clientNonce,
    serverStatement,
    clientStatement ?? new Uint8Array(),
  ));
}

function aadOf({ method, path }: SealContext): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder();
  return frame([text.encode(method), text.encode(path)]);
}

async function publicKeyOf(raw: Uint8Array): Promise<CryptoKey> {
  if (raw.length !== SIZE) {
    throw refuseSealed("use the key", `it has ${raw.length} bytes, expected 32`);
  }
  if (isLowOrder(raw)) throw refuseSealed("use the key", "it gives a secret that everybody knows");
  return await crypto.subtle.importKey("raw", concat(raw), X25519, true, []);
}

async function pairOf({ publicKey, privateKey }: HpkeKey): Promise<CryptoKeyPair> {
  return { publicKey: await publicKeyOf(publicKey), privateKey };
}

/** What both ends can export. */
interface Exporter {
  export(context: ArrayBuffer, length: number): Promise<ArrayBuffer>;
}

async function responseSecret(exporter: Exporter): Promise<Uint8Array<ArrayBuffer>> {
  const label = concat(new TextEncoder().encode(RESPONSE_LABEL));
  return new Uint8Array(await exporter.export(label.buffer, SIZE));
}
