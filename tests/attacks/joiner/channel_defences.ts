/**
 * The defences of the channel, each switched off.
 *
 * @module
 */

import type { Weakening } from "../weaken.ts";

const RECEIVER = "src/channel/sealed_request.ts";
const NONCES = "src/channel/nonces.ts";

/** The audience of a client's evidence may be any. */
export const audience: Weakening = {
  file: RECEIVER,
  find: "audience: serverStatement,",
  replace: "audience: readStatement(readEnvelope(envelope).statement).audience,",
};

/** Its purpose may be any. */
export const purpose: Weakening = {
  file: RECEIVER,
  find: "    purpose,\n    audience",
  replace: "    purpose: readStatement(readEnvelope(envelope).statement).purpose,\n    audience",
};

/** Evidence may be without a request. */
export const emptyRequest: Weakening = {
  file: RECEIVER,
  find: 'if (requestDigest === "") throw otherBody();',
  replace: "",
};

/** Nor may it be compared with one that there is not. */
export const noRequest: Weakening = {
  file: RECEIVER,
  find: "    requestDigest,\n    clusterId,",
  replace: '    ...(requestDigest === "" ? {} : { requestDigest }),\n    clusterId,',
};

/** What is sealed may be another request than evidence was made for. */
export const body: Weakening = {
  file: RECEIVER,
  find: "if (peer === null || peer.statement.requestDigest === digest) return;",
  replace: "return;",
};

/** Anybody may seal. */
export const sender: Weakening = {
  file: RECEIVER,
  find: "peer === null ? null : fromHex(peer.statement.hpkeKey),",
  replace: "null,",
};

/** Nonces are good for ever. */
export const expiry: Weakening = {
  file: NONCES,
  find:
    'if (now >= cookie.expiry) throw refuse("channel.nonce_expired", "it is older than a minute");',
  replace: "",
};

/** No defence: a life of half a second, so that nobody has to wait for its end. */
export const shortLife: Weakening = {
  file: NONCES,
  find: "export const NONCE_LIFETIME = 60_000;",
  replace: "export const NONCE_LIFETIME = 500;",
};

/** Nonces are good more than once. */
export const spent: Weakening = {
  file: NONCES,
  find: "if (!this.#spent.spend(nonce.toLowerCase(), cookie.expiry, now)) {",
  replace: "if (false) {",
};

/** Nonces may be anybody's. */
export const issued: Weakening = {
  file: NONCES,
  find: 'if (!own) throw refuse("channel.nonce_unknown", "this server did not issue it for this");',
  replace: "",
};
