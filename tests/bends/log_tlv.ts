/**
 * Edits of CEL-TLV (CEL §5.1) as a tree, so that only one thing is wrong and
 * all lengths fit.
 *
 * @module
 */

import { concat } from "../../src/core/bytes.ts";
import { editBytes } from "./byte_edits.ts";
import type { Dice } from "./dice.ts";
import { ALGORITHMS, anyEvent, anyIndex, anyType, digestOf, little, utf8 } from "./log_events.ts";

/** A field. */
interface Tlv {
  type: number;
  /** Its value where that has no parts. */
  value: Uint8Array;
  /** Its parts; null where it has none. */
  inner: Tlv[] | null;
  /** The length that is written; by default the true one. */
  length?: number;
}

/** A record: its fields in order. */
type Record = Tlv[];

/** Fields of a record, and contents. */
const TYPE = { number: 0, pcr: 1, nv: 2, digests: 3, cel: 4, firmware: 5, template: 7, ccmr: 108 };

/** Fields whose value is a list of fields. */
const NESTED: readonly number[] = [TYPE.digests, TYPE.cel, TYPE.firmware, TYPE.template];

const HEAD_BYTES = 5;

/**
 * Edits a log.
 *
 * @param file A log without a mistake.
 * @param dice Decide what is done.
 * @throws {RangeError} where it is no such log.
 */
export function editTlvLog(file: Uint8Array, dice: Dice): Uint8Array {
  const records = recordsOf(readAll(file));
  for (let i = dice.pick([1, 1, 1, 2, 3]); i > 0; i--) dice.pick(STEPS)(records, dice);
  if (!dice.once(3)) renumber(records, dice.once(3));
  return concat(...records.flat().map(write));
}

type Step = (records: Record[], dice: Dice) => void;

const leaf = (type: number, value: Uint8Array): Tlv => ({ type, value, inner: null });
const list = (type: number, ...inner: Tlv[]): Tlv => ({ type, value: new Uint8Array(), inner });
const big = (value: number, size: number): Uint8Array => little(value, size).reverse();

/** Counted over the log, or for each register. */
function renumber(records: readonly Record[], perRegister: boolean): void {
  const counts = new Map<string, number>();
  for (const [first, index] of records) {
    const key = perRegister && index !== undefined ? `${index.type}:${index.value}` : "";
    const number = counts.get(key) ?? 0;
    counts.set(key, number + 1);
    if (first !== undefined) first.value = big(number, first.value.length || 8);
  }
}

/** Algorithms of the records, by the first of them. */
function algorithmsOf(records: readonly Record[]): readonly number[] {
  return records[0]?.find(({ type }) => type === TYPE.digests)?.inner?.map(({ type }) => type) ??
    [0x0b];
}

/** Contents of every kind; what of them is hashed. */
function anyContent(dice: Dice): readonly [content: Tlv, hashed: Uint8Array] {
  const { type, data, hashed } = anyEvent(dice);
  const whole = dice.bytes(dice.below(9));
  const other = leaf(dice.pick([0x50, 0x50, 9, 8, 3, 6, 10, 0xff]), whole);
  const management = dice.pick([[1], [2], [1, 2], [3], [2, 3], []]);
  const options: readonly (readonly [Tlv, Uint8Array])[] = [
    [list(TYPE.firmware, leaf(0, big(type, 4)), leaf(1, data)), hashed],
    [list(TYPE.firmware, leaf(0, big(type, 4)), leaf(1, data)), hashed],
    [list(TYPE.template, leaf(0, utf8("ima-ng")), leaf(1, data)), hashed],
    [list(TYPE.cel, ...management.map((kind) => leaf(kind, dice.bytes(2)))), whole],
    [other, dice.once(2) ? whole : write(other)],
  ];
  return dice.pick(options);
}

function anyRecord(algorithms: readonly number[], dice: Dice): Record {
  const [content, hashed] = anyContent(dice);
  const index = anyIndex(dice);
  const size = index > 255 ? 4 : dice.pick([1, 1, 4]);
  return [
    leaf(TYPE.number, new Uint8Array(dice.pick([8, 8, 4, 1]))),
    leaf(dice.pick([TYPE.pcr, TYPE.pcr, TYPE.ccmr, TYPE.nv]), big(index, size)),
    list(TYPE.digests, ...algorithms.map((id) => leaf(id, digestOf(id, hashed)))),
    content,
  ];
}

const insert: Step = (records, dice) => {
  const record = anyRecord(dice.once(8) ? [] : algorithmsOf(records), dice);
  records.splice(dice.below(records.length + 1), dice.below(2), record);
};

