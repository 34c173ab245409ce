/**
 * Signed documents: DSSE, the Dead Simple Signing Envelope, version 1.0.2. What
 * is signed is the exact bytes of the payload with its type, so nothing is read
 * before the signature holds.
 *
 * @module
 */

import { concat, fromBase64, toBase64 } from "./bytes.ts";
import { DecodeError, type Decoder, list, object, optional, required, text } from "./decode.ts";
import { InputError, RejectedError } from "./errors.ts";
import { type PublicKey, type SigningKey, verifySignature } from "./signing_key.ts";
import { parseStrictJson } from "./strict_json.ts";
import { ecdsaDer, ecdsaRaw } from "./ecdsa_form.ts";

/** Most bytes of an envelope: a bundle of collateral for a fleet fits. */
export const MAX_DSSE_BYTES = 16 * 1024 * 1024;

/** Most signatures in one envelope. */
const MAX_SIGNATURES = 16;

/** An envelope that was read; its payload is nobody's word yet. */
export interface Dsse {
  /** Type of the payload, as `application/vnd.casemate.reference-values+json`. */
  readonly payloadType: string;
  /** What was signed. */
  readonly payload: Uint8Array<ArrayBuffer>;
  /** Signatures; `keyid` is a hint for people and selects nothing. */
  readonly signatures: readonly { readonly keyid: string; readonly sig: Uint8Array<ArrayBuffer> }[];
}

/** A payload that a key signed. */
export interface Signed {
  /** Exact bytes. */
  readonly payload: Uint8Array<ArrayBuffer>;
  /** The key. */
  readonly by: PublicKey;
}

interface Form {
  readonly payloadType: string;
  readonly payload: string;
  readonly signatures: readonly { readonly keyid: string; readonly sig: string }[];
}

const BASE64 = text("[A-Za-z0-9+/]*={0,2}", "base64");

const FORM: Decoder<Form> = object<Form>({
  payloadType: required(text("[!-~]{1,200}", "a media type"), "Type of the payload"),
  payload: required(BASE64, "What is signed, base64"),
  signatures: required(
    list(
      object<Form["signatures"][number]>({
        keyid: optional(text("[ -~]{0,200}", "a name of a key"), "", "Which key, as a hint"),
        sig: required(BASE64, "Signature over the pre-authentication encoding, base64"),
      }),
      MAX_SIGNATURES,
    ),
    "Signatures",
  ),
});

/**
 * What is signed: PAE(type, payload) of DSSE's protocol.
 *
 * @param payloadType Type of the payload, ASCII.
 * @param payload The payload.
 */
export function preAuthEncoding(payloadType: string, payload: Uint8Array): Uint8Array<ArrayBuffer> {
  const type = new TextEncoder().encode(payloadType);
  const head = `DSSEv1 ${type.length} ${payloadType} ${payload.length} `;
  return concat(new TextEncoder().encode(head), payload);
}

