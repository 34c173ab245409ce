/**
 * What a token says beyond the draft, under its member `casemate`: the verdict
 * with its roots, what it was reached from, and which node it is about. A member
 * that would be empty is left out.
 *
 * @module
 */

import {
  boolean,
  type Decoder,
  integer,
  list,
  object,
  oneNumber,
  oneOf,
  optional,
  required,
  text,
} from "../core/decode.ts";
import type { Root } from "../evidence/finding.ts";
import type { Statement } from "../evidence/statement/statement.ts";
import type { Exception } from "../policy/exception.ts";
import type { Digests, Result, Verdict } from "./result.ts";

/** Verdicts that a token can have. */
export type TokenVerdict = Exclude<Verdict, "unavailable">;

/** What the node states of itself, each member as text or number. */
export type StatedNode = {
  readonly [K in keyof Statement]: Statement[K] extends number ? number : string;
};

/** The reference values that the verdict was reached with. */
export interface TokenReference {
  /** Release; null where the document says none. */
  readonly release: string | null;
  /** Accepted set; null where there is one without a name. */
  readonly set: string | null;
  /** SHA-256 of the key that signed them; null where nobody did. */
  readonly owner: string | null;
}

/** The collateral that the verdict was reached with. */
export interface TokenCollateral {
  /** When a source last gave the oldest of it, ISO 8601; null where nobody did but the evidence. */
  readonly confirmed: string | null;
  /** When the first of it expires, ISO 8601. */
  readonly expires: string;
  /** How many items were due to be asked for again, in vain. */
  readonly stale: number;
}

/** An exception as a token has it. */
export type TokenException = Omit<Exception, "because">;

/**
 * Who vouches that the evidence is no older than the question: a nonce of the
 * verifier that was used this once, one that was made shortly before and might
 * have been used before, one that the caller brought and vouches for, or nobody.
 */
export type QuestionFreshness = "single-use" | "time-limited" | "caller" | "none";

/** The ways, the best first. */
export const QUESTION_FRESHNESS: readonly QuestionFreshness[] = [
  "single-use",
  "time-limited",
  "caller",
  "none",
];

/** The member `casemate` of a token. */
export interface PrivateClaims {
  /** Version of the form. */
  readonly v: 1;
  /** The verdict. */
  readonly verdict: TokenVerdict;
  /** Code that decided a verdict other than `trusted`; null where nothing was wrong. */
  readonly code: string | null;
  /** Technology of the evidence. */
  readonly variant: string;
  /** Weakest root that the verdict needs. */
  readonly weakestRoot: Root;
  /** All roots that it needs, the strongest first; none where the evidence was refused. */
  readonly roots: readonly Root[];
  /** Roots that the verifier's policy accepts. */
  readonly acceptRoots: readonly Root[];
  /** How the evidence is tied to a question. */
  readonly binding: Result["binding"];
  /** Who vouches that the evidence is no older than the question; null where the verifier does not say. */
  readonly freshness: QuestionFreshness | null;
  /** What the verdict was reached from, SHA-256 each. */
  readonly digests: Digests;
  /** What must be said before the verdict. */
  readonly warnings: readonly string[];
  /** Settings of the policy that are weaker than the defaults. */
  readonly exceptions: readonly TokenException[];
  /** The reference values; null where there were none. */
  readonly reference: TokenReference | null;
  /** The collateral that the verifier had; null where it had none beside the evidence. */
  readonly collateral: TokenCollateral | null;
  /** What the node states of itself, bound into its evidence; null where nothing is, or the evidence was refused. */
  readonly statement: StatedNode | null;
}

const ROOTS: readonly Root[] = ["amd", "intel", "paravisor", "provider", "none", "lab"];
const ROOT = oneOf(...ROOTS);
const LINE = text("[^\\u0000-\\u001f\\u007f]{1,2000}", "one line of at most 2000 characters");
/** Names of releases and sets have 200 characters, each of up to two units of UTF-16. */
const NAME = text("[^\\u0000-\\u001f\\u007f]{0,400}", "one line of at most 400 characters");
const DIGEST = text("[0-9a-f]{64}", "SHA-256 in lowercase hex");
const MOMENT = text(
  "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\\.[0-9]{1,9})?Z",
  "a moment in UTC, as 2026-11-21T08:00:00Z",
);
const HEX_OR_NAME = text("[A-Za-z0-9.-]{0,2048}", "hex or a name");

const DIGESTS = object<Digests>({
  evidence: required(DIGEST, "Of variant, statement and files"),
  policy: required(DIGEST, "Of the policy in canonical JSON"),
  reference: optional(DIGEST, null, "Of the reference values in canonical JSON"),
});

const EXCEPTION = object<TokenException>({
  key: required(NAME, "Key of the policy, dotted"),
  value: required(NAME, "The value, in short"),
  costs: required(LINE, "What it costs"),
  until: optional(NAME, null, "Last day on which it counts"),
  ended: required(boolean(), "Whether that day was over, so that the default counted"),
});

