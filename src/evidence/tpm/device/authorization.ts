/**
 * How a command shows that it may use something (Part 1 §19): a password or a session.
 *
 * @module
 */

import { concat } from "../../../core/bytes.ts";
import { sized, u32, u8 } from "./bytes_out.ts";
import { HANDLE } from "./numbers.ts";

/** A command, as sessions authenticate it. */
export interface CommandText {
  /** TPM_CC. */
  readonly code: number;
  /** Names of what it acts on, in order. */
  readonly names: readonly Uint8Array[];
  /** Its parameters. */
  readonly parameters: Uint8Array;
}

/** An answer, as sessions authenticate it. */
export interface AnswerText {
  /** TPM_CC of the command. */
  readonly code: number;
  /** Its parameters. */
  readonly parameters: Uint8Array;
}

/** TPMS_AUTH_RESPONSE (Part 2 §10.13.3). */
export interface AuthorizationAnswer {
  /** The TPM's new nonce. */
  readonly nonce: Uint8Array;
  /** Attributes of the session. */
  readonly attributes: number;
  /** HMAC over the answer; empty where there is no key. */
  readonly hmac: Uint8Array;
}

/** Authorizes the use of one handle. */
export interface Authorization {
  /**
   * TPMS_AUTH_COMMAND for a command.
   *
   * @param command The command.
   */
  authorize(command: CommandText): Promise<Uint8Array>;
  /**
   * Whether what came back with the answer is as it must be.
   *
   * @param given What came back.
   * @param answer The answer.
   */
  accepts(given: AuthorizationAnswer, answer: AnswerText): Promise<boolean>;
}

/** The session lives on after the command (TPMA_SESSION, Part 2 §8.4): whoever started it flushes it. */
export const CONTINUE_SESSION = 0x01;

/**
 * TPMS_AUTH_COMMAND (Part 2 §10.13.2).
 *
 * @param session Handle of the session.
 * @param nonce Nonce of the caller.
 * @param hmac HMAC or password.
 */
export function authorizationBytes(
  session: number,
  nonce: Uint8Array,
  hmac: Uint8Array,
): Uint8Array {
  return concat(u32(session), sized(nonce), u8(CONTINUE_SESSION), sized(hmac));
}

/**
 * A password, which goes to the TPM as it is (Part 1 §19.4).
 *
 * @param value The password; default the empty one, which is most often set.
 */
export function password(value: Uint8Array = new Uint8Array()): Authorization {
  return {
    authorize: () => Promise.resolve(authorizationBytes(HANDLE.password, new Uint8Array(), value)),
    accepts: ({ nonce, hmac }) => Promise.resolve(nonce.length === 0 && hmac.length === 0),
  };
}
