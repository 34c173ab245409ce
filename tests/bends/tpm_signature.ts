/**
 * Edits of signatures (TPMT_SIGNATURE, TPM 2.0 Library Part 2 §11.3; plain RSA;
 * DER of ECDSA) as numbers, so that only one thing is wrong.
 *
 * @module
 */

import { concat, fromHex, toHex } from "../../src/core/bytes.ts";
import { der } from "../../src/lab/mod.ts";
import { editBytes } from "./byte_edits.ts";
import { derNode, editDer, writeDer } from "./der_edits.ts";
import type { Dice } from "./dice.ts";

/** A signature before it is written. */
export interface SignatureParts {
  /** TPM_ALG_ID of the scheme. */
  readonly scheme: number;
  /** TPM_ALG_ID of the hash. */
  readonly hash: number;
  /** The number of RSA; R and S of ECDSA, each as long as the field. */
  readonly numbers: readonly Uint8Array[];
}

/** Orders of P-256 and P-384 (SP 800-186 §3.2.1.3, §3.2.1.4) by their bytes. */
const ORDERS: Readonly<Record<number, bigint>> = {
  32: 0xffffffff_00000000_ffffffff_ffffffff_bce6faad_a7179e84_f3b9cac2_fc632551n,
  48: BigInt(
    "0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973",
  ),
};

/** A number of any size. */
export function numberOf(bytes: Uint8Array): bigint {
  return BigInt(`0x${toHex(bytes) || "0"}`);
}

function bytesOf(number: bigint, size: number): Uint8Array {
  const hex = number.toString(16);
  const even = hex.length % 2 === 0 ? hex : `0${hex}`;
  const bytes = fromHex(even);
  return concat(new Uint8Array(Math.max(0, size - bytes.length)), bytes);
}

/** Numbers near the ends of the range, those that mean the same, and those that look like it. */
function otherNumbers({ numbers }: SignatureParts, dice: Dice): readonly Uint8Array[] {
  const at = dice.below(numbers.length);
  const one = numbers[at] ?? new Uint8Array();
  const order = ORDERS[one.length] ?? 2n ** BigInt(8 * one.length);
  const old = numberOf(one);
  const odd = [0n, 1n, order - 1n, order, order + 1n, old + order, old + 1n, order - old % order];
  const value = bytesOf(dice.pick([...odd, order - old % order, order - old % order]), one.length);
  const others = [
    numbers.with(at, value),
    numbers.with(at, value),
    numbers.with(at, concat(new Uint8Array(dice.pick([1, 2, 16, 17, 300])), one)),
    numbers.with(at, withoutZeros(one)),
    numbers.with(at, one.subarray(1)),
    numbers.with(at, new Uint8Array()),
    numbers.with(at, editBytes(one, dice)),
    numbers.toReversed(),
    numbers.slice(1),
    [...numbers, one],
  ];
  return dice.pick(others);
}

/** Without the zeros in front, which a TPM may leave out. */
export function withoutZeros(bytes: Uint8Array): Uint8Array {
  const first = bytes.findIndex((byte) => byte !== 0);
  return bytes.subarray(Math.max(0, first));
}

const ALGORITHMS = [0x14, 0x16, 0x18, 0x1a, 0x1b, 0x10, 0];
const HASHES = [0x0b, 0x0c, 0x0d, 0x04, 0x12, 0];

/**
 * Writes TPMT_SIGNATURE.
 *
 * @param parts What it says.
 */
export function writeSignature({ scheme, hash, numbers }: SignatureParts): Uint8Array {
  const words = [scheme, hash].flatMap((word) => [word >> 8, word & 0xff]);
  return concat(Uint8Array.from(words), ...numbers.flatMap(sized));
}

function sized(bytes: Uint8Array): readonly Uint8Array[] {
  return [Uint8Array.of(bytes.length >> 8, bytes.length & 0xff), bytes];
}

/** Plain: DER of ECDSA, the number itself of RSA. */
function writePlain({ numbers }: SignatureParts, dice: Dice): Uint8Array {
  if (numbers.length === 1) return numbers[0] ?? new Uint8Array();
  const whole = der.sequence(...numbers.map((one) => der.integer(numberOf(one))));
  if (dice.once(2)) return whole;
  const tree = derNode(whole);
  editDer(tree, dice);
  return writeDer(tree);
}

/**
 * A signature, one thing of it changed, in one of its forms.
 *
 * @param parts What it says.
 * @param dice Decide what is done.
 */
export function bentSignature(parts: SignatureParts, dice: Dice): Uint8Array {
  const changes: readonly (() => SignatureParts)[] = [
    () => parts,
    () => ({ ...parts, numbers: otherNumbers(parts, dice) }),
    () => ({ ...parts, numbers: otherNumbers(parts, dice) }),
    () => ({ ...parts, numbers: otherNumbers(parts, dice) }),
    () => ({ ...parts, scheme: dice.pick(ALGORITHMS) }),
    () => ({ ...parts, hash: dice.pick(HASHES) }),
  ];
  const changed = dice.pick(changes)();
  const file = dice.once(4) ? writePlain(changed, dice) : writeSignature(changed);
  if (!dice.once(6)) return file;
  return dice.once(2) ? editBytes(file, dice) : concat(file, dice.bytes(dice.pick([1, 2, 2000])));
}
