/**
 * Edits of logs as firmware writes them (TCG PFP §10.2): events and header as
 * values, so that only one thing is wrong and all sizes fit.
 *
 * @module
 */

import { concat } from "../../src/core/bytes.ts";
import { editBytes } from "./byte_edits.ts";
import type { Dice } from "./dice.ts";
import { ALGORITHMS, anyEvent, anyIndex, anyType, digestOf, little, utf8 } from "./log_events.ts";

/** An event; what is absent is written as it is. */
interface TcgEvent {
  index: number;
  type: number;
  digests: [algorithm: number, value: Uint8Array][];
  data: Uint8Array;
  count?: number;
  size?: number;
}

/** A log; `old` ones have the form of TPM 1.2 throughout, and no header. */
interface TcgLog {
  readonly old: boolean;
  first: TcgEvent | null;
  events: TcgEvent[];
  tail: Uint8Array;
}

const SIGNATURE = utf8("Spec ID Event03\0");
const SHA1 = 0x04;
const SHA1_BYTES = 20;

/**
 * Edits a log.
 *
 * @param file A log without a mistake.
 * @param dice Decide what is done.
 * @throws {RangeError} where it is no such log.
 */
export function editTcgLog(file: Uint8Array, dice: Dice): Uint8Array {
  const log = readLog(file);
  for (let i = dice.pick([1, 1, 1, 2, 3]); i > 0; i--) dice.pick(STEPS)(log, dice);
  return writeLog(log);
}

type Step = (log: TcgLog, dice: Dice) => void;

function someEvent({ events }: TcgLog, dice: Dice): TcgEvent {
  return dice.pick(events);
}

/** Algorithms of the events, by the first of them. */
function algorithmsOf({ events, old }: TcgLog): readonly number[] {
  return old ? [SHA1] : events[0]?.digests.map(([algorithm]) => algorithm) ?? [SHA1];
}

const insert: Step = (log, dice) => {
  const { hashed, ...event } = anyEvent(dice);
  const digests = algorithmsOf(log).map((id): [number, Uint8Array] => [id, digestOf(id, hashed)]);
  log.events.splice(dice.below(log.events.length + 1), dice.below(2), { ...event, digests });
};

const rearrange: Step = (log, dice) => {
  const { events } = log;
  const at = dice.below(events.length);
  const one = someEvent(log, dice);
  const copy = (): TcgEvent => structuredClone(one);
  const edits: readonly (() => void)[] = [
    () => events.splice(at, 1),
    () => events.splice(at, 0, copy()),
    () => events.push(copy()),
    () => events.reverse(),
    () => events.splice(0, events.length - dice.pick([0, 0, 1, 2])),
    () => events.push(...Array.from({ length: dice.pick([30, 4100]) }, copy)),
  ];
  // A log beyond all limits takes long to make.
  dice.pick(dice.once(30) ? edits : edits.slice(0, -1))();
};

const relabel: Step = (log, dice) => {
  const event = someEvent(log, dice);
  if (dice.once(2)) event.index = anyIndex(dice);
  else event.type = anyType(dice);
};

const editDigests: Step = (log, dice) => {
  const { digests } = someEvent(log, dice);
  const at = dice.below(digests.length);
  const [id, value] = digests[at] ?? [SHA1, new Uint8Array(SHA1_BYTES)];
  const other = dice.pick(ALGORITHMS);
  const edits: readonly (() => void)[] = [
    () => digests.splice(at, 1),
    () => digests.push([id, value]),
    () => digests.push([other, digestOf(other, value)]),
    () => digests.reverse(),
    () => digests.splice(at, 1, [other, value]),
    () => digests.splice(at, 1, [other, digestOf(other, value)]),
    () => digests.splice(at, 1, [id, editBytes(value, dice)]),
    () => digests.splice(at, 1, [id, new Uint8Array(value.length)]),
    () => digests.splice(0, digests.length),
  ];
  dice.pick(edits)();
};

/** Other data, hashed anew half of the time. */
const editData: Step = (log, dice) => {
  const event = someEvent(log, dice);
  event.data = editBytes(event.data, dice);
  if (dice.once(2)) return;
  for (const digest of event.digests) digest[1] = digestOf(digest[0], event.data);
};

const missize: Step = (log, dice) => {
  const event = dice.once(6) ? log.first ?? someEvent(log, dice) : someEvent(log, dice);
  const near = event.data.length + dice.pick([-1, 1, 4, -event.data.length, 2 ** 20]);
  const size = Math.max(0, dice.pick([near, near, 0xffff_ffff, 0x7fff_ffff]));
  if (dice.once(2)) event.size = size;
  else event.count = dice.pick([0, 1, 2, 3, 4, 8, 9, 0xffff, 0xffff_ffff]);
};

const editTail: Step = (log, dice) => {
  const fill = dice.pick([0, 0, 0xff]);
  const blank = new Uint8Array(dice.pick([1, 3, 4, 12, 13, 40, 5000])).fill(fill);
  log.tail = dice.once(4) ? concat(blank, dice.bytes(1)) : blank;
};

