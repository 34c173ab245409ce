/**
 * Random ECDSA signatures, half of them invalid by construction.
 *
 * Keys, messages and signatures follow from a seed: the nonces are those of
 * RFC 6979.
 *
 * @module
 */

import { p256, p384 } from "@noble/curves/nist.js";
import { concat } from "../../../src/core/bytes.ts";
import { der } from "../../../src/lab/mod.ts";
import type { Scheme } from "../primitives.ts";
import type { RandomCase } from "./case.ts";
import { bytesOf, numberOf } from "./number.ts";
import { DER_BENDS, NUMBER_BENDS, type Numbers, RAW_BENDS, writeDer } from "./ecdsa_bends.ts";
import type { Seeded } from "./seeded.ts";

/** A curve and its forms of signatures. */
export interface RandomCurve {
  /** Form of R and S side by side. */
  readonly raw: Scheme;
  /** Form of ECDSA-Sig-Value. */
  readonly der: Scheme;
  /** Bytes of a number. */
  readonly bytes: number;
  /** Identifier of the curve, dotted. */
  readonly oid: string;
  /** What makes the signatures. */
  readonly mathematics: typeof p256;
}

/** The two curves. */
export const RANDOM_CURVES: readonly RandomCurve[] = [
  { raw: "p256-raw", der: "p256-der", bytes: 32, oid: "1.2.840.10045.3.1.7", mathematics: p256 },
  { raw: "p384-raw", der: "p384-der", bytes: 48, oid: "1.3.132.0.34", mathematics: p384 },
];

/** A key pair. */
export interface EcPair {
  /** Private key. */
  readonly secret: Uint8Array<ArrayBuffer>;
  /** Public key, SubjectPublicKeyInfo. */
  readonly spki: Uint8Array<ArrayBuffer>;
}

/** A key that follows from the seed. */
export function randomPair(random: Seeded, { mathematics, oid, bytes }: RandomCurve): EcPair {
  const secret = concat(mathematics.utils.randomSecretKey(random.bytes(1.5 * bytes)));
  const point = mathematics.getPublicKey(secret, false);
  const algorithm = der.sequence(der.oid("1.2.840.10045.2.1"), der.oid(oid));
  return { secret, spki: der.sequence(algorithm, der.bitString(point)) };
}

/** R and S of a signature over a message. */
export function numbersOf(
  { mathematics, bytes }: RandomCurve,
  secret: Uint8Array,
  message: Uint8Array,
): Numbers {
  const signature = mathematics.sign(message, secret, { lowS: false });
  return {
    r: numberOf(signature.subarray(0, bytes)),
    s: numberOf(signature.subarray(bytes)),
    order: mathematics.Point.Fn.ORDER,
    bytes,
  };
}

/** What a case is made from; keys are few, since making them takes time. */
export interface EcdsaMaterial {
  /** The curve. */
  readonly curve: RandomCurve;
  /** Keys, the first of which a case may be bound to. */
  readonly pairs: readonly EcPair[];
  /** Makes a message. */
  readonly message: (random: Seeded) => Uint8Array<ArrayBuffer>;
}

/** A message of up to 255 bytes, sometimes of none. */
export function anyMessage(random: Seeded): Uint8Array<ArrayBuffer> {
  return random.bytes(random.number(256));
}

/**
 * A case: valid where asked for, else bent in a way that is picked at random.
 *
 * @param random The choices.
 * @param material Curve, keys and messages.
 * @param form Raw or DER.
 * @param isValid Whether it shall be a signature.
 */
export function ecdsaCase(
  random: Seeded,
  material: EcdsaMaterial,
  form: "raw" | "der",
  isValid: boolean,
): RandomCase {
  const { curve, pairs } = material;
  const [pair, other] = [random.pick(pairs), random.pick(pairs)];
  const [message, another] = [material.message(random), material.message(random)];
  const numbers = numbersOf(curve, pair.secret, message);
  const about = { scheme: curve[form], key: pair.spki, message, isValid };
  const plain = (what: string, { r, s }: Numbers): RandomCase => {
    const signature = form === "raw"
      ? concat(bytesOf(r, curve.bytes), bytesOf(s, curve.bytes))
      : writeDer(r, s);
    return { ...about, what, signature };
  };
  if (isValid) {
    const { s, order } = numbers;
    const isHigh = random.number(2) === 0;
    const high = s > order / 2n ? s : order - s;
    return plain(isHigh ? "high s" : "low s", { ...numbers, s: isHigh ? high : order - high });
  }
  const bends = form === "raw" ? RAW_BENDS : DER_BENDS;
  const number = random.number(NUMBER_BENDS.length + bends.length + 2);
  if (number === 0) {
    if (other === pair) return plain("other message", numbersOf(curve, pair.secret, another));
    return plain("other key", numbersOf(curve, other.secret, message));
  }
  if (number === 1) return plain("other message", numbersOf(curve, pair.secret, another));
  const ofNumber = NUMBER_BENDS[number - 2];
  if (ofNumber !== undefined) return plain(ofNumber[0], ofNumber[1](numbers, random));
  const [what, bend] = random.pick(bends);
  return { ...about, what, signature: bend(numbers, random) };
}
