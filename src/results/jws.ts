/**
 * Signed tokens: JWS in compact form (RFC 7515 §7.1) with ES256, ES384 or
 * EdDSA. The key decides the algorithm; a token brings neither keys nor
 * addresses nor rules (RFC 8725 §3.1, §3.10).
 *
 * @module
 */

import { fromBase64url, toBase64url } from "../core/base64url.ts";
import { shortened } from "../core/decode.ts";
import { RejectedError } from "../core/errors.ts";
import {
  type PublicKey,
  type SigningKey,
  type SigningKeyKind,
  verifySignature,
} from "../core/signing_key.ts";
import { parseStrictJson } from "../core/strict_json.ts";

/** Longest token, characters: claims of a node with its event log take some 100 KiB. */
export const MAX_TOKEN_CHARACTERS = 512 * 1024;

/** Most keys that a relying party may have for one token. */
const MAX_KEYS = 64;

/** Algorithm of each kind of key (RFC 7518 §3.4, RFC 8037 §3.1), the one that is written first; RFC 9864 renames the last. */
export const ALGORITHMS: Readonly<Record<SigningKeyKind, readonly [string, ...string[]]>> = {
  "P-256": ["ES256"],
  "P-384": ["ES384"],
  "Ed25519": ["EdDSA", "Ed25519"],
};

/** Media type without `application/` (RFC 9782 §2, RFC 7515 §4.1.9). */
export const TOKEN_TYPE = "eat+jwt";

/** The header's members that are taken; `kid` is a hint for people and selects nothing. */
export interface JwsHeader {
  /** Algorithm. */
  readonly alg: string;
  /** Type; null where it names none. */
  readonly typ: string | null;
  /** Name of the key; null where it names none. */
  readonly kid: string | null;
}

/** A token in its parts, with whatever its header says. */
export interface DecodedJws {
  /** The header, all of it. */
  readonly members: Readonly<Record<string, unknown>>;
  /** Exact bytes. */
  readonly payload: Uint8Array<ArrayBuffer>;
  /** The payload as JSON. */
  readonly claims: Readonly<Record<string, unknown>>;
  /** What was signed: header and payload as they were sent. */
  readonly signed: Uint8Array<ArrayBuffer>;
  /** R and S, or the 64 bytes of RFC 8032. */
  readonly signature: Uint8Array<ArrayBuffer>;
}

/** A token that was read; nothing in it is anybody's word yet. */
export interface Jws extends DecodedJws {
  /** The header, which brings nothing that could decide. */
  readonly header: JwsHeader;
}

/**
 * Signs a payload.
 *
 * @param payload JSON in UTF-8.
 * @param key The key.
 * @returns The compact form.
 */
export async function signJws(payload: Uint8Array, key: SigningKey): Promise<string> {
  const { kind, id } = key.publicKey;
  const header = { alg: ALGORITHMS[kind][0], kid: id, typ: TOKEN_TYPE };
  const signed = `${toBase64url(utf8(JSON.stringify(header)))}.${toBase64url(payload)}`;
  return `${signed}.${toBase64url(await key.sign(utf8(signed)))}`;
}

/**
 * Reads a token strictly. Nothing is verified.
 *
 * @param token The compact form, without white space.
 * @throws {RejectedError} `results.form`, `results.header`
 */
export function readJws(token: string): Jws {
  const decoded = decodeJws(token);
  return { ...decoded, header: headerOf(decoded.members) };
}

/**
 * Takes a token apart, only to be shown: its header may bring keys and rules.
 *
 * @param token The compact form, without white space.
 * @throws {RejectedError} `results.form`
 */
export function decodeJws(token: string): DecodedJws {
  if (token.length > MAX_TOKEN_CHARACTERS) {
    throw malformed(`${token.length} characters`, `at most ${MAX_TOKEN_CHARACTERS}`);
  }
  const parts = token.split(".");
  const [head, body, tail] = parts;
  if (parts.length !== 3 || head === undefined || body === undefined || tail === undefined) {
    throw malformed(`${parts.length} parts`, "three parts of base64url with dots between");
  }
  const payload = part("payload", body);
  return {
    members: jsonOf("header", part("header", head)),
    payload,
    claims: jsonOf("payload", payload),
    signed: utf8(`${head}.${body}`),
    signature: part("signature", tail),
  };
}

