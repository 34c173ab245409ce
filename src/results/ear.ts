/**
 * Attestation results as tokens: EAR (draft-ietf-rats-ear-04), signed as a JWT.
 *
 * @module
 */

import { canonicalJson, type CanonicalValue } from "../core/canonical_json.ts";
import { fromHex } from "../core/bytes.ts";
import { toBase64url } from "../core/base64url.ts";
import { InputError, UnavailableError } from "../core/errors.ts";
import type { SigningKey } from "../core/signing_key.ts";
import { annotatedEvidence } from "./annotated_evidence.ts";
import { type Attester, attestersOf } from "./attesters.ts";
import { signJws } from "./jws.ts";
import { privateClaimsOf, type QuestionFreshness, type TokenVerdict } from "./private_claims.ts";
import { ANNOTATED, CLAIM_NAMES, type EarProfile, LAB_TAG, PROFILE_TAGS } from "./profile.ts";
import type { Result } from "./result.ts";
import { type Status, tierOf, worstStatus } from "./tier.ts";
import { type PlatformOnly, vectorOf } from "./vector.ts";

/** How long a token holds, seconds (issue of the design: five minutes, as Trustee's). */
export const TOKEN_LIFETIME_S = 300;

/** A nonce in a token, bytes (RFC 9711 §4.1). */
const NONCE_BYTES = { min: 8, max: 64 };

/** What a token is made with. */
export interface TokenOptions {
  /**
   * For whom it is. Only profiles of others may leave it out: a library that many of
   * their consumers verify with refuses audiences which it was not told of.
   */
  readonly audience?: string;
  /** Version of the verifier, as `casemate 1.4.0`. */
  readonly build: string;
  /** Who developed the verifier; default this project. */
  readonly developer?: string;
  /** Who runs the verifier; absent where the key says enough. */
  readonly issuer?: string;
  /** Profile; default `casemate`. */
  readonly profile?: EarProfile;
  /** What becomes of `platform-only`, as the policy says under `tokens`; default `contraindicated`. */
  readonly platformOnly?: PlatformOnly;
  /** Who vouches that the evidence is no older than the question, as a service of verification knows it; absent where nothing is said of that. */
  readonly freshness?: QuestionFreshness;
}

/** Claims of a token, ready for JSON. */
export type EarClaims = Readonly<Record<string, CanonicalValue>>;

/**
 * The claims that a result comes to, issued at the moment for which it was judged.
 *
 * @param result What a verification with the profile `full` said, in this process: a result from elsewhere is nobody's word.
 * @param options Audience, verifier and profile.
 * @throws {UnavailableError} `results.no_token`: what was not examined has no token.
 * @throws {InputError} `results.not_full`, `results.nonce_length`, `input.missing`
 */
export function earClaims(result: Result, options: TokenOptions): EarClaims {
  const { audience, issuer, build, freshness } = options;
  const { developer = "https://casemate.dev", profile = "casemate" } = options;
  const names = CLAIM_NAMES[profile];
  const verdict = verdictOf(result);
  const iat = Math.floor(Date.parse(result.time) / 1000);
  return {
    eat_profile: tagOf(profile, result),
    iat,
    nbf: iat,
    exp: iat + TOKEN_LIFETIME_S,
    ...audienceOf(audience, profile),
    ...(issuer === undefined ? {} : { iss: issuer }),
    ...(result.nonce === null ? {} : { eat_nonce: nonceOf(result.nonce) }),
    [names.verifier]: { build, developer },
    submods: submodsOf(result, verdict, options),
    casemate: withoutNothing(privateClaimsOf(result, verdict, freshness ?? null)),
  };
}

/**
 * Signs a result as a token.
 *
 * @param result What a verification with the profile `full` said, in this process.
 * @param key The verifier's key.
 * @param options Audience, verifier and profile.
 * @returns JWT in compact form.
 * @throws {UnavailableError} `results.no_token`
 * @throws {InputError} `results.not_full`, `results.nonce_length`, `input.missing`
 */
export async function signResult(
  result: Result,
  key: SigningKey,
  options: TokenOptions,
): Promise<string> {
  return await signJws(canonicalJson(earClaims(result, options)), key);
}