const REFERENCE = object<TokenReference>({
  release: optional(NAME, null, "Release that they are of"),
  set: optional(NAME, null, "Accepted set that the evidence was held against"),
  owner: optional(DIGEST, null, "SHA-256 of the key that signed them"),
});

const COLLATERAL = object<TokenCollateral>({
  confirmed: optional(MOMENT, null, "When a source last gave the oldest of it"),
  expires: required(MOMENT, "When the first of it expires"),
  stale: required(integer(0, 1000), "How many items were due to be asked for again, in vain"),
});

const STATEMENT = object<StatedNode>({
  v: required(oneNumber(1), "Version of the form"),
  purpose: required(HEX_OR_NAME, "What the evidence was asked for"),
  variant: required(HEX_OR_NAME, "Id of the variant"),
  audience: required(HEX_OR_NAME, "For whom it was asked"),
  requestDigest: required(HEX_OR_NAME, "SHA-256 of the request that it came with"),
  clusterId: required(HEX_OR_NAME, "Id of the cluster"),
  manifestDigest: required(HEX_OR_NAME, "SHA-256 of the manifest"),
  manifestSequence: required(integer(0, Number.MAX_SAFE_INTEGER), "Sequence of the manifest"),
  role: required(HEX_OR_NAME, "Role of the node"),
  nodeName: required(HEX_OR_NAME, "Name of the node"),
  bootId: required(HEX_OR_NAME, "This boot"),
  tlsSpki: required(HEX_OR_NAME, "SubjectPublicKeyInfo of its TLS key, DER, hex"),
  hpkeKey: required(HEX_OR_NAME, "Its X25519 public key for HPKE, hex"),
  phase: required(HEX_OR_NAME, "Phase of the boot"),
  logHead: required(HEX_OR_NAME, "SHA-256 of the newest log head that it knows"),
});

/** Most entries of a list. */
const MAX_ENTRIES = 200;

/** Reads the member `casemate`. */
export const PRIVATE_CLAIMS: Decoder<PrivateClaims> = object<PrivateClaims>({
  v: required(oneNumber(1), "Version of the form"),
  verdict: required(
    oneOf<TokenVerdict>("rejected", "platform-only", "trusted", "lab-trusted"),
    "The verdict",
  ),
  code: optional(NAME, null, "Code that decided a verdict other than trusted"),
  variant: required(NAME, "Technology of the evidence"),
  weakestRoot: required(ROOT, "Weakest root that the verdict needs"),
  roots: optional(list(ROOT, ROOTS.length), [], "All roots that it needs, the strongest first"),
  acceptRoots: required(list(ROOT, ROOTS.length), "Roots that the verifier's policy accepts"),
  binding: required(
    oneOf("nonce", "caller-supplied"),
    "How the evidence is tied to a question: to a nonce with a statement, or to data that the caller states",
  ),
  freshness: optional(
    oneOf(...QUESTION_FRESHNESS),
    null,
    "Who vouches that the evidence is no older than the question: a nonce of the verifier used once, one of it made shortly before, one of the caller, or nobody",
  ),
  digests: required(DIGESTS, "What the verdict was reached from, SHA-256 each"),
  warnings: optional(list(LINE, MAX_ENTRIES), [], "What must be said before the verdict"),
  exceptions: optional(
    list(EXCEPTION, MAX_ENTRIES),
    [],
    "Settings of the policy that are weaker than the defaults",
  ),
  reference: optional(REFERENCE, null, "The reference values"),
  collateral: optional(COLLATERAL, null, "The collateral that the verifier had"),
  statement: optional(STATEMENT, null, "What the node states of itself, bound into its evidence"),
});

/**
 * What a result says, as a token has it.
 *
 * @param result The result; its verdict is one that a token can have.
 * @param verdict The verdict.
 * @param freshness Who vouches for the age of the evidence; null where nothing is said of that.
 */
export function privateClaimsOf(
  result: Result,
  verdict: TokenVerdict,
  freshness: QuestionFreshness | null,
): PrivateClaims {
  const { code, variant, weakestRoot, roots, acceptRoots, binding, digests, statement } = result;
  return {
    v: 1,
    verdict,
    code,
    variant,
    weakestRoot,
    roots,
    acceptRoots,
    binding,
    freshness,
    digests,
    warnings: result.warnings,
    exceptions: result.exceptions.map(({ key, value, costs, until, ended }) => ({
      key,
      value,
      costs,
      until,
      ended,
    })),
    reference: referenceOf(result),
    collateral: collateralOf(result),
    statement,
  };
}

function referenceOf({ reference }: Result): TokenReference | null {
  if (reference === null) return null;
  const { release, set, owner } = reference;
  return { release, set, owner };
}

function collateralOf({ collateral }: Result): TokenCollateral | null {
  const expiries = collateral.map(({ expires }) => expires).sort();
  const [expires] = expiries;
  if (expires === undefined) return null;
  const asked = collateral.flatMap(({ confirmed }) => confirmed === null ? [] : [confirmed]).sort();
  const all = asked.length === collateral.length;
  const stale = collateral.filter((one) => one.stale !== null).length;
  return { confirmed: all ? asked[0] ?? null : null, expires, stale };
}
