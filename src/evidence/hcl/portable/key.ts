/**
 * Keys in runtime data: JSON Web Keys (RFC 7517, RFC 7518 §6.3) of the RSA keys
 * that the paravisor made in its TPM.
 *
 * @module
 */

import { fromBase64, toBase64, toHex } from "../../../core/bytes.ts";
import { fingerprintOf } from "../../../core/portable/digest.ts";
import type { JsonTree } from "../../../core/portable/json_tree.ts";
import { Malformed, readOr } from "../../../core/malformed.ts";
import { writeRsaKey } from "../../../core/portable/spki.ts";
import type { HclKey } from "../report.ts";
import { refuseHcl } from "./refuse.ts";

/** Most keys; Azure writes two. */
const MAX_KEYS = 8;
/** Longest name, characters. */
const MAX_KID = 64;
/** Most operations of a key, and the longest name of one. */
const MAX_OPERATIONS = 8;
const MAX_OPERATION = 32;
/** Members of a key. */
const MEMBERS = 5;
/** 65537 in base64url. */
const EXPONENT = "AQAB";
/** Lengths of moduli, bytes. */
const MODULUS_BYTES: readonly number[] = [256, 384, 512];

/** A key as it is written. */
interface WrittenKey {
  readonly kid: string;
  readonly keyOps: readonly string[];
  readonly kty: string;
  readonly e: string;
  readonly n: string;
}

/**
 * Reads the keys.
 *
 * @param keys The member `keys`.
 * @throws {RejectedError} `hcl.runtime_value`, `hcl.key_attributes`, `hcl.key_repeated`
 */
export function readKeys(keys: JsonTree | undefined): readonly HclKey[] {
  const read: HclKey[] = [];
  for (const item of inKeys(() => itemsOf(keys, MAX_KEYS))) {
    const written = inKeys(() => readWritten(item));
    const key = keyOf(written);
    if (read.some(({ kid }) => kid === key.kid)) {
      throw refuseHcl("hcl.key_repeated", "its name stands twice", { kid: key.kid });
    }
    read.push(key);
  }
  return read;
}

function inKeys<T>(read: () => T): T {
  const fields = { member: "keys" };
  return readOr(read, (reason) => refuseHcl("hcl.runtime_value", reason, fields));
}

function itemsOf(list: JsonTree | undefined, most: number): readonly JsonTree[] {
  if (list?.kind === "list" && list.items.length > 0 && list.items.length <= most) {
    return list.items;
  }
  throw new Malformed(`there is no list of 1 to ${most} items`);
}

function readWritten(item: JsonTree): WrittenKey {
  if (item.kind !== "object") throw new Malformed("a key is no object");
  const { members } = item;
  const kid = shortTextOf(members.get("kid"), MAX_KID);
  const operations = itemsOf(members.get("key_ops"), MAX_OPERATIONS);
  const keyOps = operations.map((operation) => shortTextOf(operation, MAX_OPERATION));
  const [kty, e, n] = ["kty", "e", "n"].map((name) => textOf(members.get(name)));
  if (kty === undefined || e === undefined || n === undefined || members.size !== MEMBERS) {
    throw new Malformed("a key has a member that is not known");
  }
  return { kid, keyOps, kty, e, n };
}

function textOf(value: JsonTree | undefined): string {
  if (value?.kind === "string") return value.text;
  throw new Malformed("a member of a key is no text, or missing");
}

function shortTextOf(value: JsonTree | undefined, most: number): string {
  const text = textOf(value);
  const length = [...text].length;
  if (length > 0 && length <= most) return text;
  throw new Malformed(`a text of a key does not have 1 to ${most} characters`);
}

/** RSA of a length that TPMs have; whatever else it is, no paravisor made it. */
function keyOf({ kid, keyOps, kty, e, n }: WrittenKey): HclKey {
  const modulus = kty === "RSA" && e === EXPONENT ? modulusOf(n) : undefined;
  const isUsable = modulus !== undefined && MODULUS_BYTES.includes(modulus.length) &&
    (modulus[0] ?? 0) >= 0x80 && (modulus.at(-1) ?? 0) % 2 === 1;
  if (!isUsable) {
    const reason = "it is no RSA key of 2048, 3072 or 4096 bits with exponent 65537";
    throw refuseHcl("hcl.key_attributes", reason, { kid });
  }
  const spki = writeRsaKey(modulus);
  return {
    kid,
    keyOps,
    bits: 8 * modulus.length,
    spki: toHex(spki),
    spkiSha256: fingerprintOf(spki),
  };
}

/** Base64url without padding (RFC 7515 §2) in its one form; undefined where it is none. */
function modulusOf(text: string): Uint8Array | undefined {
  if (!/^[A-Za-z0-9_-]*$/.test(text) || text.length % 4 === 1) return undefined;
  const plain = text.replaceAll("-", "+").replaceAll("_", "/");
  const base64 = plain + "=".repeat((4 - plain.length % 4) % 4);
  const bytes = fromBase64(base64);
  return toBase64(bytes) === base64 ? bytes : undefined;
}