const rearrange: Step = (records, dice) => {
  const at = dice.below(records.length);
  const copy = (): Record => structuredClone(records[at] ?? []);
  const edits: readonly (() => void)[] = [
    () => records.splice(at, 1),
    () => records.splice(at, 0, copy()),
    () => records.reverse(),
    () => records.splice(0, records.length - dice.pick([0, 1, 2])),
    () => records.push(...Array.from({ length: 4100 }, copy)),
  ];
  // A log beyond all limits takes long to make.
  dice.pick(dice.once(30) ? edits : edits.slice(0, -1))();
};

/** Any field at any depth, as what it is not. */
const editField: Step = (records, dice) => {
  const record = dice.pick(records);
  const siblings = dice.pick(record.reduce(below, [record]));
  const at = dice.below(siblings.length);
  const field = dice.pick(siblings);
  const edits: readonly (() => void)[] = [
    () => siblings.splice(at, 1),
    () => siblings.splice(at, 0, structuredClone(field)),
    () => siblings.push(leaf(dice.below(12), dice.bytes(2))),
    () => siblings.reverse(),
    () => field.type = dice.pick([...ALGORITHMS, 0, 1, 2, 3, 5, 9, TYPE.ccmr, 0xff]),
    () => field.length = dice.pick([0, 1, 4, 0xffff_ffff, 2 ** 31, write(field).length]),
    () => field.value = editBytes(field.value, dice),
    () => field.value = concat(Uint8Array.of(0), field.value),
    () => field.value = new Uint8Array(),
    () => field.value = new Uint8Array(field.value.length + dice.below(6)),
  ];
  dice.pick(edits)();
};

function below(all: Tlv[][], { inner }: Tlv): Tlv[][] {
  return inner === null || inner.length === 0 ? all : [...all, inner];
}

/** All records under registers of a TD. */
const move: Step = (records, dice) => {
  for (const [, index] of records) {
    if (index === undefined) continue;
    index.type = TYPE.ccmr;
    index.value = Uint8Array.of(dice.pick([1, 2, 3, 4]));
  }
  if (dice.once(3)) return;
  for (const digests of records.flat().filter(({ type }) => type === TYPE.digests)) {
    digests.inner = digests.inner?.filter(({ type }) => type === 0x0c) ?? null;
  }
};

const relabel: Step = (records, dice) => {
  const [, index, , content] = dice.pick(records);
  const type = content?.inner?.[0];
  if (dice.once(2) && type !== undefined) type.value = big(anyType(dice), 4);
  else if (index !== undefined) index.value = big(anyIndex(dice), 4);
};

const STEPS: readonly Step[] = [
  ...[insert, insert, insert, rearrange, editField, editField, editField, editField],
  ...[move, relabel, relabel],
];

function readAll(file: Uint8Array): Tlv[] {
  const fields: Tlv[] = [];
  for (let at = 0; at < file.length;) {
    const size = new DataView(file.buffer, file.byteOffset + at).getUint32(1);
    const value = file.slice(at + HEAD_BYTES, at + HEAD_BYTES + size);
    if (value.length < size) throw new RangeError("Cannot edit: cut short");
    const type = file[at] ?? 0;
    fields.push(NESTED.includes(type) ? list(type, ...readLeaves(value)) : leaf(type, value));
    at += HEAD_BYTES + size;
  }
  return fields;
}

/** Parts have no parts of their own. */
function readLeaves(value: Uint8Array): Tlv[] {
  return readFlat(value).map(([type, content]) => leaf(type, content));
}

function readFlat(file: Uint8Array): [number, Uint8Array][] {
  const fields: [number, Uint8Array][] = [];
  for (let at = 0; at < file.length;) {
    const size = new DataView(file.buffer, file.byteOffset + at).getUint32(1);
    fields.push([file[at] ?? 0, file.slice(at + HEAD_BYTES, at + HEAD_BYTES + size)]);
    at += HEAD_BYTES + size;
  }
  return fields;
}

function recordsOf(fields: readonly Tlv[]): Record[] {
  const records: Record[] = [];
  for (const field of fields) {
    if (field.type === TYPE.number) records.push([]);
    records.at(-1)?.push(field);
  }
  return records;
}

function write({ type, value, inner, length }: Tlv): Uint8Array {
  const content = inner === null ? value : concat(value, ...inner.map(write));
  return concat(Uint8Array.of(type), big(length ?? content.length, 4), content);
}