function part(name: string, text: string): Uint8Array<ArrayBuffer> {
  try {
    const bytes = fromBase64url(text);
    if (bytes.length > 0) return bytes;
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw malformed(`a ${name} that is no base64url without padding`, "base64url", cause);
  }
  throw malformed(`no ${name}`, "three parts that are not empty");
}

function jsonOf(name: string, bytes: Uint8Array): Readonly<Record<string, unknown>> {
  const value = parsed(name, bytes);
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return Object.fromEntries(Object.entries(value));
  }
  throw malformed(`a ${name} that is no object`, "a JSON object");
}

function parsed(name: string, bytes: Uint8Array): unknown {
  try {
    return parseStrictJson(bytes);
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw malformed(`a ${name} of which ${cause.message}`, "a JSON object", cause);
  }
}

const TAKEN: readonly string[] = ["alg", "typ", "kid"];

/** `jku`, `jwk`, `x5u` and `x5c` would bring keys, `crit` and `b64` rules; there is no use for any other member either. */
function headerOf(header: Readonly<Record<string, unknown>>): JwsHeader {
  const other = Object.keys(header).find((name) => !TAKEN.includes(name));
  if (other !== undefined) {
    throw refusedHeader(`it has ${shortened(other)}`, "alg, kid and typ alone");
  }
  const { alg, typ = null, kid = null } = header;
  if (typeof alg !== "string") throw refusedHeader("it names no algorithm", "alg as text");
  if (!isTextOrNull(typ) || !isTextOrNull(kid)) {
    throw refusedHeader("typ or kid is no text", "typ and kid as text");
  }
  return { alg, typ, kid };
}

function isTextOrNull(value: unknown): value is string | null {
  return value === null || typeof value === "string";
}

/**
 * The key that signed a token.
 *
 * @param jws The token.
 * @param keys Keys that are accepted, at least one.
 * @throws {RejectedError} `results.algorithm`, `results.signature`
 * @throws {RangeError} without keys.
 */
export async function signerOf(
  { header, signed, signature }: Jws,
  keys: readonly PublicKey[],
): Promise<PublicKey> {
  if (keys.length === 0) throw new RangeError("Cannot verify a token: no key is given");
  if (keys.length > MAX_KEYS) {
    throw new RangeError(`Cannot verify a token with ${keys.length} keys`);
  }
  const fitting = keys.filter(({ kind }) => ALGORITHMS[kind].includes(header.alg));
  if (fitting.length === 0) {
    const expected = [...new Set(keys.map(({ kind }) => ALGORITHMS[kind][0]))].join(" or ");
    const actual = shortened(header.alg);
    throw new RejectedError(
      `Cannot accept the token: it is signed by ${actual}, expected ${expected}`,
      {
        code: "results.algorithm",
        fields: { actual, expected },
      },
    );
  }
  for (const key of fitting) {
    if (await holds(key, signed, signature)) return key;
  }
  const expected = fitting.map(({ id }) => id).join(" or ");
  throw new RejectedError(`Cannot accept the token: no signature of ${expected}`, {
    code: "results.signature",
    fields: {
      expected,
      actual: header.kid === null ? "a key without name" : shortened(header.kid),
    },
  });
}

async function holds(key: PublicKey, signed: Uint8Array, signature: Uint8Array): Promise<boolean> {
  const bytes = key.kind === "P-384" ? 96 : 64;
  return signature.length === bytes && await verifySignature(key, signed, signature);
}

function utf8(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

function malformed(actual: string, expected: string, cause?: unknown): RejectedError {
  return new RejectedError(`Cannot read the token: it has ${actual}, expected ${expected}`, {
    code: "results.form",
    fields: { actual, expected },
    cause,
  });
}

function refusedHeader(actual: string, expected: string): RejectedError {
  return new RejectedError(`Cannot accept the token's header: ${actual}, expected ${expected}`, {
    code: "results.header",
    fields: { actual, expected },
  });
}
