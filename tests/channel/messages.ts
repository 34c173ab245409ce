/**
 * Bodies and answers for tests of the channel.
 *
 * @module
 */

import type { SealedCall } from "../../src/channel/client.ts";
import type { HpkeKey } from "../../src/channel/hpke.ts";
import type { Attester } from "../../src/channel/peer.ts";
import { INIT_ANSWER, INIT_BODY, type InitAnswer, type InitBody } from "../../src/protocol/init.ts";
import {
  JOIN_ANSWER,
  JOIN_BODY,
  type JoinAnswer,
  type JoinBody,
  RENEW_ANSWER,
  RENEW_BODY,
  type RenewAnswer,
  type RenewBody,
} from "../../src/protocol/join.ts";
import { INIT_PATH, JOIN_PATH, RENEW_PATH } from "../../src/protocol/paths.ts";

const TIME = "2026-11-21T12:00:00Z";
const CERTIFICATE = Uint8Array.of(0x30, 0);

/** What only the server and its client may read. */
export const SECRET = "5ec4e7".repeat(10) + "5ec4";

/** A node's request. */
export const JOIN_REQUEST: JoinBody = {
  v: 1,
  group: "worker",
  url: "https://10.0.0.9:9000",
  manifestSequence: 1,
  ticket: null,
};

/** What it is answered. */
export const ADMITTED: JoinAnswer = {
  v: 1,
  role: "worker",
  nodeName: "worker-1",
  lease: SECRET,
  leaseSeconds: 60,
  manifestSequence: 1,
  manifests: [Uint8Array.of(1)],
  references: [],
  certificate: CERTIFICATE,
  nodeAuthority: CERTIFICATE,
  peers: [],
  time: TIME,
  controlPlane: null,
};

/** A member's request. */
export const RENEW_REQUEST: RenewBody = {
  v: 1,
  lease: SECRET,
  url: "https://10.0.0.9:9000",
  manifestSequence: 1,
};

/** What it is answered. */
export const RENEWED: RenewAnswer = {
  v: 1,
  leaseSeconds: 60,
  certificate: CERTIFICATE,
  manifests: [],
  references: [],
  peers: [],
  time: TIME,
};

/** An owner's request. */
export const INIT_REQUEST: InitBody = {
  v: 1,
  manifests: [Uint8Array.of(1)],
  references: [],
  epoch: 1,
  epochRoot: SECRET,
  time: TIME,
  store: null,
};

/** What it is answered. */
export const INITIALISED: InitAnswer = {
  v: 1,
  role: "control-plane",
  nodeName: "control-plane-1",
  manifestDigest: "d1".repeat(32),
  nodeAuthority: CERTIFICATE,
  already: "no",
};

/** Who asks. */
export interface Own {
  /** Gives its evidence. */
  readonly attester: Attester;
  /** Its key. */
  readonly hpke: HpkeKey;
}

/** The call of a node that joins. */
export function joinCall(own: Own): SealedCall<JoinBody, JoinAnswer> {
  return {
    purpose: "join",
    path: JOIN_PATH,
    request: JOIN_BODY,
    answer: JOIN_ANSWER,
    body: JOIN_REQUEST,
    own,
  };
}

/** The call of a member. */
export function renewCall(own: Own): SealedCall<RenewBody, RenewAnswer> {
  return {
    purpose: "renew",
    path: RENEW_PATH,
    request: RENEW_BODY,
    answer: RENEW_ANSWER,
    body: RENEW_REQUEST,
    own,
  };
}

/** The call of an owner. */
export function initCall(): SealedCall<InitBody, InitAnswer> {
  return {
    purpose: "init",
    path: INIT_PATH,
    request: INIT_BODY,
    answer: INIT_ANSWER,
    body: INIT_REQUEST,
    own: null,
  };
}
