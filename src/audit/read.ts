/**
 * Reads audit bundles strictly: of two readings of one file, an auditor would see one.
 *
 * @module
 */

import { equal, fromBase64, toBase64 } from "../core/bytes.ts";
import { canonicalJson, type CanonicalValue } from "../core/canonical_json.ts";
import {
  DecodeError,
  type Decoder,
  list,
  object,
  oneOf,
  refined,
  required,
  text,
} from "../core/decode.ts";
import { InputError } from "../core/errors.ts";
import { parseStrictJson } from "../core/strict_json.ts";
import { ENGINES } from "../verifier/engines.ts";
import { type AuditBundle, BUNDLE_KIND } from "./bundle.ts";
import { MAX_BUNDLE_BYTES } from "./limits.ts";
import type { WrittenRequest } from "./written.ts";

/** Most roles and members of an object whose names the technologies know. */
const MAX_MEMBERS = 64;

/** Most files of one role, as the verifier takes them. */
const MAX_FILES = 64;

/** RFC 4648 §4, in the one form that gives these bytes. */
const BASE64: Decoder<string> = {
  schema: { type: "string", contentEncoding: "base64" },
  decode(value, path) {
    if (typeof value === "string" && isBase64(value)) return value;
    throw new DecodeError(path, "value", "is no base64");
  },
};

function isBase64(text: string): boolean {
  try {
    return toBase64(fromBase64(text)) === text;
  } catch (error) {
    // `atob` and the check before it.
    if (error instanceof RangeError || error instanceof DOMException) return false;
    throw error;
  }
}

/** The verifier reads it strictly in its turn. */
const anything: Decoder<unknown> = { schema: {}, decode: (value) => value };

/** An object with any names. */
function named<T>(item: Decoder<T>): Decoder<Readonly<Record<string, T>>> {
  return {
    schema: { type: "object", maxProperties: MAX_MEMBERS, additionalProperties: item.schema },
    decode(value, path) {
      if (typeof value !== "object" || value === null || Array.isArray(value)) {
        throw new DecodeError(path, "value", "is no object");
      }
      const members: readonly (readonly [string, unknown])[] = Object.entries(value);
      if (members.length > MAX_MEMBERS) {
        throw new DecodeError(path, "value", "has too many members");
      }
      return Object.fromEntries(
        members.map(([name, member]) => [name, item.decode(member, `${path}.${name}`)]),
      );
    },
  };
}

/** Null, or what another decoder reads. */
function orNull<T>(item: Decoder<T>): Decoder<T | null> {
  return {
    schema: { anyOf: [{ type: "null" }, item.schema] },
    decode: (value, path) => value === null ? null : item.decode(value, path),
  };
}

/** A list that may be empty. */
function orNone<T>(item: Decoder<T>, max: number): Decoder<readonly T[]> {
  const some = list(item, max);
  return {
    schema: { type: "array", maxItems: max, items: item.schema },
    decode: (value, path) =>
      Array.isArray(value) && value.length === 0 ? [] : some.decode(value, path),
  };
}

const FILE: Decoder<string | readonly string[]> = {
  schema: { anyOf: [BASE64.schema, { type: "array", maxItems: MAX_FILES, items: BASE64.schema }] },
  decode: (value, path) =>
    Array.isArray(value)
      ? orNone(BASE64, MAX_FILES).decode(value, path)
      : BASE64.decode(value, path),
};

const MOMENT: Decoder<string> = {
  schema: { type: "string", format: "date-time" },
  decode(value, path) {
    const given = text("[0-9]{4}-[0-9-]{5}T[0-9:.]{12}Z", "a moment in UTC").decode(value, path);
    const moment = new Date(given);
    if (!Number.isNaN(moment.getTime()) && moment.toISOString() === given) return given;
    throw new DecodeError(path, "value", "is no moment");
  },
};