/** Design §3: what was not examined has no token. */
function verdictOf({ verdict, code }: Result): TokenVerdict {
  if (verdict === null) {
    throw new InputError("Cannot make a token: only signatures were examined", {
      code: "results.not_full",
    });
  }
  if (verdict !== "unavailable") return verdict;
  throw new UnavailableError(
    `Cannot make a token: trust could not be examined (${code ?? "no code"})`,
    { code: "results.no_token", fields: { code: code ?? "" }, retryable: true },
  );
}

/** A token of this project that is for nobody would be for everybody. */
function audienceOf(audience: string | undefined, profile: EarProfile): EarClaims {
  if (audience !== undefined && audience !== "") return { aud: audience };
  if (profile !== "casemate" && audience === undefined) return {};
  throw new InputError("Cannot make a token: it is for nobody", {
    code: "input.missing",
    fields: { field: "audience" },
  });
}

function isLab({ roots, weakestRoot }: Result): boolean {
  return weakestRoot === "lab" || roots.includes("lab");
}

function tagOf(profile: EarProfile, result: Result): string {
  return profile === "casemate" && isLab(result) ? LAB_TAG : PROFILE_TAGS[profile];
}

/** RFC 9711 §7.2.2: bytes in JSON are base64url without padding. */
function nonceOf(hex: string): string {
  const bytes = fromHex(hex);
  if (bytes.length >= NONCE_BYTES.min && bytes.length <= NONCE_BYTES.max) return toBase64url(bytes);
  const fields = {
    actual: `${bytes.length} bytes`,
    expected: `${NONCE_BYTES.min} to ${NONCE_BYTES.max} bytes`,
  };
  throw new InputError(
    `Cannot make a token: the nonce has ${fields.actual}, expected ${fields.expected}`,
    { code: "results.nonce_length", fields },
  );
}

function submodsOf(result: Result, verdict: TokenVerdict, options: TokenOptions): EarClaims {
  return Object.fromEntries(
    attestersOf(result).map((attester) => [
      attester.label,
      appraisalOf(attester, result, verdict, options),
    ]),
  );
}

function appraisalOf(
  attester: Attester,
  result: Result,
  verdict: TokenVerdict,
  { profile = "casemate", platformOnly = "contraindicated" }: TokenOptions,
): EarClaims {
  const names = CLAIM_NAMES[profile];
  const unknownLab = profile !== "casemate" && isLab(result);
  const vector = vectorOf(attester, result, { platformOnly, unknownLab });
  const policy = policyIdOf(result.digests.policy);
  const ownTiers = Object.values(vector).map(tierOf);
  const evidence = ANNOTATED.includes(profile) ? annotatedEvidence(attester, result) : {};
  return {
    [names.status]: worstStatus([statusOf(verdict, platformOnly, unknownLab), ...ownTiers]),
    // The draft wants no vector rather than an empty one.
    ...(ownTiers.length === 0 ? {} : { [names.vector]: { ...vector } }),
    [names.policy]: names.policyList ? [policy] : policy,
    ...(Object.keys(evidence).length === 0 ? {} : { [names.evidence]: evidence }),
  };
}

/**
 * How a token names a policy.
 *
 * @param digest SHA-256 of its canonical JSON, hex.
 */
export function policyIdOf(digest: string): string {
  return `sha256:${digest}`;
}

/** Design §3. No part is better than the whole: consumers look at one part alone. */
function statusOf(verdict: TokenVerdict, platformOnly: PlatformOnly, unknownLab: boolean): Status {
  if (unknownLab) return "contraindicated";
  switch (verdict) {
    case "trusted":
    case "lab-trusted":
      return "affirming";
    case "platform-only":
      return platformOnly;
    case "rejected":
      return "contraindicated";
    default:
      return verdict satisfies never;
  }
}

/** Plain data without what is null or empty, at any depth; what is left is JSON of text, whole numbers and booleans. */
function withoutNothing(data: object): EarClaims {
  return Object.fromEntries(
    Object.entries(data).flatMap(([name, value]) => {
      const kept = inner(value);
      return kept === undefined ? [] : [[name, kept]];
    }),
  );
}

function inner(value: unknown): CanonicalValue | undefined {
  if (value === null) return undefined;
  if (Array.isArray(value)) {
    return value.length === 0 ? undefined : value.flatMap((item) => inner(item) ?? []);
  }
  if (typeof value === "object") {
    const members = withoutNothing(value);
    return Object.keys(members).length === 0 ? undefined : members;
  }
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") {
    return value;
  }
  throw new TypeError(`Cannot write ${typeof value} into a token`);
}
