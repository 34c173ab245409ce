/**
 * Edits of public areas (TPMT_PUBLIC, TPM 2.0 Library Part 2 §12.2.4), and the
 * forms in which keys are given.
 *
 * @module
 */

import { concat, toBase64 } from "../../src/core/bytes.ts";
import { type PublicDescription, writePublic } from "../../src/lab/mod.ts";
import { editBytes, editText } from "./byte_edits.ts";
import { derNode, editDer, writeDer } from "./der_edits.ts";
import type { Dice } from "./dice.ts";

const HASHES = [0x0b, 0x0c, 0x0d, 0x04, 0x12, 0x10, 0];
const SYMMETRIC = [[0x10], [0x06, 128, 0x43], [0x06, 256, 0x43], [0x06, 128, 0x10], [0x25, 1, 1]];
const SCHEMES = [0x10, 0x14, 0x15, 0x16, 0x17, 0x18, 0x19, 0x1a, 0x1c];

/** Schemes without a hash behind them. */
const BARE_SCHEMES: readonly number[] = [0x10, 0x15];

type Area = PublicDescription;

function anyScheme(dice: Dice): readonly number[] {
  const id = dice.pick(SCHEMES);
  const bare = BARE_SCHEMES.includes(id) !== dice.once(12);
  return bare ? [id] : [id, dice.pick(HASHES)];
}

/** Bits near those of an attestation key: one of them or another turned, a reserved one set. */
function otherAttributes(attributes: number, dice: Dice): number {
  const turned = (attributes ^ 2 ** dice.below(32)) >>> 0;
  return dice.pick([turned, turned, turned, 0, 0xffff_ffff, 0x0003_0072, 0x0004_0072]);
}

/** Key bits and exponent, or curve and key derivation: pairs of bytes. */
function otherParameters(parameters: Uint8Array, dice: Dice): Uint8Array {
  const copy = concat(parameters);
  const odd = [0, 1, 3, 4, 5, 0x10, 0x0b, 0x20, 2048, 3072, 4096, 1024, 0xffff];
  const value = dice.pick(odd);
  const at = 2 * dice.below(copy.length / 2);
  copy.set([value >> 8, value & 0xff], at);
  const exponents = [[0, 1, 0, 1], [0, 0, 0, 3], [0, 1, 0, 3], [1, 0, 1, 0]];
  const withExponent = concat(parameters.subarray(0, 2), Uint8Array.from(dice.pick(exponents)));
  const derivation = Uint8Array.of(0, 0x20, 0, 0x0b);
  const curve = concat(parameters.subarray(0, 2), derivation);
  return dice.pick([copy, copy, parameters.length === 6 ? withExponent : curve]);
}

function otherUnique(unique: Area["unique"], dice: Dice): Area["unique"] {
  const at = dice.below(unique.length);
  const one = unique[at] ?? new Uint8Array();
  const other = dice.pick([
    editBytes(one, dice),
    concat(new Uint8Array(dice.pick([1, 16])), one),
    one.subarray(1),
    new Uint8Array(),
    one.map((byte, i) => i === 0 ? byte & 0x7f : byte),
    one.map((byte, i) => i === one.length - 1 ? byte ^ 1 : byte),
  ]);
  return dice.pick([unique.with(at, other), unique.with(at, other), unique.toReversed(), []]);
}

/**
 * A public area with something else in it.
 *
 * @param area What it says.
 * @param dice Decide what.
 */
export function editArea(area: Area, dice: Dice): Area {
  const policies = [0, 20, 32, 48, 64].map((size) => dice.bytes(size));
  const edits: readonly (() => Partial<Area>)[] = [
    () => ({ type: dice.pick([0x01, 0x23, 0x08, 0x25, 0]) }),
    () => ({ nameAlgorithm: dice.pick(HASHES) }),
    () => ({ attributes: otherAttributes(area.attributes, dice) }),
    () => ({ attributes: otherAttributes(area.attributes, dice) }),
    () => ({ authPolicy: dice.pick(policies) }),
    () => ({ symmetric: dice.pick(SYMMETRIC) }),
    () => ({ scheme: anyScheme(dice) }),
    () => ({ scheme: anyScheme(dice) }),
    () => ({ parameters: otherParameters(area.parameters, dice) }),
    () => ({ unique: otherUnique(area.unique, dice) }),
    () => ({ trailing: dice.bytes(dice.pick([1, 2, 3000])) }),
  ];
  return { ...area, ...dice.pick(edits)() };
}

/**
 * A public area as a file: TPM2B or TPMT, or with a size that is not its own.
 *
 * @param area TPMT_PUBLIC.
 * @param dice Decide the form.
 */
export function areaFile(area: Uint8Array, dice: Dice): Uint8Array {
  const { length } = area;
  const size = dice.once(10) ? dice.pick([0, length + 1, length - 1, length + 2]) : length;
  const inside = concat(Uint8Array.of(size >> 8, size & 0xff), area);
  return dice.pick([inside, inside, area]);
}

/**
 * The bare key as a file.
 *
 * @param spki SubjectPublicKeyInfo.
 * @param dice Decide the form, and whether something is wrong with it.
 */
export function bareFile(spki: Uint8Array, dice: Dice): Uint8Array {
  let der = spki;
  if (dice.once(2)) {
    const tree = derNode(spki);
    editDer(tree, dice);
    der = writeDer(tree);
  }
  if (dice.once(2)) return dice.once(3) ? editBytes(der, dice) : der;
  const label = dice.pick([...Array.from({ length: 6 }, () => "PUBLIC KEY"), "RSA PUBLIC KEY"]);
  const lines = toBase64(der).match(/.{1,64}/g) ?? [];
  const end = dice.pick(["\n", "\n", "\r\n"]);
  const block = [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ""].join(end);
  const text = dice.pick([block, block, block, block + block, ` ${block}`, `${block} \n\t`]);
  return new TextEncoder().encode(dice.once(3) ? editText(text, dice) : text);
}

/**
 * Some edits of a public area, as a file.
 *
 * @param area What it says.
 * @param dice Decide what is done.
 */
export function bentArea(area: Area, dice: Dice): Uint8Array {
  let bent = area;
  for (let i = dice.pick([0, 1, 1, 1, 2]); i > 0; i--) bent = editArea(bent, dice);
  const file = areaFile(writePublic(bent), dice);
  return dice.once(6) ? editBytes(file, dice) : file;
}
