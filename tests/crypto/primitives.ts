/**
 * The signature primitives of an engine, with bare keys, messages and
 * signatures: what published vectors and random signatures are put to.
 *
 * @module
 */

import {
  CURVE_P256,
  CURVE_P384,
  pointOf,
  takePublicKey,
} from "../../src/core/portable/algorithm.ts";
import { DerReader } from "../../src/core/portable/der.ts";
import {
  ECDSA_P256,
  ECDSA_P384,
  EcdsaKey,
  type EcdsaScheme,
} from "../../src/core/portable/ecdsa.ts";
import { Malformed } from "../../src/core/malformed.ts";
import { RsaKey } from "../../src/core/portable/rsa_pss.ts";

/** Signatures as quotes and reports have them, as certificates have them, and AMD's RSASSA-PSS. */
export type Scheme = "p256-raw" | "p256-der" | "p384-raw" | "p384-der" | "pss";

/** All schemes. */
export const SCHEMES: readonly Scheme[] = ["p256-raw", "p256-der", "p384-raw", "p384-der", "pss"];

/** What comes of a signature; a key that is none of the scheme's is refused before. */
export type Judgement = "accepted" | "refused" | "key refused";

/** A bare signature. */
export interface Signature {
  /** SubjectPublicKeyInfo, DER. */
  readonly key: Uint8Array<ArrayBuffer>;
  /** What is signed. */
  readonly message: Uint8Array<ArrayBuffer>;
  /** The signature in the form of the scheme: R and S side by side, ECDSA-Sig-Value, or the number of RSA. */
  readonly signature: Uint8Array<ArrayBuffer>;
}

/** An engine's primitives. */
export interface Primitives {
  /** Name of the engine. */
  readonly name: string;
  /** Schemes that the engine has. */
  readonly schemes: readonly Scheme[];
  /** Judges a signature. */
  judge(scheme: Scheme, signature: Signature): Promise<Judgement>;
}

/** Those of the portable engine. */
export const portablePrimitives: Primitives = {
  name: "portable",
  schemes: SCHEMES,
  async judge(scheme, { key, message, signature }) {
    try {
      return await verifies(scheme, key, message, signature) ? "accepted" : "refused";
    } catch (error) {
      if (error instanceof Malformed) return "key refused";
      throw error;
    }
  },
};

/** Keys are read anew for each signature, as engines do. */
async function verifies(
  scheme: Scheme,
  spki: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
  if (scheme === "pss") {
    return await (await RsaKey.read(infoOf(spki))).verifies(message, signature);
  }
  const key = ecdsaKey(spki, scheme.startsWith("p256") ? ECDSA_P256 : ECDSA_P384);
  return scheme.endsWith("der")
    ? key.verifiesDer(message, signature)
    : key.verifies(message, signature);
}

function ecdsaKey(spki: Uint8Array, scheme: EcdsaScheme): EcdsaKey {
  const curve = scheme === ECDSA_P256 ? CURVE_P256 : CURVE_P384;
  return EcdsaKey.read(pointOf(infoOf(spki), curve), scheme);
}

function infoOf(spki: Uint8Array): ReturnType<typeof takePublicKey> {
  const reader = new DerReader(spki);
  const info = takePublicKey(reader);
  reader.finish("the key");
  return info;
}