/** How an envelope begins; some writers put the payload, which may be long, before its type. */
const START = /^\s*\{\s*"(?:payloadType|payload|signatures)"/;

/**
 * Whether bytes look like an envelope, so that it is read as one.
 *
 * @param bytes Any file.
 */
export function looksLikeDsse(bytes: Uint8Array): boolean {
  return START.test(new TextDecoder().decode(bytes.subarray(0, 4096)));
}

/**
 * Reads an envelope strictly. Nothing is verified.
 *
 * @param bytes JSON.
 * @param name What to call it in errors, as its path.
 * @throws {InputError} `dsse.malformed`, `input.too_large`
 */
export function readDsse(bytes: Uint8Array, name: string): Dsse {
  if (bytes.length > MAX_DSSE_BYTES) {
    const fields = { expected: `at most ${MAX_DSSE_BYTES} bytes`, actual: `${bytes.length} bytes` };
    throw new InputError(`Cannot read ${name}: ${fields.actual}, ${fields.expected}`, {
      code: "input.too_large",
      fields,
    });
  }
  try {
    const { payloadType, payload, signatures } = FORM.decode(parseStrictJson(bytes), "");
    return {
      payloadType,
      payload: fromBase64(payload),
      signatures: signatures.map(({ keyid, sig }) => ({ keyid, sig: fromBase64(sig) })),
    };
  } catch (cause) {
    const isForm = cause instanceof DecodeError || cause instanceof SyntaxError ||
      cause instanceof RangeError;
    if (!isForm) throw cause;
    const where = cause instanceof DecodeError && cause.path !== "" ? `${cause.path} ` : "";
    throw new InputError(`Cannot read ${name} as a signed document: ${where}${cause.message}`, {
      code: "dsse.malformed",
      fields: { file: name },
      cause,
    });
  }
}

/**
 * Gives the payload where one of the keys signed it as that type.
 *
 * @param envelope The envelope.
 * @param payloadType What the payload must be: a signature for one purpose is none for another.
 * @param keys Keys that are accepted, at least one.
 * @throws {RejectedError} `dsse.type`, `dsse.key`, `dsse.signature`
 * @throws {RangeError} without keys.
 */
export async function verifyDsse(
  envelope: Dsse,
  payloadType: string,
  keys: readonly PublicKey[],
): Promise<Signed> {
  if (keys.length === 0) throw new RangeError("Cannot verify a signed document: no key is given");
  if (envelope.payloadType !== payloadType) {
    throw refuse("dsse.type", payloadType, envelope.payloadType);
  }
  const message = preAuthEncoding(payloadType, envelope.payload);
  for (const by of keys) {
    for (const { sig } of envelope.signatures) {
      if (await holds(by, message, sig)) return { payload: envelope.payload, by };
    }
  }
  const ids = keys.map(({ id }) => id);
  const named = envelope.signatures.map(({ keyid }) => keyid);
  const code = named.some((keyid) => ids.includes(keyid)) ? "dsse.signature" : "dsse.key";
  throw refuse(code, ids.join(" or "), named.map((id) => id === "" ? "unnamed" : id).join(", "));
}

/**
 * Which of some keys signed an envelope: what needs several of them is for the caller to say.
 *
 * @param envelope The envelope.
 * @param payloadType What the payload must be: a signature for one purpose is none for another.
 * @param keys The keys.
 * @returns Those that signed it, each once, in the order given.
 * @throws {RejectedError} `dsse.type`
 */
export async function signersOf(
  envelope: Dsse,
  payloadType: string,
  keys: readonly PublicKey[],
): Promise<readonly PublicKey[]> {
  if (envelope.payloadType !== payloadType) {
    throw refuse("dsse.type", payloadType, envelope.payloadType);
  }
  const message = preAuthEncoding(payloadType, envelope.payload);
  const found = new Map<string, PublicKey>();
  for (const key of keys) {
    for (const { sig } of envelope.signatures) {
      if (!found.has(key.id) && await holds(key, message, sig)) found.set(key.id, key);
    }
  }
  return [...found.values()];
}

async function holds(key: PublicKey, message: Uint8Array, sig: Uint8Array): Promise<boolean> {
  const raw = key.kind === "Ed25519" ? sig : ecdsaRaw(sig, key.kind === "P-256" ? 32 : 48);
  return raw !== undefined && await verifySignature(key, message, raw);
}

/**
 * Signs a payload.
 *
 * @param payloadType Type of the payload, ASCII without blanks.
 * @param payload Exact bytes.
 * @param keys Keys that sign, at least one.
 * @returns The envelope, JSON with a line break at the end.
 */
export async function signDsse(
  payloadType: string,
  payload: Uint8Array,
  keys: readonly SigningKey[],
): Promise<Uint8Array<ArrayBuffer>> {
  const message = preAuthEncoding(payloadType, payload);
  const signatures: { readonly keyid: string; readonly sig: string }[] = [];
  for (const key of keys) {
    const raw = await key.sign(message);
    const sig = key.publicKey.kind === "Ed25519" ? raw : ecdsaDer(raw);
    signatures.push({ keyid: key.publicKey.id, sig: toBase64(sig) });
  }
  return written(payloadType, payload, signatures);
}

/** Longest signature of a key that is taken: P-384 in DER. */
const MAX_SIGNATURE_BYTES = 104;

/**
 * Writes an envelope as this program does. Blanks, and signatures that are none by their length, are nobody's word:
 * whoever passes an envelope on could make it as large as they like with them.
 *
 * @param envelope The envelope.
 * @returns JSON with a line break at the end; of what {@linkcode signDsse} wrote the same bytes.
 */
export function writeDsse(
  { payloadType, payload, signatures }: Dsse,
): Uint8Array<ArrayBuffer> {
  const possible = signatures.filter(({ sig }) => sig.length <= MAX_SIGNATURE_BYTES);
  return written(
    payloadType,
    payload,
    possible.map(({ keyid, sig }) => ({ keyid, sig: toBase64(sig) })),
  );
}

function written(
  payloadType: string,
  payload: Uint8Array,
  signatures: Form["signatures"],
): Uint8Array<ArrayBuffer> {
  const envelope = { payloadType, payload: toBase64(payload), signatures };
  return new TextEncoder().encode(`${JSON.stringify(envelope)}\n`);
}

function refuse(code: string, expected: string, actual: string): RejectedError {
  const problem = code === "dsse.type"
    ? `it is ${actual}, expected ${expected}`
    : code === "dsse.key"
    ? `it is signed by ${actual}, expected ${expected}`
    : `the signature of ${expected} does not hold`;
  return new RejectedError(`Cannot accept the signed document: ${problem}`, {
    code,
    fields: { expected, actual },
  });
}
