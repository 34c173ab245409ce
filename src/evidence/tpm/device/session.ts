/**
 * Sessions: TPM2_StartAuthSession (Part 3 §11.1), neither bound nor salted.
 *
 * Who listens on the wire learns what goes through them; nothing is encrypted.
 * An HMAC session keeps the password off the wire and tells a changed answer.
 *
 * @module
 */

import { concat, equal } from "../../../core/bytes.ts";
import { hash, hmac } from "../hash.ts";
import type { StrongHash } from "../report.ts";
import {
  type AnswerText,
  type Authorization,
  type AuthorizationAnswer,
  authorizationBytes,
  type CommandText,
  CONTINUE_SESSION,
} from "./authorization.ts";
import { sized, u16, u32, u8 } from "./bytes_out.ts";
import type { TpmDevice } from "./device.ts";
import { type Making, withMade } from "./flush.ts";
import { ALGORITHM, algorithmOf, DIGEST_BYTES, HANDLE } from "./numbers.ts";

/** TPM_SE (Part 2 §6.11). */
const SESSION_TYPE = { hmac: 0x00, policy: 0x01, trial: 0x03 } as const;

/** A policy session: commands put conditions into it, and it authorizes where they hold. */
export interface PolicySession extends Authorization {
  /** Handle. */
  readonly handle: number;
}

/** What the TPM said when a session was started. */
interface Started {
  readonly handle: number;
  readonly nonce: Uint8Array;
}

/**
 * Uses a policy session and flushes it.
 *
 * @param device The TPM.
 * @param algorithm Hash of the policy: that of the Name of what it authorizes.
 * @param use What is done with it.
 */
export function withPolicySession<T>(
  device: TpmDevice,
  algorithm: StrongHash,
  use: (session: PolicySession) => Promise<T>,
): Promise<T> {
  return withPolicy(device, SESSION_TYPE.policy, algorithm, use);
}

/**
 * The same to learn the digest of a policy; it authorizes nothing.
 *
 * @param device The TPM.
 * @param algorithm Hash of the policy.
 * @param use What is done with it.
 */
export function withTrialSession<T>(
  device: TpmDevice,
  algorithm: StrongHash,
  use: (session: PolicySession) => Promise<T>,
): Promise<T> {
  return withPolicy(device, SESSION_TYPE.trial, algorithm, use);
}

/**
 * Uses an HMAC session and flushes it.
 *
 * @param device The TPM.
 * @param algorithm Hash of the HMAC.
 * @param secret The password of what it authorizes; may be empty.
 * @param use What is done with it.
 */
export async function withHmacSession<T>(
  device: TpmDevice,
  algorithm: StrongHash,
  secret: Uint8Array,
  use: (session: Authorization) => Promise<T>,
): Promise<T> {
  return await start(
    device,
    SESSION_TYPE.hmac,
    algorithm,
    (started) => use(new HmacSession(device, started, algorithm, secret)),
  );
}

async function withPolicy<T>(
  device: TpmDevice,
  type: number,
  algorithm: StrongHash,
  use: (session: PolicySession) => Promise<T>,
): Promise<T> {
  // Without key there is no HMAC, in either direction (Part 1 §19.6.5).
  const empty = new Uint8Array();
  return await start(device, type, algorithm, ({ handle }) =>
    use({
      handle,
      authorize: () => Promise.resolve(authorizationBytes(handle, empty, empty)),
      accepts: (given) => Promise.resolve(given.hmac.length === 0),
    }));
}

function start<T>(
  device: TpmDevice,
  type: number,
  algorithm: StrongHash,
  use: (started: Started) => Promise<T>,
): Promise<T> {
  const nonce = device.random.bytes(DIGEST_BYTES[algorithm]);
  const parameters = [
    // No key for a salt, nothing bound to.
    u32(HANDLE.null),
    u32(HANDLE.null),
    sized(nonce),
    sized(),
    u8(type),
    u16(ALGORITHM.null),
    u16(algorithmOf(algorithm)),
  ];
  const command: Making = { name: "StartAuthSession", parameters };
  return withMade(device, command, (answer) => ({ nonce: answer.sized() }), use);
}

/** HMAC over command and answer, with nonces of both sides (Part 1 §19.6). */
class HmacSession implements Authorization {
  readonly #device: TpmDevice;
  readonly #handle: number;
  readonly #algorithm: StrongHash;
  readonly #key: Uint8Array;
  #nonceTpm: Uint8Array;
  #nonceCaller = new Uint8Array();

  constructor(device: TpmDevice, started: Started, algorithm: StrongHash, secret: Uint8Array) {
    this.#device = device;
    this.#handle = started.handle;
    this.#algorithm = algorithm;
    this.#nonceTpm = started.nonce;
    this.#key = withoutTrailingZeros(secret);
  }

  async authorize({ code, names, parameters }: CommandText): Promise<Uint8Array> {
    this.#nonceCaller = this.#device.random.bytes(DIGEST_BYTES[this.#algorithm]);
    const digest = await hash(this.#algorithm, concat(u32(code), ...names, parameters));
    const text = concat(digest, this.#nonceCaller, this.#nonceTpm, u8(CONTINUE_SESSION));
    const mac = await hmac(this.#algorithm, this.#key, text);
    return authorizationBytes(this.#handle, this.#nonceCaller, mac);
  }

  async accepts(given: AuthorizationAnswer, { code, parameters }: AnswerText): Promise<boolean> {
    this.#nonceTpm = given.nonce;
    // The response code stands first: success, as nothing else has authorizations.
    const digest = await hash(this.#algorithm, concat(u32(0), u32(code), parameters));
    const text = concat(digest, given.nonce, this.#nonceCaller, u8(given.attributes));
    return equal(given.hmac, await hmac(this.#algorithm, this.#key, text));
  }
}

/** Zeros at the end are no part of a password (Part 1 §19.6.5). */
function withoutTrailingZeros(secret: Uint8Array): Uint8Array {
  return secret.subarray(0, secret.findLastIndex((byte) => byte !== 0) + 1);
}