/** Fields of the header (TCG_EfiSpecIDEvent): platform class, versions, count, algorithms, vendor. */
const editHeader: Step = ({ first }, dice) => {
  if (first === null) throw new RangeError("There is no header");
  const { data } = first;
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  const count = view.getUint32(24, true);
  const listed = data.subarray(28, 28 + 4 * count);
  const [head, vendor] = [concat(data.subarray(0, 24)), data.subarray(28 + 4 * count)];
  const id = dice.pick(ALGORITHMS);
  const entry = concat(little(id, 2), little(dice.pick([0, 20, 32, 48, 64, 65]), 2));
  const lists = [
    concat(listed, entry),
    concat(entry, listed),
    concat(listed, listed),
    listed.subarray(4),
    entry,
    new Uint8Array(),
    editBytes(listed, dice),
  ];
  const changed = dice.pick([listed, ...lists]);
  if (dice.once(3)) head[16 + dice.below(8)] = dice.below(4);
  const written = dice.once(6) ? dice.pick([0, 8, 9, 0xffff_ffff]) : changed.length / 4;
  const info = dice.pick([vendor, vendor, Uint8Array.of(3, 1, 2, 3), Uint8Array.of(2, 1), vendor]);
  first.data = concat(head, little(Math.floor(written), 4), changed, info);
};

const editFirst: Step = ({ first }, dice) => {
  if (first === null) throw new RangeError("There is no header");
  const digest = first.digests[0] ?? [SHA1, new Uint8Array(SHA1_BYTES)];
  const edits: readonly (() => void)[] = [
    () => first.index = dice.pick([0, 1, 1, 2, 0xff]),
    () => first.type = anyType(dice),
    () => digest[1] = editBytes(digest[1], dice).slice(0, SHA1_BYTES),
    () => first.data = editBytes(first.data, dice),
  ];
  dice.pick(edits)();
};

const STEPS: readonly Step[] = [
  ...[insert, insert, insert, rearrange, rearrange, relabel, relabel, editDigests, editDigests],
  ...[editData, missize, editTail, editHeader, editHeader, editFirst],
];

function readLog(file: Uint8Array): TcgLog {
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  const [first, start] = readOld(file, view, 0);
  const old = !SIGNATURE.every((byte, i) => first.data[i] === byte);
  const events: TcgEvent[] = [];
  const sizes = old ? new Map<number, number>() : sizesOf(first.data);
  let at = old ? 0 : start;
  while (at < file.length && !isPadding(file.subarray(at))) {
    const [event, next] = old ? readOld(file, view, at) : readAgile(file, view, at, sizes);
    events.push(event);
    at = next;
  }
  return { old, first: old ? null : first, events, tail: file.subarray(at) };
}

function isPadding(rest: Uint8Array): boolean {
  return rest.every((byte) => byte === 0) || rest.every((byte) => byte === 0xff);
}

function readOld(file: Uint8Array, view: DataView, at: number): [TcgEvent, number] {
  const size = view.getUint32(at + 28, true);
  const digest = file.slice(at + 8, at + 28);
  const head = { index: view.getUint32(at, true), type: view.getUint32(at + 4, true) };
  const data = file.slice(at + 32, at + 32 + size);
  return [{ ...head, digests: [[SHA1, digest]], data }, at + 32 + size];
}

function sizesOf(data: Uint8Array): ReadonlyMap<number, number> {
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  return new Map(Array.from({ length: view.getUint32(24, true) }, (_, i) => [
    view.getUint16(28 + 4 * i, true),
    view.getUint16(30 + 4 * i, true),
  ]));
}

function readAgile(
  file: Uint8Array,
  view: DataView,
  start: number,
  sizes: ReadonlyMap<number, number>,
): [TcgEvent, number] {
  const digests: TcgEvent["digests"] = [];
  let at = start + 12;
  for (let i = view.getUint32(start + 8, true); i > 0; i--) {
    const id = view.getUint16(at, true);
    const end = at + 2 + (sizes.get(id) ?? 0);
    digests.push([id, file.slice(at + 2, end)]);
    at = end;
  }
  const size = view.getUint32(at, true);
  const head = { index: view.getUint32(start, true), type: view.getUint32(start + 4, true) };
  const data = file.slice(at + 4, at + 4 + size);
  return [{ ...head, digests, data }, at + 4 + size];
}

function writeLog({ old, first, events, tail }: TcgLog): Uint8Array {
  const head = first === null ? new Uint8Array() : writeOld(first);
  return concat(head, ...events.map(old ? writeOld : writeAgile), tail);
}

function writeOld({ index, type, digests, data, size = data.length }: TcgEvent): Uint8Array {
  const digest = digests[0]?.[1] ?? new Uint8Array();
  return concat(little(index, 4), little(type, 4), digest, little(size, 4), data);
}

function writeAgile(event: TcgEvent): Uint8Array {
  const { index, type, digests, data, size = data.length, count = digests.length } = event;
  return concat(
    little(index, 4),
    little(type, 4),
    little(count, 4),
    ...digests.flatMap(([id, value]) => [little(id, 2), value]),
    little(size, 4),
    data,
  );
}
