/**
 * What is sealed, by path.
 *
 * @module
 */

import { INIT_ANSWER, INIT_BODY, type InitAnswer, type InitBody } from "../protocol/init.ts";
import {
  JOIN_ANSWER,
  JOIN_BODY,
  type JoinAnswer,
  type JoinBody,
  RENEW_ANSWER,
  RENEW_BODY,
  type RenewAnswer,
  type RenewBody,
} from "../protocol/join.ts";
import type { SealedKind } from "./sealed_request.ts";

/** The owner's initialisation. */
export const INIT: SealedKind<InitBody, InitAnswer> = {
  purpose: "init",
  served: "init",
  request: INIT_BODY,
  answer: INIT_ANSWER,
};

/** A node's request to be admitted. */
export const JOIN: SealedKind<JoinBody, JoinAnswer> = {
  purpose: "join",
  served: "serve",
  request: JOIN_BODY,
  answer: JOIN_ANSWER,
};

/** A member's renewal. */
export const RENEW: SealedKind<RenewBody, RenewAnswer> = {
  purpose: "renew",
  served: "serve",
  request: RENEW_BODY,
  answer: RENEW_ANSWER,
};
