/**
 * The claims of a token, read strictly from whatever form of names it has.
 * Members that nobody here knows are passed over (draft-ietf-rats-ear-04 §4),
 * those under `casemate` are not.
 *
 * @module
 */

import {
  DecodeError,
  type Decoder,
  integer,
  list,
  object,
  optional,
  required,
  text,
} from "../core/decode.ts";
import { RejectedError } from "../core/errors.ts";
import { PRIVATE_CLAIMS, type PrivateClaims } from "./private_claims.ts";
import { type Aspect, ASPECTS, type Status, STATUS_NUMBERS, type TrustVector } from "./tier.ts";

/** Latest second that dates have, 9999-12-31T23:59:59Z. */
const LAST_SECOND = 253_402_300_799;

/** Most appraisals in one token. */
const MAX_SUBMODS = 64;

/** One attester's appraisal. */
export interface Appraisal {
  /** Label of the attester. */
  readonly name: string;
  /** Status. */
  readonly status: Status;
  /** Claims by aspect; empty where there are none. */
  readonly vector: TrustVector;
  /** Policies that it was made by, in their order. */
  readonly policies: readonly string[];
}

/** Who verified. */
export interface VerifierId {
  /** Version. */
  readonly build: string;
  /** Who developed it. */
  readonly developer: string;
}

/** Claims of a token. */
export interface TokenClaims {
  /** `eat_profile`. */
  readonly profile: string;
  /** When it was issued, seconds since 1970. */
  readonly iat: number;
  /** From when on it holds; null where it says nothing. */
  readonly nbf: number | null;
  /** Until when it holds, exclusive. */
  readonly exp: number;
  /** Who issued it; null where it says nothing. */
  readonly iss: string | null;
  /** For whom it is; empty where it says nothing. */
  readonly audiences: readonly string[];
  /** The nonce as it stands there; null where there is none. */
  readonly nonce: string | null;
  /** Who verified. */
  readonly verifier: VerifierId;
  /** Status of the whole, where the token has one beside those of its parts. */
  readonly status: Status | null;
  /** Appraisals, at least one. */
  readonly appraisals: readonly Appraisal[];
  /** What this project's tokens say beside; null in others. */
  readonly own: PrivateClaims | null;
}

type Members = Readonly<Record<string, unknown>>;

/** Names of one claim, of which a token may have one. */
const NAMES = {
  status: ["ear_status", "ear.status"],
  vector: ["ear_trustworthiness_vector", "ear.trustworthiness-vector"],
  policy: [
    "ear_appraisal_policy_ids",
    "ear_appraisal_policy_id",
    "ear.appraisal-policy-id",
  ],
  verifier: ["ear_verifier_id", "ear.verifier-id"],
} as const;

const LINE = text("[^\\u0000-\\u001f\\u007f]{1,1000}", "one line of at most 1000 characters");
const LABEL = text("[^\\u0000-\\u001f\\u007f]{1,200}", "one line of at most 200 characters");
const SECONDS = integer(0, LAST_SECOND);
const NONCE = text("[!-~]{8,128}", "8 to 128 characters of text");

/** Reads text or a list of texts. */
function oneOrMore(max: number): Decoder<readonly string[]> {
  const many = list(LINE, max);
  return {
    schema: { anyOf: [LINE.schema, many.schema] },
    decode: (value, path) =>
      typeof value === "string" ? [LINE.decode(value, path)] : many.decode(value, path),
  };
}

const TEXTS = oneOrMore(16);

/** Words of the drafts; their numbers too, which Veraison's library takes. */
const STATUS: Decoder<Status> = {
  schema: { enum: Object.keys(STATUS_NUMBERS) },
  decode(value, path) {
    for (const status of ["none", "affirming", "warning", "contraindicated"] as const) {
      if (value === status || value === STATUS_NUMBERS[status]) return status;
    }
    throw new DecodeError(path, "value", "expected none, affirming, warning or contraindicated");
  },
};

const CLAIM = integer(-128, 127);

const VECTOR = object<Readonly<Record<Aspect, number | undefined>>>({
  "instance-identity": optional(CLAIM, undefined, "Whether this machine was recognized"),
  "configuration": optional(CLAIM, undefined, "What its configuration exposes"),
  "executables": optional(CLAIM, undefined, "What was loaded"),
  "file-system": optional(CLAIM, undefined, "What its files are"),
  "hardware": optional(CLAIM, undefined, "Whether hardware and firmware are genuine"),
  "runtime-opaque": optional(CLAIM, undefined, "Whether its memory is hidden"),
  "storage-opaque": optional(CLAIM, undefined, "Whether its storage is encrypted"),
  "sourced-data": optional(CLAIM, undefined, "Where its data come from"),
});

