/**
 * Answers to sealed requests (protocol §5.3), as RFC 9458 §4.4 has them: only
 * who could open the request can answer it.
 *
 * @module
 */

import { concat } from "../core/bytes.ts";
import { hkdfSha256 } from "../core/hkdf.ts";
import type { Random } from "../core/ports.ts";
import { refuseSealed, refusingSealed } from "./hpke_refusal.ts";

/** Bytes of the key, and of the random part. */
const SIZE = 32;

/** Bytes of the authentication tag of AES-GCM. */
const TAG_BYTES = 16;

/** Bytes of a nonce of AES-GCM. */
const IV_BYTES = 12;

/** What an answer is sealed with. */
export interface ResponseKeys {
  /** Exported by HPKE at both ends, 32 bytes. */
  readonly secret: Uint8Array;
  /** Encapsulated key of the request, 32 bytes. */
  readonly enc: Uint8Array;
  /** The request's. */
  readonly aad: Uint8Array<ArrayBuffer>;
}

/** Key and nonce of one answer (RFC 9458 §4.4): the random part makes each another one, the encapsulated key ties it to its request. */
async function responseCipher(
  { secret, enc, aad }: ResponseKeys,
  responseNonce: Uint8Array,
): Promise<{ readonly key: CryptoKey; readonly way: AesGcmParams }> {
  const salt = concat(enc, responseNonce);
  const text = new TextEncoder();
  const raw = await hkdfSha256(secret, salt, text.encode("key"), SIZE);
  const iv = await hkdfSha256(secret, salt, text.encode("nonce"), IV_BYTES);
  const key = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
  raw.fill(0);
  return { key, way: { name: "AES-GCM", iv, additionalData: aad, tagLength: TAG_BYTES * 8 } };
}

/**
 * Seals an answer.
 *
 * @param response What both ends have.
 * @param answer The answer.
 * @param random Randomness.
 * @returns 32 random bytes, then the ciphertext.
 */
export async function sealAnswer(
  response: ResponseKeys,
  answer: Uint8Array,
  random: Random,
): Promise<Uint8Array<ArrayBuffer>> {
  const nonce = random.bytes(SIZE);
  const { key, way } = await responseCipher(response, nonce);
  const ciphertext = await crypto.subtle.encrypt(way, key, concat(answer));
  return concat(nonce, new Uint8Array(ciphertext));
}

/**
 * Opens an answer.
 *
 * @param response What both ends have.
 * @param answer 32 random bytes, then the ciphertext.
 * @throws {RejectedError} `channel.sealed`
 */
export async function openAnswer(
  response: ResponseKeys,
  answer: Uint8Array,
): Promise<Uint8Array<ArrayBuffer>> {
  if (answer.length < SIZE + TAG_BYTES) {
    throw refuseSealed("open the answer", `it has ${answer.length} bytes, expected at least 48`);
  }
  return await refusingSealed("open the answer", async () => {
    const { key, way } = await responseCipher(response, answer.subarray(0, SIZE));
    const body = concat(answer.subarray(SIZE));
    return new Uint8Array(await crypto.subtle.decrypt(way, key, body));
  });
}
