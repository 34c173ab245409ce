/**
 * What is sealed to the attested key of a server, and how it travels (protocol §5.3).
 *
 * @module
 */

import { base64url } from "../core/base64url.ts";
import { hex, object, orNull, required } from "../core/decode.ts";
import { COOKIE, type Cookie } from "./attest.ts";
import { DIGEST } from "./forms.ts";
import type { Message } from "./message.ts";

/** Most bytes of an envelope (protocol §4). */
const MAX_ENVELOPE_BYTES = 512 * 1024;

/** Most bytes of what is sealed: the rest of a body of 1 MiB in base64url beside an envelope. */
export const MAX_SEALED_BYTES = 192 * 1024;

/** Media type of an answer: response_nonce (32 bytes), then the ciphertext. */
export const SEALED_ANSWER_TYPE = "application/vnd.casemate.sealed";

/** A sealed request. */
export interface SealedRequest {
  /** The client's nonce, which the server's evidence answered, hex. */
  readonly clientNonce: string;
  /** The audience of that evidence, hex: with it the server makes its statement again. */
  readonly audience: string;
  /** SHA-256 of the server's statement that the client verified, hex. */
  readonly serverStatement: string;
  /** The server's nonce, hex. */
  readonly nonce: string;
  /** Its cookie. */
  readonly cookie: Cookie;
  /** The client's own evidence, which answers the server's nonce; null of clients that are no nodes. */
  readonly envelope: Uint8Array | null;
  /** HPKE's encapsulated key, 32 bytes, hex. */
  readonly enc: string;
  /** HPKE's ciphertext. */
  readonly ciphertext: Uint8Array;
}

/** Body of every sealed request. */
export const SEALED_REQUEST: Message<SealedRequest> = {
  name: "sealed request",
  form: object<SealedRequest>({
    clientNonce: required(DIGEST, "The client's nonce"),
    audience: required(DIGEST, "The audience of the server's evidence"),
    serverStatement: required(DIGEST, "SHA-256 of the server's statement"),
    nonce: required(DIGEST, "The server's nonce"),
    cookie: required(COOKIE, "Cookie of the server's nonce"),
    envelope: required(orNull(base64url(MAX_ENVELOPE_BYTES)), "The client's evidence, or null"),
    enc: required(hex(32), "HPKE's encapsulated key"),
    ciphertext: required(base64url(MAX_SEALED_BYTES), "HPKE's ciphertext"),
  }),
};
