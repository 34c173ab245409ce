/**
 * What a client asks to be verified, and the strict reading of it. The published
 * schema, and the parameters of the OpenAPI document, come from here.
 *
 * @module
 */

import { fromBase64, fromHex } from "../core/bytes.ts";
import {
  DecodeError,
  type Decoder,
  isPlain,
  joinPath,
  type Key,
  list,
  object,
  oneOf,
  optional,
  refined,
  required,
  shortened,
  text,
} from "../core/decode.ts";
import type { FilesByRole } from "../evidence/evidence.ts";
import { STATEMENT_FORMS } from "../verifier/expectation.ts";
import { EAR_PROFILES, type EarProfile } from "../results/profile.ts";
import type { Profile } from "../results/result.ts";

/** Most files of one kind, as of a request of the library. */
const MAX_FILES = 64;

/** Longest nonce or report data of any technology, bytes: the nonce of an attestation document of AWS. */
const MAX_QUESTION = 512;

/** A nonce of the service, with what came with it. */
export interface GivenChallenge {
  /** The nonce, hex. */
  readonly nonce: string;
  /** Its cookie. */
  readonly cookie: string;
}

/** A policy: one that is registered, or one that is given along; one of both is undefined. */
export interface GivenPolicy {
  /** `sha256:` and the digest of a registered one. */
  readonly digest: string | undefined;
  /** One that is given along, as plain data. */
  readonly inline: object | undefined;
}

/** What a token should be. */
export interface GivenToken {
  /** For whom. */
  readonly audience: string | undefined;
  /** Its profile. */
  readonly profile: EarProfile | undefined;
}

/** What is expected beside the nonce: members of the statement, and report data. */
export type GivenExpectation = Readonly<Record<string, string | Uint8Array | undefined>>;

/** A request, read. */
export interface VerifyForm {
  /** An envelope, or a CMW record of one, as JSON or as bytes; undefined where the files are apart. */
  readonly envelope: unknown;
  /** Variant of the files, or that the envelope must be of. */
  readonly variant: string | undefined;
  /** Files by role; beside an envelope they go before those in it. */
  readonly evidence: FilesByRole | undefined;
  /** The statement beside files. */
  readonly statement: Uint8Array | undefined;
  /** A nonce of the service. */
  readonly challenge: GivenChallenge | undefined;
  /** A nonce of the caller. */
  readonly nonce: Uint8Array | undefined;
  /** That there is none. */
  readonly freshness: "none" | undefined;
  /** What is expected beside it. */
  readonly expect: GivenExpectation | undefined;
  /** The policy; absent are the strict defaults, given along. */
  readonly policy: GivenPolicy | undefined;
  /** Reference values, given along. */
  readonly reference: unknown;
  /** How much is examined. */
  readonly profile: Profile;
  /** What the token should be, where one is asked for. */
  readonly token: GivenToken | undefined;
}

/** Bytes as base64. */
const FILE: Decoder<Uint8Array> = {
  schema: { type: "string", contentEncoding: "base64", minLength: 4 },
  decode(value, path) {
    const bytes = typeof value === "string" && value !== "" ? bytesOf(value) : undefined;
    if (bytes !== undefined) return bytes;
    throw new DecodeError(path, "value", "expected base64 with padding (RFC 4648 §4), not empty");
  },
};

