/**
 * Nonces that a server issues (protocol §5.4): it keeps none of them, knows its
 * own again by their MAC, and takes each once.
 *
 * @module
 */

import { concat, frame, fromHex, toHex, uint64 } from "../core/bytes.ts";
import { RejectedError } from "../core/errors.ts";
import type { Random } from "../core/ports.ts";
import type { Purpose } from "../evidence/statement/statement.ts";
import type { Cookie, ServerNonce } from "../protocol/attest.ts";
import type { ChannelCode } from "./codes.ts";
import { ReplaySet } from "./replay.ts";

/** How long a nonce lives, ms: collecting evidence takes seconds on the slowest TPM. */
export const NONCE_LIFETIME = 60_000;

/** Most nonces that are redeemed within their lifetime: a thousand a second, in some 10 MB. */
const MAX_SPENT = 60_000;

/** Bytes of the server's secret, which is also the length of its MAC. */
const SECRET_BYTES = 32;

/** Random bytes of a nonce. */
const RANDOM_BYTES = 16;

const HMAC = { name: "HMAC", hash: "SHA-256" };

/** What an issuer is made of. */
export interface NonceParts {
  /** 32 random bytes of this boot; whoever has them makes nonces. */
  readonly secret: Uint8Array;
  /** Id of this boot, hex, as statements have it. */
  readonly bootId: string;
  /** Randomness. */
  readonly random: Random;
  /** Time since this boot, ms; it never goes back, whoever sets the clock. */
  readonly monotonic: () => number;
  /** Most nonces that are redeemed within a minute. */
  readonly capacity?: number;
}

/** Issues nonces, and takes each back once. */
export class NonceIssuer {
  readonly #parts: NonceParts;
  readonly #bootId: Uint8Array;
  readonly #key: Promise<CryptoKey>;
  readonly #spent: ReplaySet;

  /**
   * Makes an issuer; each boot has its own.
   *
   * @param parts What it is made of.
   * @throws {RangeError} on a secret that is not of 32 bytes, and a boot id that is no hex.
   */
  constructor(parts: NonceParts) {
    if (parts.secret.length !== SECRET_BYTES) {
      throw new RangeError(`Cannot issue nonces: the secret has ${parts.secret.length} bytes`);
    }
    this.#parts = parts;
    this.#bootId = fromHex(parts.bootId);
    this.#key = crypto.subtle.importKey("raw", concat(parts.secret), HMAC, false, [
      "sign",
      "verify",
    ]);
    this.#spent = new ReplaySet(parts.capacity ?? MAX_SPENT);
  }

  /**
   * Issues a nonce that lives for a minute.
   *
   * @param purpose What it is for.
   * @param clientSpki Key of the client that it is for, SubjectPublicKeyInfo, DER; null for whoever has it.
   */
  async issue(purpose: Purpose, clientSpki: Uint8Array | null): Promise<ServerNonce> {
    const cookie: Cookie = {
      // Whole milliseconds, as the protocol has them.
      expiry: Math.floor(this.#parts.monotonic()) + NONCE_LIFETIME,
      random: toHex(this.#parts.random.bytes(RANDOM_BYTES)),
    };
    const message = this.#message(cookie, purpose, clientSpki);
    const nonce = await crypto.subtle.sign(HMAC.name, await this.#key, message);
    return { nonce: toHex(new Uint8Array(nonce)), cookie };
  }

  /**
   * Takes a nonce back.
   *
   * @param nonce The nonce, hex.
   * @param cookie What stands beside it.
   * @param purpose What it must have been issued for.
   * @param clientSpki Whom it must have been issued for.
   * @throws {RejectedError} `channel.nonce_unknown`, `channel.nonce_expired`, `channel.nonce_used`
   * @throws {UnavailableError} `channel.busy` where as many were taken within a minute as are remembered.
   */
  async redeem(
    nonce: string,
    cookie: Cookie,
    purpose: Purpose,
    clientSpki: Uint8Array | null,
  ): Promise<void> {
    const message = this.#message(cookie, purpose, clientSpki);
    // Compares in constant time, so a nonce cannot be found byte by byte.
    const own = await crypto.subtle.verify(HMAC.name, await this.#key, fromHex(nonce), message);
    if (!own) throw refuse("channel.nonce_unknown", "this server did not issue it for this");
    // Nothing is awaited from here on: what is judged is what is spent.
    const now = this.#parts.monotonic();
    if (now >= cookie.expiry) throw refuse("channel.nonce_expired", "it is older than a minute");
    if (!this.#spent.spend(nonce.toLowerCase(), cookie.expiry, now)) {
      throw refuse("channel.nonce_used", "it was spent already");
    }
  }

  /** What is authenticated; every field has its length before it. */
  #message(cookie: Cookie, purpose: Purpose, clientSpki: Uint8Array | null) {
    return frame([
      this.#bootId,
      new TextEncoder().encode(purpose),
      uint64(cookie.expiry),
      clientSpki ?? new Uint8Array(),
      fromHex(cookie.random),
    ]);
  }
}

function refuse(code: ChannelCode, reason: string): RejectedError {
  return new RejectedError(`Cannot take the server's nonce: ${reason}`, {
    code,
    fields: { reason },
  });
}
