/**
 * Keys that sign documents and tokens: the owner's, a verifier's. Not those of
 * evidence, which the engines verify.
 *
 * @module
 */

import { concat, fromBase64, isBytes, toBase64, toHex } from "./bytes.ts";
import { InputError } from "./errors.ts";
import { plainHash } from "./labelled_hash.ts";

/** Kinds of key. Owners have P-384 (protocol §2). */
export type SigningKeyKind = "P-256" | "P-384" | "Ed25519";

/** All kinds of key. */
export const SIGNING_KEY_KINDS: readonly SigningKeyKind[] = ["P-256", "P-384", "Ed25519"];

/** A key that verifies signatures. */
export interface PublicKey {
  /** Algorithm and curve. */
  readonly kind: SigningKeyKind;
  /** DER of SubjectPublicKeyInfo. */
  readonly spki: Uint8Array<ArrayBuffer>;
  /** SHA-256 of that, lowercase hex: the key's name. */
  readonly id: string;
}

/** A key that signs; where the private half is, is its own matter. */
export interface SigningKey {
  /** The public half. */
  readonly publicKey: PublicKey;
  /**
   * Signs bytes.
   *
   * @param message What is signed; it is hashed with SHA-256 (P-256), SHA-384 (P-384) or as RFC 8032 says.
   * @returns R and S, each as long as the field, big-endian; of Ed25519 the 64 bytes of RFC 8032.
   */
  sign(message: Uint8Array): Promise<Uint8Array<ArrayBuffer>>;
}

const HASHES: Readonly<Record<SigningKeyKind, string>> = {
  "P-256": "SHA-256",
  "P-384": "SHA-384",
  "Ed25519": "SHA-512",
};

/** Beginning of SubjectPublicKeyInfo with an uncompressed point or a key of 32 bytes (RFC 5480 §2, RFC 8410 §4), and its whole length. */
const SPKI_FORMS: readonly (readonly [SigningKeyKind, string, number])[] = [
  ["P-256", "3059301306072a8648ce3d020106082a8648ce3d03010703420004", 91],
  ["P-384", "3076301006072a8648ce3d020106052b8104002203620004", 120],
  ["Ed25519", "302a300506032b6570032100", 44],
];

type Algorithm = { readonly name: "Ed25519" } | { readonly name: "ECDSA"; namedCurve: string };

function algorithmOf(kind: SigningKeyKind): Algorithm {
  return kind === "Ed25519" ? { name: "Ed25519" } : { name: "ECDSA", namedCurve: kind };
}

function methodOf(kind: SigningKeyKind): { readonly name: string; readonly hash: string } {
  return { name: kind === "Ed25519" ? "Ed25519" : "ECDSA", hash: HASHES[kind] };
}

/**
 * Makes a key pair.
 *
 * @param kind Algorithm and curve.
 * @returns The private half as PKCS #8 (RFC 5958), DER, and the public half.
 */
export async function generateSigningKey(
  kind: SigningKeyKind,
): Promise<{ readonly pkcs8: Uint8Array<ArrayBuffer>; readonly publicKey: PublicKey }> {
  const pair = await crypto.subtle.generateKey(algorithmOf(kind), true, ["sign", "verify"]);
  if (!("privateKey" in pair)) throw new TypeError("Cannot make a key: no pair was made");
  const pkcs8 = new Uint8Array(await crypto.subtle.exportKey("pkcs8", pair.privateKey));
  const spki = new Uint8Array(await crypto.subtle.exportKey("spki", pair.publicKey));
  return { pkcs8, publicKey: { kind, spki, id: idOf(spki) } };
}

function idOf(spki: Uint8Array): string {
  return toHex(plainHash("sha256", spki));
}

/**
 * Reads a public key.
 *
 * @param file SubjectPublicKeyInfo, PEM (`PUBLIC KEY`) or DER.
 * @throws {InputError} `key.wrong_kind` for anything but P-256, P-384 or Ed25519 in that form; `key.malformed` for a point that is on no curve.
 */
