/**
 * Nonces that the service makes: a MAC over their own end, so that a forged one
 * is known without asking anybody (protocol §5.4).
 *
 * @module
 */

import { concat, equal, frame, fromHex, toHex, uint64 } from "../core/bytes.ts";
import { fromBase64url, toBase64url } from "../core/base64url.ts";
import { InputError } from "../core/errors.ts";
import type { Clock, Random } from "../core/ports.ts";
import type { QuestionFreshness } from "../results/private_claims.ts";
import type { ApiCode } from "./codes.ts";
import type { NonceLedger } from "./parts.ts";

/** How long a nonce holds, ms: that of the Merkle batches of nodes where it is used once, else as short as a slow node allows. */
const LIFETIME = { remembered: 300_000, forgotten: 60_000 };

const LABEL = "casemate/challenge/v1";
/** The end, ms since 1970, then what makes nonces differ. */
const COOKIE = { end: 8, random: 16 };
/** Least bytes of the secret: those of the hash (RFC 2104 §3). */
const MIN_SECRET = 32;

/** A nonce for one verification. */
export interface Challenge {
  /** The nonce, 32 bytes, lowercase hex. */
  readonly nonce: string;
  /** What goes with it, base64url; says nothing about who asked. */
  readonly cookie: string;
  /** When it runs out, ISO 8601. */
  readonly expires: string;
  /** Whether it can be used once alone, or by whoever sees it until it runs out. */
  readonly freshness: QuestionFreshness & ("single-use" | "time-limited");
}

/** A nonce that came back and is one of this service's. */
export interface KnownNonce {
  /** The nonce. */
  readonly bytes: Uint8Array;
  /** When it runs out. */
  readonly until: Date;
}

/** What nonces are made of. */
export interface ChallengeParts {
  /** Time. */
  readonly clock: Clock;
  /** Randomness. */
  readonly random: Random;
  /** The secret, at least 32 bytes. */
  readonly nonceSecret: Uint8Array;
  /** Who remembers which were used; null where nobody does. */
  readonly ledger: NonceLedger | null;
}

/** Makes nonces and knows them again. */
export class Challenges {
  readonly #parts: ChallengeParts;
  readonly #lifetime: number;
  readonly #key: Promise<CryptoKey>;

  /**
   * @param parts What they are made of.
   * @throws {RangeError} where the secret is short.
   */
  constructor(parts: ChallengeParts) {
    const { nonceSecret, ledger } = parts;
    if (nonceSecret.length < MIN_SECRET) {
      throw new RangeError(`Cannot make nonces with a secret of ${nonceSecret.length} bytes`);
    }
    this.#parts = parts;
    this.#lifetime = ledger === null ? LIFETIME.forgotten : LIFETIME.remembered;
    const algorithm = { name: "HMAC", hash: "SHA-256" };
    this.#key = crypto.subtle.importKey("raw", concat(nonceSecret), algorithm, false, ["sign"]);
  }

  /** What is said of evidence that answers a nonce of this service. */
  get freshness(): Challenge["freshness"] {
    return this.#parts.ledger === null ? "time-limited" : "single-use";
  }

  /** Makes a nonce. */
  async issue(): Promise<Challenge> {
    const { clock, random } = this.#parts;
    const expires = clock.now().getTime() + this.#lifetime;
    const cookie = concat(uint64(expires), random.bytes(COOKIE.random));
    return {
      nonce: toHex(await this.#nonceOf(cookie)),
      cookie: toBase64url(cookie),
      expires: new Date(expires).toISOString(),
      freshness: this.freshness,
    };
  }

  /**
   * Takes a nonce back; it is not spent by that.
   *
   * @param nonce The nonce, hex.
   * @param cookie What came with it.
   * @throws {InputError} `api.nonce_unknown`, `api.nonce_expired`
   */
  async recognise(nonce: string, cookie: string): Promise<KnownNonce> {
    const bytes = fromHex(nonce);
    const given = bytesOf(cookie);
    // Both are public values: the nonce was handed out with the cookie that it is held against.
    if (given === null || !equal(await this.#nonceOf(given), bytes)) {
      throw refuse("api.nonce_unknown", "it is none that this service made");
    }
    const end = Number(new DataView(given.buffer).getBigUint64(0));
    const left = end - this.#parts.clock.now().getTime();
    const until = new Date(end);
    if (left <= 0) throw refuse("api.nonce_expired", `it held until ${until.toISOString()}`);
    // Another instance with the same secret may have made it for longer than it may hold here.
    if (left <= this.#lifetime) return { bytes, until };
    throw refuse("api.nonce_unknown", "it was made to hold for longer than nonces do here");
  }

  /**
   * Spends a nonce: from now on it is used.
   *
   * @param known The nonce.
   * @throws {InputError} `api.nonce_used`
   * @throws {UnavailableError} `api.nonces_full`, `api.nonces_unavailable`
   */
  async spend({ bytes, until }: KnownNonce): Promise<void> {
    const { ledger } = this.#parts;
    if (ledger === null || await ledger.spend(bytes, until)) return;
    throw refuse("api.nonce_used", "it was used before");
  }

  async #nonceOf(cookie: Uint8Array): Promise<Uint8Array> {
    const [end, random] = [cookie.subarray(0, COOKIE.end), cookie.subarray(COOKIE.end)];
    const fields = frame([new TextEncoder().encode(LABEL), end, random]);
    return new Uint8Array(await crypto.subtle.sign("HMAC", await this.#key, fields));
  }
}

/** Null where it is none; the one who asks need not learn what is wrong with it. */
function bytesOf(cookie: string): Uint8Array<ArrayBuffer> | null {
  try {
    const bytes = fromBase64url(cookie);
    return bytes.length === COOKIE.end + COOKIE.random ? bytes : null;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function refuse(code: ApiCode, reason: string): InputError {
  return new InputError(`Cannot take the nonce: ${reason}`, { code, fields: { reason } });
}