const REQUEST_FORM: Decoder<WrittenRequest> = object<WrittenRequest>({
  variant: required(text("[a-z0-9-]{1,40}", "a variant"), "Technology of the evidence"),
  files: required(named(FILE), "Files by role, base64"),
  statement: required(orNull(BASE64), "The statement, base64"),
  expect: required(
    orNull(named(text("[\\s\\S]{0,4096}", "text"))),
    "What the evidence must answer; nonce and reportData in hex",
  ),
  policy: required(anything, "The policy; null is that of strict defaults"),
  reference: required(anything, "Reference values that nobody signed; null without"),
  signedReference: required(
    orNull(object({
      envelope: required(BASE64, "DSSE envelope, base64"),
      key: required(BASE64, "SubjectPublicKeyInfo, base64"),
    })),
    "Reference values that somebody signed",
  ),
  collateral: required(anything, "Where collateral came from"),
  time: required(MOMENT, "Moment for which it was judged"),
  labRoots: required(orNone(BASE64, MAX_FILES), "Lab roots, base64"),
  profile: required(oneOf("full", "crypto-only"), "How much was examined"),
  engine: required(oneOf(...ENGINES), "Which engine verified"),
});

/** Of two documents one would be shown to somebody and the other judged by. */
const REQUEST = refined(REQUEST_FORM, ({ reference, signedReference }, path) => {
  if (reference === null || signedReference === null) return;
  throw new DecodeError(`${path}.reference`, "value", "stands beside signedReference");
});

/** A bundle with the members that tell what it is. */
interface WrittenBundle extends AuditBundle {
  readonly v: number;
  readonly kind: string;
}

/** A bundle as it describes itself. */
export const BUNDLE: Decoder<WrittenBundle> = object<WrittenBundle>({
  v: required({ schema: { const: 1 }, decode: () => 1 }, "Version of this form"),
  kind: required(oneOf(BUNDLE_KIND), "What the file is"),
  casemate: required(text("[0-9A-Za-z.+-]{1,64}", "a version"), "Version that wrote it"),
  request: required(REQUEST, "What was verified, and by what"),
  result: required(named(anything), "What came of it"),
});

/**
 * Whether a file says that it is an audit bundle; nothing is verified.
 *
 * @param bytes Any file.
 */
export function looksLikeBundle(bytes: Uint8Array): boolean {
  const start = new TextDecoder().decode(bytes.subarray(0, 64));
  return start.startsWith('{"casemate":');
}

/**
 * Reads a bundle. Nothing in it is verified.
 *
 * @param bytes The file.
 * @param name What to call it in errors, as its path.
 * @throws {InputError} `audit.malformed`, `audit.version`, `input.too_large`
 */
export function readBundle(bytes: Uint8Array, name: string): AuditBundle {
  if (bytes.length > MAX_BUNDLE_BYTES) {
    throw refuse("input.too_large", name, `it has more than ${MAX_BUNDLE_BYTES} bytes`);
  }
  const plain = plainIn(bytes, name);
  if (typeof plain !== "object" || plain === null || !("kind" in plain)) {
    throw refuse("audit.malformed", name, "it is no audit bundle");
  }
  if ("v" in plain && plain.v !== 1) {
    throw refuse("audit.version", name, "only version 1 is known here");
  }
  try {
    const { casemate, request, result } = BUNDLE.decode(plain, "");
    return { casemate, request, result };
  } catch (cause) {
    if (!(cause instanceof DecodeError)) throw cause;
    throw refuse("audit.malformed", name, `${cause.path} ${cause.message}`, cause);
  }
}

/** Only the canonical form is taken, so that one content is one file. */
function plainIn(bytes: Uint8Array, name: string): unknown {
  try {
    const plain = parseStrictJson(bytes);
    // What JSON was parsed from consists of what JSON consists of.
    if (equal(canonicalJson(plain as CanonicalValue), bytes)) return plain;
  } catch (cause) {
    if (!(cause instanceof SyntaxError || cause instanceof RangeError)) throw cause;
    throw refuse("audit.malformed", name, `it cannot be read as JSON: ${cause.message}`, cause);
  }
  throw refuse("audit.malformed", name, "it is not in the canonical form of RFC 8785");
}

function refuse(code: string, name: string, problem: string, cause?: unknown): InputError {
  return new InputError(`Cannot use ${name}: ${problem}`, { code, fields: { file: name }, cause });
}
