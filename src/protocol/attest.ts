/**
 * Asking a node for evidence (protocol §5.1). What the answer says is nobody's
 * word until its envelope was verified.
 *
 * @module
 */

import { base64url } from "../core/base64url.ts";
import { boolean, hex, list, object, optional, orNull, required } from "../core/decode.ts";
import { CERTIFICATE, COUNT, DIGEST } from "./forms.ts";
import type { Message } from "./message.ts";

/** Most bytes of an envelope (protocol §4). */
const MAX_ENVELOPE_BYTES = 512 * 1024;

/** Longest path of a batch: 2^20 nonces under one report. */
const MAX_PATH = 20;

/** Question to `POST /v1/attest`; the answer's statement has the purpose `serve`. */
export interface AttestRequest {
  /** The verifier's nonce, 32 bytes, hex. */
  readonly nonce: string;
  /** Random id of the verifier, 32 bytes, hex; it comes back in the statement. */
  readonly audience: string;
  /** Whether the verifier takes a path of a batch (§5.5). */
  readonly batch: boolean;
}

/** Beside a nonce that a server issued: what it needs to know it again (§5.4). */
export interface Cookie {
  /** End on the server's own clock of its boot, ms. */
  readonly expiry: number;
  /** 16 random bytes, hex. */
  readonly random: string;
}

/** A nonce of a server. */
export interface ServerNonce {
  /** 32 bytes, hex. */
  readonly nonce: string;
  /** Given back with it. */
  readonly cookie: Cookie;
}

/** A step up a batch's tree. */
export interface BatchStep {
  /** The sibling, 32 bytes, hex. */
  readonly hash: string;
  /** On which side the sibling stands. */
  readonly left: boolean;
}

/** Answer. */
export interface AttestAnswer {
  /** The envelope, JSON. */
  readonly envelope: Uint8Array;
  /** Certificate of the TLS key that the statement names, DER. */
  readonly tlsLeaf: Uint8Array;
  /** Nonce for the evidence that the client gives in its turn, and for what it seals. */
  readonly server: ServerNonce;
  /** Path from the leaf of this nonce to the root that was attested; null where the evidence answers the nonce itself. */
  readonly path: readonly BatchStep[] | null;
}

/** Where an owner asks a node that is to be initialised or recovered: a request that the owner signed. */
export interface OwnerAttestRequest {
  /** DSSE over an owner's request, JSON. */
  readonly request: Uint8Array;
}

/** Form of {@linkcode Cookie}. */
export const COOKIE = object<Cookie>({
  expiry: required(COUNT, "End of the nonce on the server's clock of this boot, ms"),
  random: required(hex(16), "Random bytes of the nonce"),
});

const SERVER_NONCE = object<ServerNonce>({
  nonce: required(DIGEST, "The server's nonce"),
  cookie: required(COOKIE, "Given back with the nonce"),
});

const BATCH_STEP = object<BatchStep>({
  hash: required(DIGEST, "The sibling"),
  left: required(boolean(), "Whether the sibling stands left"),
});

/** `POST /v1/attest`. */
export const ATTEST_REQUEST: Message<AttestRequest> = {
  name: "attest request",
  form: object<AttestRequest>({
    nonce: required(DIGEST, "The verifier's nonce"),
    audience: required(DIGEST, "Random id of the verifier"),
    batch: optional(boolean(), false, "Whether a path of a batch is taken"),
  }),
};

/** `POST /v1/init/attest` and `POST /v1/recover/attest`. */
export const OWNER_ATTEST_REQUEST: Message<OwnerAttestRequest> = {
  name: "owner's attest request",
  form: object<OwnerAttestRequest>({
    request: required(base64url(16 * 1024), "The owner's signed request, DSSE"),
  }),
};

/** Answer of each of them. */
export const ATTEST_ANSWER: Message<AttestAnswer> = {
  name: "attest answer",
  form: object<AttestAnswer>({
    envelope: required(base64url(MAX_ENVELOPE_BYTES), "The envelope"),
    tlsLeaf: required(CERTIFICATE, "Certificate of the TLS key"),
    server: required(SERVER_NONCE, "Nonce of the server"),
    path: required(orNull(list(BATCH_STEP, MAX_PATH)), "Path of a batch, or null"),
  }),
};
