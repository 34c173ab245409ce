/**
 * The relying party's side: whether a token is a verifier's answer to this very
 * question, and what it says. Nothing that decides is taken from the token:
 * keys, audience, nonce, policy, time and accepted roots are the caller's.
 *
 * @module
 */

import { toBase64, toHex } from "../core/bytes.ts";
import { toBase64url } from "../core/base64url.ts";
import { shortened } from "../core/decode.ts";
import { RejectedError } from "../core/errors.ts";
import type { PublicKey } from "../core/signing_key.ts";
import type { Root } from "../evidence/finding.ts";
import { readClaims, type TokenClaims } from "./claims.ts";
import { policyIdOf } from "./ear.ts";
import { type JwsHeader, readJws, signerOf, TOKEN_TYPE } from "./jws.ts";
import { type EarProfile, LAB_TAG, PROFILE_TAGS } from "./profile.ts";

/** Seconds by which a verifier's clock may be ahead. */
const CLOCK_SKEW_S = 60;

/** Longest life of a token, seconds. */
const MAX_LIFETIME_S = 3600;

/** Roots that are accepted where the caller names none (design §2). */
const DEFAULT_ROOTS: readonly Root[] = ["amd", "intel"];

/** What a relying party expects of a token. Members without question mark must be said. */
export interface TokenExpectation {
  /** Keys of verifiers that it relies on, at least one. */
  readonly keys: readonly PublicKey[];
  /** Its own name; null, with profiles of others alone, where it says that it takes tokens for whomever. */
  readonly audience: string | null;
  /** The nonce that it asked with; null where it says that it asked with none, and so cannot tell old tokens from fresh ones. */
  readonly nonce: Uint8Array | null;
  /** The policy that the verifier must have followed: SHA-256 of its canonical JSON in hex, or as other verifiers name theirs. */
  readonly policy: { readonly digest: string } | { readonly id: string };
  /** Moment at which the token must hold. */
  readonly now: Date;
  /** Profile that it must be of; default `casemate`. */
  readonly profile?: EarProfile;
  /** Roots that the verdict may need; default `amd` and `intel`. */
  readonly acceptRoots?: readonly Root[];
  /** Whether tokens about lab evidence are taken. */
  readonly allowLab?: boolean;
  /** Who must have issued it. */
  readonly issuer?: string;
}

/** A token that answers the question, whatever it answers. */
export interface CheckedToken {
  /** Its claims. */
  readonly claims: TokenClaims;
  /** The key that signed it. */
  readonly by: PublicKey;
}

/**
 * Establishes that a token was signed by a verifier of the caller's, for the
 * caller, in answer to its nonce, by its policy, and that it holds now. What the
 * token says of the evidence is not judged: see `judgeToken`.
 *
 * @param token JWT in compact form.
 * @param expected What is expected of it.
 * @throws {RejectedError} `results.*`
 * @throws {TypeError | RangeError} where an expectation is missing or empty.
 */
export async function checkToken(
  token: string,
  expected: TokenExpectation,
): Promise<CheckedToken> {
  refuseEmpty(expected);
  const jws = readJws(token);
  // Nothing is read of what nobody signed.
  const by = await signerOf(jws, expected.keys);
  const claims = readClaims(jws.claims);
  checkProfile(claims, jws.header, expected);
  checkTimes(claims, expected.now);
  checkParties(claims, expected);
  checkNonce(claims, expected);
  checkPolicy(claims, expected.policy);
  return { claims, by };
}

/** A caller without types could leave out what must be said; that is a mistake in its code, never "any will do". */
function refuseEmpty({ audience, nonce, policy, now, profile }: TokenExpectation): void {
  if (!(now instanceof Date) || Number.isNaN(now.getTime())) {
    throw new TypeError("Cannot verify a token: `now` is no moment");
  }
  const anybody = audience === null && profile !== undefined && profile !== "casemate";
  if (!anybody && (typeof audience !== "string" || audience === "")) {
    throw new TypeError("Cannot verify a token: `audience` is empty");
  }
  if (nonce !== null && !(nonce instanceof Uint8Array && nonce.length > 0)) {
    throw new TypeError("Cannot verify a token: `nonce` is neither bytes nor null");
  }
  const wanted = typeof policy === "object" && policy !== null ? idOf(policy) : "";
  if (wanted === "") throw new TypeError("Cannot verify a token: `policy` is empty");
}