export async function readPublicKey(file: Uint8Array): Promise<PublicKey> {
  const spki = derOf(file, "PUBLIC KEY");
  const text = toHex(spki);
  const form = SPKI_FORMS.find(([, start, bytes]) =>
    text.startsWith(start) && spki.length === bytes
  );
  if (form === undefined) {
    throw refuse("key.wrong_kind", "no public key of P-256, P-384 or Ed25519");
  }
  const [kind] = form;
  const key = { kind, spki, id: idOf(spki) };
  try {
    // Some platforms look at the point only when they verify.
    await verifySignature(key, spki, new Uint8Array(kind === "P-384" ? 96 : 64).fill(1));
  } catch (cause) {
    throw refuse("key.malformed", `no point of ${kind}`, cause);
  }
  return key;
}

/**
 * Reads a private key that is kept in a file.
 *
 * @param file PKCS #8 without password, PEM (`PRIVATE KEY`) or DER.
 * @throws {InputError} `key.wrong_kind`, `key.malformed`
 */
export async function readSigningKey(file: Uint8Array): Promise<SigningKey> {
  const pkcs8 = derOf(file, "PRIVATE KEY");
  for (const kind of SIGNING_KEY_KINDS) {
    const secret = await importIf(kind, pkcs8);
    if (secret === undefined) continue;
    const publicKey = await publicHalf(kind, secret);
    return {
      publicKey,
      sign: async (message) =>
        new Uint8Array(await crypto.subtle.sign(methodOf(kind), secret, concat(message))),
    };
  }
  throw refuse("key.wrong_kind", "no private key of P-256, P-384 or Ed25519 without password");
}

async function importIf(
  kind: SigningKeyKind,
  pkcs8: Uint8Array<ArrayBuffer>,
): Promise<CryptoKey | undefined> {
  try {
    return await crypto.subtle.importKey("pkcs8", pkcs8, algorithmOf(kind), true, ["sign"]);
  } catch (error) {
    // Of another kind, or no key at all: which it is, the last of the kinds tells.
    if (error instanceof Error) return undefined;
    throw error;
  }
}

async function publicHalf(kind: SigningKeyKind, secret: CryptoKey): Promise<PublicKey> {
  const { kty, crv, x, y } = await crypto.subtle.exportKey("jwk", secret);
  const jwk = Object.entries({ kty, crv, x, y }).filter(([, value]) => value !== undefined);
  const open = await crypto.subtle.importKey(
    "jwk",
    Object.fromEntries(jwk),
    algorithmOf(kind),
    true,
    ["verify"],
  );
  const spki = new Uint8Array(await crypto.subtle.exportKey("spki", open));
  return { kind, spki, id: idOf(spki) };
}

/**
 * Whether a signature is one of a key over a message.
 *
 * @param key The key.
 * @param message What was signed.
 * @param signature In the form of {@linkcode SigningKey.sign}.
 */
export async function verifySignature(
  key: PublicKey,
  message: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
  const open = await crypto.subtle.importKey("spki", key.spki, algorithmOf(key.kind), false, [
    "verify",
  ]);
  return await crypto.subtle.verify(methodOf(key.kind), open, concat(signature), concat(message));
}

/** One PEM block of a label, or DER. */
function derOf(file: Uint8Array, label: string): Uint8Array<ArrayBuffer> {
  if (!isBytes(file)) throw new TypeError("Cannot read a key: it is no bytes");
  if (file[0] === 0x30) return concat(file);
  const text = new TextDecoder().decode(file);
  const blocks = [...text.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \1-----/g)];
  const [block] = blocks;
  if (block === undefined || blocks.length > 1) {
    throw refuse("key.wrong_kind", `not one ${label} in PEM or DER`);
  }
  const [, found = "", body = ""] = block;
  if (found !== label) throw refuse("key.wrong_kind", `${found}, expected ${label}`);
  try {
    return fromBase64(body.replaceAll(/\s/g, ""));
  } catch (cause) {
    throw refuse("key.malformed", "no base64", cause);
  }
}

/**
 * A key as PEM (RFC 7468).
 *
 * @param label `PRIVATE KEY` for PKCS #8, `PUBLIC KEY` for SubjectPublicKeyInfo.
 * @param der The key.
 */
export function keyPem(label: "PRIVATE KEY" | "PUBLIC KEY", der: Uint8Array): string {
  const lines = toBase64(der).match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ""].join("\n");
}

function refuse(
  code: "key.wrong_kind" | "key.malformed",
  actual: string,
  cause?: unknown,
): InputError {
  return new InputError(`Cannot read key: it is ${actual}`, { code, fields: { actual }, cause });
}