const VERIFIER = object<VerifierId>({
  build: required(LINE, "Version of the verifier"),
  developer: required(LINE, "Who developed it"),
});

/**
 * Reads the claims of a token.
 *
 * @param claims Its payload.
 * @throws {RejectedError} `results.claims`
 */
export function readClaims(claims: Members): TokenClaims {
  try {
    return decodeClaims(claims);
  } catch (cause) {
    if (!(cause instanceof DecodeError)) throw cause;
    const claim = cause.path === "" ? "the token" : cause.path;
    throw new RejectedError(`Cannot accept the token: ${claim} ${cause.message}`, {
      code: "results.claims",
      fields: { claim },
      cause,
    });
  }
}

function decodeClaims(claims: Members): TokenClaims {
  const status = one(claims, NAMES.status, "");
  return {
    profile: read(claims, "eat_profile", LINE),
    iat: read(claims, "iat", SECONDS),
    nbf: claims["nbf"] === undefined ? null : read(claims, "nbf", SECONDS),
    exp: read(claims, "exp", SECONDS),
    iss: claims["iss"] === undefined ? null : read(claims, "iss", LINE),
    audiences: claims["aud"] === undefined ? [] : read(claims, "aud", TEXTS),
    nonce: claims["eat_nonce"] === undefined ? null : read(claims, "eat_nonce", NONCE),
    verifier: VERIFIER.decode(...needed(one(claims, NAMES.verifier, ""))),
    status: status === undefined ? null : STATUS.decode(...status),
    appraisals: appraisalsOf(claims["submods"]),
    own: claims["casemate"] === undefined ? null : read(claims, "casemate", PRIVATE_CLAIMS),
  };
}

function read<T>(claims: Members, name: string, decoder: Decoder<T>): T {
  const value = claims[name];
  if (value === undefined) throw new DecodeError(name, "value", "is required");
  return decoder.decode(value, name);
}

type Found = readonly [value: unknown, path: string];

/** The claim of several names, with its path; undefined where it is absent. */
function one(claims: Members, names: readonly string[], path: string): Found | undefined {
  const [first, second] = names.filter((name) => claims[name] !== undefined);
  if (first === undefined) return undefined;
  const at = path === "" ? first : `${path}.${first}`;
  if (second === undefined) return [claims[first], at];
  throw new DecodeError(at, "value", `stands beside ${second}, which says the same`);
}

function needed(found: Found | undefined): Found {
  if (found !== undefined) return found;
  throw new DecodeError("", "value", "does not say who verified");
}

function appraisalsOf(submods: unknown): readonly Appraisal[] {
  const entries = Object.entries(membersOf(submods, "submods"));
  if (entries.length === 0 || entries.length > MAX_SUBMODS) {
    throw new DecodeError("submods", "value", `expected 1 to ${MAX_SUBMODS} appraisals`);
  }
  return entries.map(([label, value]) => {
    const name = LABEL.decode(label, "submods");
    return appraisalOf(name, membersOf(value, `submods.${name}`));
  });
}

function appraisalOf(name: string, claims: Members): Appraisal {
  const path = `submods.${name}`;
  const status = one(claims, NAMES.status, path);
  if (status === undefined) throw new DecodeError(path, "value", "has no status");
  const vector = one(claims, NAMES.vector, path);
  const policies = one(claims, NAMES.policy, path);
  return {
    name,
    status: STATUS.decode(...status),
    vector: vector === undefined ? {} : vectorOf(...vector),
    policies: policies === undefined ? [] : TEXTS.decode(...policies),
  };
}

function vectorOf(value: unknown, path: string): TrustVector {
  const read = VECTOR.decode(value, path);
  return Object.fromEntries(
    ASPECTS.flatMap((aspect) => read[aspect] === undefined ? [] : [[aspect, read[aspect]]]),
  );
}

function membersOf(value: unknown, path: string): Members {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return Object.fromEntries(Object.entries(value));
  }
  throw new DecodeError(path, "value", "expected an object");
}