function idOf(policy: TokenExpectation["policy"]): string {
  if ("id" in policy) return policy.id;
  if (/^[0-9a-f]{64}$/.test(policy.digest)) return policyIdOf(policy.digest);
  throw new TypeError("Cannot verify a token: the digest of a policy is 32 bytes in lowercase hex");
}

function checkProfile(
  { profile }: TokenClaims,
  { typ }: JwsHeader,
  { profile: wanted = "casemate", allowLab = false }: TokenExpectation,
): void {
  const tag = PROFILE_TAGS[wanted];
  if (profile === LAB_TAG && wanted === "casemate" && !allowLab) {
    throw refuse("results.lab", "it is about lab evidence", { actual: LAB_TAG, expected: tag });
  }
  if (profile !== tag && !(wanted === "casemate" && profile === LAB_TAG)) {
    differ("results.profile", "it is of profile", shortened(profile), tag);
  }
  // RFC 8725 §3.11: a key may sign tokens of other kinds. Other verifiers do not say the kind.
  const types = wanted === "casemate" ? [TOKEN_TYPE] : [TOKEN_TYPE, "JWT", null];
  if (!types.includes(typ)) {
    differ("results.header", "it is of type", shortened(typ ?? "none"), types.join(" or "));
  }
}

function checkTimes({ iat, nbf, exp }: TokenClaims, now: Date): void {
  const seconds = now.getTime() / 1000;
  const from = Math.max(iat, nbf ?? iat);
  if (from > seconds + CLOCK_SKEW_S) {
    differ("results.not_yet_valid", "it holds from", moment(from), `at most ${moment(seconds)}`);
  }
  if (exp <= seconds) differ("results.expired", "it held until", moment(exp), moment(seconds));
  if (exp <= from || exp - iat > MAX_LIFETIME_S) {
    const actual = `${exp - iat} s`;
    differ("results.lifetime", "it holds for", actual, `at most ${MAX_LIFETIME_S} s`);
  }
}

function moment(seconds: number): string {
  return new Date(Math.floor(seconds) * 1000).toISOString();
}

function checkParties(
  { audiences, iss }: TokenClaims,
  { audience, issuer }: TokenExpectation,
): void {
  if (audience !== null && !audiences.includes(audience)) {
    const named = audiences.length === 0 ? "nobody" : audiences.map(shortened).join(", ");
    differ("results.audience", "it is for", named, audience);
  }
  if (issuer !== undefined && iss !== issuer) {
    differ("results.issuer", "it is issued by", shortened(iss ?? "nobody named"), issuer);
  }
}

/** Other verifiers write nonces with padding, in base64 or in hex; this project's tokens in one form alone. */
function checkNonce(
  { nonce }: TokenClaims,
  { nonce: asked, profile = "casemate" }: TokenExpectation,
): void {
  if (asked === null) return;
  const padded = toBase64(asked);
  const others = [padded, padded.replaceAll("+", "-").replaceAll("/", "_"), toHex(asked)];
  const forms = [toBase64url(asked), ...(profile === "casemate" ? [] : others)];
  if (nonce !== null && forms.includes(nonce)) return;
  differ("results.nonce", "it answers", shortened(nonce ?? "no nonce"), toBase64url(asked));
}

/** Each part must have been judged by that policy and by no other one. */
function checkPolicy(
  { appraisals, own }: TokenClaims,
  policy: TokenExpectation["policy"],
): void {
  const wanted = idOf(policy);
  const named = appraisals.map(({ policies }) => policies.join(" and "));
  if (own !== null) named.push(policyIdOf(own.digests.policy));
  const other = named.find((name) => name !== wanted);
  if (other !== undefined) {
    const actual = other === "" ? "no policy that it names" : shortened(other);
    differ("results.policy", "it was judged by", actual, wanted);
  }
}

function differ(code: string, what: string, actual: string, expected: string): never {
  throw refuse(code, `${what} ${actual}, expected ${expected}`, { actual, expected });
}

function refuse(
  code: string,
  problem: string,
  fields: Readonly<Record<string, string>>,
): RejectedError {
  return new RejectedError(`Cannot accept the token: ${problem}`, { code, fields });
}

/** What a caller does not say. */
export function rootsAccepted({ acceptRoots = DEFAULT_ROOTS }: TokenExpectation): readonly Root[] {
  return acceptRoots;
}
