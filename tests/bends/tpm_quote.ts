/**
 * Edits of quotes (TPMS_ATTEST, TPM 2.0 Library Part 2 §10.12.8) as values, so
 * that only one thing is wrong and all sizes fit.
 *
 * @module
 */

import { concat } from "../../src/core/bytes.ts";
import { editBytes, otherValue } from "./byte_edits.ts";
import type { Dice } from "./dice.ts";

/** A field that has its size before it, and the size that is written where it is not the true one. */
interface Sized {
  bytes: Uint8Array;
  size?: number;
}

/** Registers of a bank. */
interface Selection {
  hash: Uint8Array;
  bitmap: Sized;
}

/** A quote, field by field. */
interface QuoteTree {
  magic: Uint8Array;
  type: Uint8Array;
  signer: Sized;
  extra: Sized;
  clock: Uint8Array;
  counters: Uint8Array;
  safe: Uint8Array;
  firmware: Uint8Array;
  selections: Selection[];
  count?: number;
  digest: Sized;
  tail: Uint8Array;
}

/** Fields of one size. */
const PLAIN = ["magic", "type", "clock", "counters", "safe", "firmware"] as const;

/** Fields with their size before them. */
const SIZED = ["signer", "extra", "digest"] as const;

/** Name of a field of a quote, for those who compare two. */
export type QuoteField =
  | typeof PLAIN[number]
  | typeof SIZED[number]
  | "selections"
  | "tail";

/**
 * One or two edits of a quote.
 *
 * @param quote A quote without a mistake.
 * @param dice Decide what is done.
 * @throws {RangeError} where it cannot be taken apart.
 */
export function editQuote(quote: Uint8Array, dice: Dice): Uint8Array {
  const tree = readQuote(quote);
  for (let i = dice.pick([1, 1, 1, 2]); i > 0; i--) dice.pick(STEPS)(tree, dice);
  return writeQuote(tree);
}

/**
 * The fields of a quote.
 *
 * @param quote A quote that can be taken apart.
 * @throws {RangeError} where it cannot.
 */
export function quoteFields(quote: Uint8Array): Readonly<Record<QuoteField, Uint8Array>> {
  const { selections, signer, extra, digest, ...plain } = readQuote(quote);
  return {
    ...plain,
    signer: signer.bytes,
    extra: extra.bytes,
    digest: digest.bytes,
    selections: concat(...selections.map(writeSelection)),
  };
}

type Step = (tree: QuoteTree, dice: Dice) => void;

const editPlain: Step = (tree, dice) => {
  const name = dice.pick(PLAIN);
  tree[name] = otherValue(tree[name], dice);
};

const editSized: Step = (tree, dice) => {
  const field = tree[dice.pick(SIZED)];
  const { bytes } = field;
  const edits: readonly (() => void)[] = [
    () => field.bytes = bytes.length === 0 ? dice.bytes(4) : otherValue(bytes, dice),
    () => field.bytes = editBytes(bytes, dice),
    () => field.bytes = dice.bytes(dice.pick([0, 4, 20, 32, 34, 48, 50, 64, 66, 67])),
    () => field.bytes = withAlgorithm(bytes, dice),
    () => field.size = dice.pick([0, bytes.length + 1, Math.max(0, bytes.length - 1), 0xffff]),
  ];
  dice.pick(edits)();
};

/** A Qualified Name under another hash. */
function withAlgorithm(bytes: Uint8Array, dice: Dice): Uint8Array {
  const [id, size] = dice.pick([[0x0b, 32], [0x0c, 48], [0x0d, 64], [0x04, 20], [0x12, 32]]);
  return concat(Uint8Array.of(0, id ?? 0), dice.bytes(dice.once(4) ? bytes.length : size ?? 0));
}

const BANKS = [0x04, 0x0b, 0x0c, 0x0d, 0x12, 0];

function anySelection(dice: Dice): Selection {
  const size = dice.pick([3, 3, 3, 2, 1, 4, 0]);
  const bytes = dice.once(4) ? new Uint8Array(size) : dice.bytes(size);
  return { hash: Uint8Array.of(0, dice.pick(BANKS)), bitmap: { bytes } };
}

const editSelections: Step = (tree, dice) => {
  const { selections } = tree;
  const at = dice.below(selections.length);
  const one = selections[at] ?? anySelection(dice);
  const { bitmap } = one;
  const edits: readonly (() => void)[] = [
    () => selections.splice(at, 1),
    () => selections.push(structuredClone(one)),
    () => selections.push(anySelection(dice)),
    () => selections.unshift(anySelection(dice)),
    () => selections.reverse(),
    () => selections.push(...Array.from({ length: dice.below(9) }, () => anySelection(dice))),
    () => one.hash = Uint8Array.of(0, dice.pick(BANKS)),
    () => bitmap.bytes = editBytes(bitmap.bytes, dice),
    () => bitmap.bytes = new Uint8Array(bitmap.bytes.length),
    () => bitmap.bytes = bitmap.bytes.subarray(0, dice.below(4)),
    () => bitmap.size = dice.pick([0, 1, 2, 4, 0xff]),
    () => tree.count = dice.pick([0, 1, 2, 8, 9, 0xffff_ffff]),
  ];
  dice.pick(edits)();
};

const editTail: Step = (tree, dice) => {
  tree.tail = dice.once(2) ? new Uint8Array(dice.pick([1, 2, 900, 2000])) : dice.bytes(3);
};

const STEPS: readonly Step[] = [
  ...[editPlain, editPlain, editSized, editSized, editSelections, editSelections, editTail],
];

/** Takes bytes from the front. */
class Taker {
  #rest: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#rest = bytes;
  }

  take(size: number): Uint8Array {
    if (this.#rest.length < size) throw new RangeError("Cannot edit: cut short");
    const taken = this.#rest.slice(0, size);
    this.#rest = this.#rest.subarray(size);
    return taken;
  }

  number(size: number): number {
    return this.take(size).reduce((sum, byte) => sum * 256 + byte, 0);
  }

  rest(): Uint8Array {
    return this.take(this.#rest.length);
  }
}

function readQuote(quote: Uint8Array): QuoteTree {
  const from = new Taker(quote);
  const sized = (size: number): Sized => ({ bytes: from.take(from.number(size)) });
  return {
    magic: from.take(4),
    type: from.take(2),
    signer: sized(2),
    extra: sized(2),
    clock: from.take(8),
    counters: from.take(8),
    safe: from.take(1),
    firmware: from.take(8),
    selections: Array.from({ length: Math.min(from.number(4), 100) }, () => ({
      hash: from.take(2),
      bitmap: sized(1),
    })),
    digest: sized(2),
    tail: from.rest(),
  };
}

function writeQuote({ selections, count = selections.length, ...tree }: QuoteTree): Uint8Array {
  const { magic, type, signer, extra, clock, counters, safe, firmware, digest, tail } = tree;
  return concat(
    magic,
    type,
    writeSized(signer, 2),
    writeSized(extra, 2),
    clock,
    counters,
    safe,
    firmware,
    big(count, 4),
    ...selections.map(writeSelection),
    writeSized(digest, 2),
    tail,
  );
}

function writeSelection({ hash, bitmap }: Selection): Uint8Array {
  return concat(hash, writeSized(bitmap, 1));
}

function writeSized({ bytes, size = bytes.length }: Sized, octets: number): Uint8Array {
  return concat(big(size, octets), bytes);
}

function big(value: number, size: number): Uint8Array {
  return Uint8Array.from({ length: size }, (_, i) => Math.floor(value / 256 ** (size - 1 - i)));
}