function bytesOf(text: string): Uint8Array | undefined {
  try {
    return fromBase64(text);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function hexBytes(least: number, most: number): Decoder<Uint8Array> {
  const range = least === most ? String(most) : `${least} to ${most}`;
  const plain = text(`(?:[0-9a-f]{2}){${least},${most}}`, `${range} bytes in lowercase hex`);
  return { schema: plain.schema, decode: (value, path) => fromHex(plain.decode(value, path)) };
}

const FILES: Decoder<Uint8Array | readonly Uint8Array[]> = {
  schema: { anyOf: [FILE.schema, list(FILE, MAX_FILES).schema] },
  decode: (value, path) =>
    Array.isArray(value) ? list(FILE, MAX_FILES).decode(value, path) : FILE.decode(value, path),
};

/** Which roles there are is for the variant to say. */
const EVIDENCE: Decoder<FilesByRole> = {
  schema: { type: "object", minProperties: 1, additionalProperties: FILES.schema },
  decode(value, path) {
    const files = Object.entries(membersOf(value, path));
    if (files.length === 0) throw new DecodeError(path, "value", "expected at least one file");
    return Object.fromEntries(
      files.map(([role, file]) => [role, FILES.decode(file, joinPath(path, shortened(role)))]),
    );
  },
};

/** A document whose own reader is stricter than anything here. */
function document(name: string): Decoder<object> {
  return {
    schema: { type: "object", $comment: `see docs/schemas/${name}.v1.json` },
    decode: membersOf,
  };
}

function membersOf(value: unknown, path: string): object {
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  if (isObject && isPlain(value)) return value;
  throw new DecodeError(path, "value", "expected an object");
}

/** An envelope as what it is: an object, a CMW record as a list or anything as base64. */
const ENVELOPE: Decoder<unknown> = {
  schema: {
    anyOf: [
      { type: "object", $comment: "see docs/schemas/envelope.v1.json" },
      { type: "array", $comment: "CMW record in JSON (RFC 9999)" },
      FILE.schema,
    ],
  },
  decode(value, path) {
    if (typeof value === "string") return FILE.decode(value, path);
    if (typeof value === "object" && value !== null) return value;
    throw new DecodeError(path, "value", "expected an envelope, a CMW record, or either as base64");
  },
};

/** SHA-256 of a policy in canonical JSON, as tokens write it. */
const DIGEST = text("sha256:[0-9a-f]{64}", "sha256: and 64 lowercase hex digits");
const LINE = "[^\\u0000-\\u001f\\u007f]";

const CHALLENGE = object<GivenChallenge>({
  nonce: required(text("[0-9a-f]{64}", "32 bytes in lowercase hex"), "The nonce, as it was given"),
  cookie: required(text("[A-Za-z0-9_-]{32}", "24 bytes in base64url"), "What came with it"),
});

const POLICY = oneMember(object<GivenPolicy>({
  digest: optional(DIGEST, undefined, "Digest of a policy that is registered"),
  inline: optional(document("policy"), undefined, "A policy that is given along"),
}));

function oneMember(decoder: Decoder<GivenPolicy>): Decoder<GivenPolicy> {
  const checked = refined(decoder, ({ digest, inline }, path) => {
    if ((digest === undefined) !== (inline === undefined)) return;
    throw new DecodeError(path, "value", "expected either digest or inline");
  });
  return { ...checked, schema: { ...checked.schema, minProperties: 1, maxProperties: 1 } };
}

const TOKEN = object<GivenToken>({
  audience: optional(
    text(`${LINE}{1,1000}`, "one line of at most 1000 characters"),
    undefined,
    "For whom the token is; other profiles may do without",
  ),
  profile: optional(oneOf(...EAR_PROFILES), undefined, "How its claims are named"),
});

const EXPECT = object<GivenExpectation>({
  ...Object.fromEntries(
    Object.entries(STATEMENT_FORMS).map((
      [name, [pattern, says]],
    ): [string, Key<string | undefined>] => [
      name,
      optional(text(pattern.source.slice(1, -1), says), undefined, `${says}, of the statement`),
    ]),
  ),
  reportData: optional(hexBytes(1, MAX_QUESTION), undefined, "Report data, whole"),
});

/** Reads a request as JSON. */
export const VERIFY_FORM: Decoder<VerifyForm> = object<VerifyForm>({
  envelope: optional(
    ENVELOPE,
    undefined,
    "Evidence with its statement, as a node sends it: an envelope, or a CMW record of one",
  ),
  variant: optional(
    text("[a-z0-9-]{1,64}", "an id"),
    undefined,
    "Variant of the files; beside an envelope, the one that it must be of",
  ),
  evidence: optional(
    EVIDENCE,
    undefined,
    "Files by role, base64; beside an envelope, endorsements that go before those in it",
  ),
  statement: optional(FILE, undefined, "The node's statement beside files, base64"),
  challenge: optional(CHALLENGE, undefined, "A nonce of POST /v1/challenge"),
  nonce: optional(hexBytes(1, MAX_QUESTION), undefined, "A nonce of your own"),
  freshness: optional(
    oneOf("none"),
    undefined,
    "That the evidence answers nothing; it is then never trusted",
  ),
  expect: optional(EXPECT, undefined, "What else the evidence must say"),
  policy: optional(
    POLICY,
    undefined,
    "The policy; absent are the strict defaults, as if given along",
  ),
  reference: optional(
    document("reference"),
    undefined,
    "Reference values, beside a policy that is given along",
  ),
  profile: optional(oneOf("full", "crypto-only"), "full", "How much is examined"),
  token: optional(TOKEN, undefined, "What the token should be, where one is accepted"),
});
