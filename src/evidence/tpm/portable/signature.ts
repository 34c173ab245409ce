/**
 * Signatures: TPMT_SIGNATURE (Part 2 §11.3), or plain ones as other tools write them.
 *
 * @module
 */

import { concat } from "../../../core/bytes.ts";
import { TAG } from "../../../core/portable/der.ts";
import {
  type EcdsaKey,
  type EcdsaScheme,
  isInRange,
  readSignature,
} from "../../../core/portable/ecdsa.ts";
import { argumentsOf } from "../../../core/portable/frame.ts";
import { readOr } from "../../../core/malformed.ts";
import { HASHES } from "../../../core/portable/digest.ts";
import { type RsaPadding, verifyRsa } from "../../../core/portable/rsa.ts";
import type { SignatureScheme } from "../report.ts";
import { algorithmText, schemeOf, strongHashOf } from "./algorithms.ts";
import { Marshalled } from "./marshalled.ts";
import type { ParsedKey } from "./public_area.ts";
import { checkSize, refuseTpm } from "./refuse.ts";

/** Largest signature; one of RSA 4096 has 518 bytes. */
const MAX_BYTES = 1024;
/** Bytes of R and S of the longest curve, and of a signature by the longest RSA key. */
const NUMBER_BYTES = { ecdsa: 48, rsa: 512 } as const;

const malformed = (reason: string): Error => refuseTpm("tpm.signature_malformed", { reason });
const unaccepted = (reason: string): Error => refuseTpm("tpm.signature_algorithm", { reason });
const mismatch = (): Error => refuseTpm("tpm.signature_mismatch");

/** A signature, read: a number of RSA, or R and S. */
interface Parsed {
  readonly scheme: SignatureScheme;
  readonly numbers: readonly Uint8Array[];
}

/**
 * Reads how a signature was made: the operation `tpm_signature`.
 *
 * @param parts TPMT_SIGNATURE.
 * @throws {RejectedError} `tpm.signature_malformed`, `tpm.signature_algorithm`
 * @throws {InputError} `input.*`
 */
export function tpmSignature(parts: readonly Uint8Array[]): SignatureScheme {
  const [signature = new Uint8Array()] = argumentsOf(parts, 1);
  checkSize(signature, "signature", MAX_BYTES);
  return parseSignature(signature).scheme;
}

function parseSignature(bytes: Uint8Array): Parsed {
  const fields = new Marshalled(bytes, malformed);
  const scheme = takeScheme(fields);
  const numbers = scheme.scheme === "ecdsa"
    ? [takeNumber(fields, "R", NUMBER_BYTES.ecdsa), takeNumber(fields, "S", NUMBER_BYTES.ecdsa)]
    : [takeNumber(fields, "the signature", NUMBER_BYTES.rsa)];
  fields.finish();
  return { scheme, numbers };
}

function takeScheme(fields: Marshalled): SignatureScheme {
  const algorithm = fields.number(2, "the scheme");
  const scheme = schemeOf(algorithm);
  if (scheme === undefined) throw unaccepted(`scheme ${algorithmText(algorithm)}`);
  const hashAlgorithm = fields.number(2, "the hash");
  const hash = strongHashOf(hashAlgorithm);
  if (hash === undefined) throw unaccepted(`hash ${algorithmText(hashAlgorithm)}`);
  return { scheme, hash };
}

function takeNumber(fields: Marshalled, what: string, most: number): Uint8Array {
  const number = fields.sized(what);
  if (number.length >= 1 && number.length <= most) return number;
  throw malformed(`${what} has ${number.length} bytes, not 1 to ${most}`);
}

/**
 * Verifies a signature in the one way that key and signature say.
 *
 * @param bytes TPMT_SIGNATURE, or the plain signature.
 * @param message What is signed.
 * @param key The key.
 * @returns How it was made.
 * @throws {RejectedError} `tpm.signature_malformed`, `tpm.signature_algorithm`, `tpm.signature_mismatch`
 * @throws {InputError} `input.*`
 */
