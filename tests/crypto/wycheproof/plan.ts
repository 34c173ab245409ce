/**
 * Which file of Wycheproof is put to which primitive, and what must come of it.
 *
 * @module
 */

import { p384 } from "@noble/curves/nist.js";
import { concat, equal } from "../../../src/core/bytes.ts";
import type { Primitives, Scheme } from "../primitives.ts";
import { DIGESTS } from "./archive.ts";
import type { Vector } from "./vectors.ts";

/** Files of exactly what the engines verify: each vector must come out as it says. */
export const OURS: Readonly<Record<string, Scheme>> = {
  ecdsa_secp256r1_sha256_p1363_test: "p256-raw",
  ecdsa_secp256r1_sha256_test: "p256-der",
  ecdsa_secp384r1_sha384_p1363_test: "p384-raw",
  ecdsa_secp384r1_sha384_test: "p384-der",
  rsa_pss_4096_sha384_mgf1_48_test: "pss",
};

/**
 * Files of other hashes, curves, sizes, salts and paddings: nothing of them may
 * be accepted, `valid` or not. RSASSA-PKCS1-v1_5 is among them, since neither
 * AMD nor Intel uses it and no engine has it; its `acceptable` vectors (the
 * NULL of the hash is missing) are refused with the rest.
 */
export const FOREIGN: readonly string[] = Object.keys(DIGESTS).filter((name) => !(name in OURS));

/**
 * Vectors of a foreign file that are signatures of ours all the same: an
 * RSASSA-PSS signature with SHA-384 and 48 bytes of salt is no PKCS #1 one,
 * which is what its file asks, and is rightly accepted where PSS is asked.
 */
export const OURS_ELSEWHERE: readonly string[] = ["rsa_signature_4096_sha384_test 259"];

/** Primitives that a foreign file could be mistaken for. */
export function schemesNear(name: string): readonly Scheme[] {
  if (name.startsWith("rsa_")) return ["pss"];
  if (name.includes("p1363")) return ["p256-raw", "p384-raw"];
  return ["p256-der", "p384-der"];
}

/** A vector for an engine, or why it is none. */
export type Task = { readonly scheme: Scheme; readonly vector: Vector } | "not of this engine";

/**
 * A vector as an engine can be asked about it. The WASM engine knows P-384 in
 * its raw form alone, as reports have it: a vector in DER is asked in raw form
 * where it has one, and is none for it otherwise.
 */
export function taskFor(engine: Primitives, scheme: Scheme, vector: Vector): Task {
  if (engine.schemes.includes(scheme)) return { scheme, vector };
  const signature = scheme === "p384-der" ? rawOf(vector.signature) : undefined;
  if (signature === undefined) return "not of this engine";
  return { scheme: "p384-raw", vector: { ...vector, signature } };
}

/** R and S of a canonical ECDSA-Sig-Value; undefined where it is none, or they do not fit. */
function rawOf(der: Uint8Array): Uint8Array<ArrayBuffer> | undefined {
  try {
    const read = p384.Signature.fromBytes(der, "der");
    return equal(read.toBytes("der"), der) ? concat(read.toBytes("compact")) : undefined;
  } catch {
    // Whatever noble does not read is not in this form.
    return undefined;
  }
}
