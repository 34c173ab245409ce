/**
 * Sealed bodies as Python made them (`tests/oracle/hpke/program.py`), and keys
 * of X25519 whose private half is known.
 *
 * @module
 */

import { concat, fromHex } from "../../src/core/bytes.ts";
import type { HpkeKey, SealContext } from "../../src/channel/hpke.ts";
import { type Purpose, PURPOSES } from "../../src/evidence/statement/statement.ts";
import cases from "./sealed_vectors.json" with { type: "json" };

/** The cases. */
export const SEALED_CASES = cases;

/** One of them. */
export type SealedCase = (typeof cases)[number];

/** Beginning of PKCS #8 with a key of X25519 (RFC 8410 §7). */
const PKCS8_START = fromHex("302e020100300506032b656e04220420");

/** A key pair from its private half, 32 bytes in hex. */
export async function keyOf(secret: string): Promise<HpkeKey> {
  const pkcs8 = concat(PKCS8_START, fromHex(secret));
  const own = await crypto.subtle.importKey("pkcs8", pkcs8, "X25519", true, ["deriveBits"]);
  const { x = "" } = await crypto.subtle.exportKey("jwk", own);
  const base64 = `${x.replaceAll("-", "+").replaceAll("_", "/")}=`;
  const publicKey = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const privateKey = await crypto.subtle.importKey("pkcs8", pkcs8, "X25519", false, ["deriveBits"]);
  return { publicKey, privateKey };
}

/** What both ends of a case agree on. */
export function contextOf(one: Omit<SealedCase, "expected">): SealContext {
  return {
    purpose: purposeOf(one.purpose),
    serverNonce: fromHex(one.serverNonce),
    clientNonce: fromHex(one.clientNonce),
    serverStatement: fromHex(one.serverStatement),
    clientStatement: one.clientStatement === "" ? null : fromHex(one.clientStatement),
    method: one.method,
    path: one.path,
  };
}

function purposeOf(name: string): Purpose {
  const known = PURPOSES.find((purpose) => purpose === name);
  if (known === undefined) throw new Error(`The vectors have a purpose ${name}`);
  return known;
}
