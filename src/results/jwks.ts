/**
 * Verifiers' public keys as JSON Web Keys (RFC 7517, RFC 7518 §6.2, RFC 8037 §2).
 *
 * @module
 */

import { concat } from "../core/bytes.ts";
import { fromBase64url, toBase64url } from "../core/base64url.ts";
import { InputError } from "../core/errors.ts";
import {
  type PublicKey,
  readPublicKey,
  SIGNING_KEY_KINDS,
  type SigningKeyKind,
} from "../core/signing_key.ts";
import { parseStrictJson } from "../core/strict_json.ts";
import { ALGORITHMS } from "./jws.ts";

/** Most keys in one set. */
const MAX_KEYS = 64;

/** A public key that signs. */
export interface Jwk {
  /** `EC` or `OKP`. */
  readonly kty: "EC" | "OKP";
  /** The curve. */
  readonly crv: SigningKeyKind;
  /** Coordinate, or the key, base64url. */
  readonly x: string;
  /** Second coordinate, base64url; absent for Ed25519. */
  readonly y?: string;
  /** Algorithm that it signs with. */
  readonly alg: string;
  /** What it is for. */
  readonly use: "sig";
  /** Its name: SHA-256 of its SubjectPublicKeyInfo, hex. */
  readonly kid: string;
}

/** Bytes of a coordinate. */
const FIELD_BYTES: Readonly<Record<SigningKeyKind, number>> = {
  "P-256": 32,
  "P-384": 48,
  "Ed25519": 32,
};

/** SubjectPublicKeyInfo up to the coordinates (RFC 5480 §2, RFC 8410 §4). */
const PREFIXES: Readonly<Record<SigningKeyKind, Uint8Array>> = {
  "P-256": fromBase64url("MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE"),
  "P-384": fromBase64url("MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAE"),
  "Ed25519": fromBase64url("MCowBQYDK2VwAyEA"),
};

/**
 * A key as a JSON Web Key.
 *
 * @param key The key.
 */
export function jwkOf({ kind, spki, id }: PublicKey): Jwk {
  const bytes = FIELD_BYTES[kind];
  const common = { crv: kind, alg: ALGORITHMS[kind][0], use: "sig", kid: id } as const;
  const last = toBase64url(spki.subarray(spki.length - bytes));
  if (kind === "Ed25519") return { kty: "OKP", x: last, ...common };
  const first = toBase64url(spki.subarray(spki.length - 2 * bytes, spki.length - bytes));
  return { kty: "EC", x: first, y: last, ...common };
}

/**
 * Reads a verifier's public keys.
 *
 * @param file A JWK Set, one JWK, or SubjectPublicKeyInfo in PEM or DER. Keys of a set that this program has no use for, as RSA's, are passed over.
 * @throws {InputError} `results.jwks`, `key.wrong_kind`, `key.malformed`
 */
export async function readVerifierKeys(file: Uint8Array): Promise<readonly PublicKey[]> {
  // `{`, perhaps behind white space; DER begins with 0x30, PEM with a hyphen.
  const first = file.find((byte) => byte > 0x20);
  if (first !== 0x7b) return [await readPublicKey(file)];
  const keys: PublicKey[] = [];
  for (const jwk of jwksOf(jsonOf(file))) {
    const key = await keyOf(jwk);
    if (key !== undefined) keys.push(key);
  }
  if (keys.length === 0) throw refuse("no key in it is one of P-256, P-384 or Ed25519 that signs");
  return keys;
}

type Members = Readonly<Record<string, unknown>>;

function jsonOf(file: Uint8Array): Members {
  try {
    return membersOf(parseStrictJson(file));
  } catch (cause) {
    if (cause instanceof SyntaxError) throw refuse(cause.message, cause);
    throw cause;
  }
}

function membersOf(value: unknown): Members {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw refuse("a key is no object");
  }
  return Object.fromEntries(Object.entries(value));
}

function jwksOf(file: Members): readonly Members[] {
  if (!("keys" in file)) return [file];
  const { keys } = file;
  if (!Array.isArray(keys) || keys.length > MAX_KEYS) {
    throw refuse(`\`keys\` is no list of at most ${MAX_KEYS} keys`);
  }
  return keys.map(membersOf);
}

/** The key; undefined where it is of another kind or for another use. */
async function keyOf(jwk: Members): Promise<PublicKey | undefined> {
  // `d` is the private half, `k` a secret that both sides would hold (RFC 7518 §6.2.2, §6.4.1).
  if ("d" in jwk || "k" in jwk) throw refuse("it holds a private key or a shared secret");
  const kind = SIGNING_KEY_KINDS.find((candidate) => candidate === jwk["crv"]);
  const kty = kind === "Ed25519" ? "OKP" : "EC";
  if (kind === undefined || jwk["kty"] !== kty || !signs(jwk, kind)) return undefined;
  const prefix = PREFIXES[kind];
  const parts = kind === "Ed25519" ? [jwk["x"]] : [jwk["x"], jwk["y"]];
  return await readPublicKey(
    concat(prefix, ...parts.map((part) => coordinate(part, FIELD_BYTES[kind]))),
  );
}

/** Whether a key may be used for this: what it says of itself is held to (RFC 7517 §4.2 to §4.4). */
function signs({ use, key_ops: operations, alg }: Members, kind: SigningKeyKind): boolean {
  const forSigning = use === undefined || use === "sig";
  const verifies = operations === undefined ||
    (Array.isArray(operations) && operations.includes("verify"));
  const fits = alg === undefined || ALGORITHMS[kind].some((one) => one === alg);
  return forSigning && verifies && fits;
}

function coordinate(text: unknown, bytes: number): Uint8Array {
  try {
    const read = typeof text === "string" ? fromBase64url(text) : undefined;
    if (read?.length === bytes) return read;
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw refuse("a coordinate is no base64url", cause);
  }
  throw refuse(`a coordinate has not ${bytes} bytes`);
}

function refuse(actual: string, cause?: unknown): InputError {
  return new InputError(`Cannot use the verifier's keys: ${actual}`, {
    code: "results.jwks",
    fields: { actual },
    cause,
  });
}