export async function verifySignature(
  bytes: Uint8Array,
  message: Uint8Array,
  key: ParsedKey,
): Promise<SignatureScheme> {
  checkSize(bytes, "signature", MAX_BYTES);
  const { numbers } = key;
  if (numbers.kind === "rsa") {
    return await verifyByRsa(bytes, message, { modulus: numbers.modulus, key });
  }
  const { scheme, signature } = eccSignature(bytes, numbers.scheme, key);
  return verifyByEcc(numbers.key, { scheme, signature, message });
}

async function verifyByRsa(
  bytes: Uint8Array,
  message: Uint8Array,
  { modulus, key }: { readonly modulus: Uint8Array; readonly key: ParsedKey },
): Promise<SignatureScheme> {
  const isPlain = bytes.length === modulus.length;
  const usual = { scheme: "rsassa", hash: "sha256" } as const;
  const { scheme, numbers: [signature = new Uint8Array()] } = isPlain
    ? { scheme: key.area?.scheme ?? usual, numbers: [bytes] }
    : checkFits(parseSignature(bytes), key);
  if (signature.length !== modulus.length) {
    throw malformed("the signature has another length than the modulus");
  }
  for (const padding of paddingsOf(scheme, modulus)) {
    if (await verifyRsa(modulus, padding, { message, signature })) return scheme;
  }
  throw mismatch();
}

/**
 * Salt of RSASSA-PSS as TPMs make it is as long as the hash, or the longest that
 * fits (Part 1 §B.7): nothing else is taken.
 */
function paddingsOf(
  { scheme, hash }: SignatureScheme,
  modulus: Uint8Array,
): readonly RsaPadding[] {
  if (scheme === "ecdsa") return [];
  if (scheme === "rsassa") return [{ scheme, hash }];
  const { bytes } = HASHES[hash];
  // RFC 8017 §9.1.1: a digest, two bytes and the salt fill what the modulus has.
  const lengths = [bytes, modulus.length - bytes - 2];
  return lengths.map((saltLength) => ({ scheme, hash, saltLength }));
}

/** A signature by an elliptic curve: R and S, each as long as the field. */
interface EccSignature {
  readonly scheme: SignatureScheme;
  readonly signature: Uint8Array;
}

function eccSignature(bytes: Uint8Array, curve: EcdsaScheme, key: ParsedKey): EccSignature {
  const found = bytes[0] === TAG.sequence
    ? {
      scheme: key.area?.scheme ?? { scheme: "ecdsa", hash: curve.hash } as const,
      signature: readOr(() => readSignature(bytes, curve), malformed),
    }
    : padded(checkFits(parseSignature(bytes), key), curve);
  if (!isInRange(found.signature, curve)) throw malformed("R or S is no number of the curve");
  return found;
}

/** TPMs may leave leading zeros out (Part 1 §11.4.1). */
function padded({ scheme, numbers }: Parsed, { numberBytes }: EcdsaScheme): EccSignature {
  const full = numbers.map((number) => {
    if (number.length > numberBytes) throw malformed("R or S is longer than the curve's numbers");
    return concat(new Uint8Array(numberBytes - number.length), number);
  });
  return { scheme, signature: concat(...full) };
}

function verifyByEcc(
  key: EcdsaKey,
  { scheme, signature, message }: EccSignature & { readonly message: Uint8Array },
): SignatureScheme {
  if (key.verifies(message, signature, scheme.hash)) return scheme;
  throw mismatch();
}

/** Whoever makes a signature does not choose how it is verified. */
function checkFits(parsed: Parsed, { numbers, area }: ParsedKey): Parsed {
  const { scheme, hash } = parsed.scheme;
  if ((scheme === "ecdsa") !== (numbers.kind === "ecc")) {
    throw unaccepted(`${scheme} is no scheme of the key`);
  }
  const expected = area?.scheme ?? parsed.scheme;
  if (expected.scheme === scheme && expected.hash === hash) return parsed;
  throw unaccepted(`the key signs with ${expected.scheme} and ${expected.hash}`);
}
