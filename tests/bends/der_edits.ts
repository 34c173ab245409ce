/**
 * Edits of DER as a tree, so that only one thing is wrong and all lengths fit.
 *
 * @module
 */

import { concat } from "../../src/core/bytes.ts";
import type { Dice } from "./dice.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** A value of a tree. */
export interface DerNode {
  /** First identifier octet. */
  tag: number;
  /** Contents where they have no parts; with `inner`, what stands before these. */
  content: Uint8Array;
  /** Parts. */
  inner: DerNode[];
  /** Octets of the length in another form than DER's; gets the number of octets of content. */
  length?: (size: number) => readonly number[];
}

const OCTET_STRING = 0x04;
const BIT_STRING = 0x03;
const SET = 0x31;
const CONSTRUCTED = 0x20;

/** Takes DER apart, also what OCTET STRINGs hold. */
export function derNode(der: Uint8Array): DerNode {
  const [node, ...more] = derNodes(der);
  if (node === undefined || more.length > 0) throw new RangeError("Cannot edit: not one value");
  return node;
}

function derNodes(bytes: Uint8Array): DerNode[] {
  const nodes: DerNode[] = [];
  for (let at = 0; at < bytes.length;) {
    const tag = bytes[at] ?? 0;
    const first = bytes[at + 1] ?? 0;
    const octets = first < 0x80 ? 0 : first & 0x7f;
    const long = bytes.subarray(at + 2, at + 2 + octets);
    const size = octets === 0 ? first : long.reduce((sum, octet) => sum * 256 + octet, 0);
    const start = at + 2 + octets;
    if (start + size > bytes.length) throw new RangeError("Cannot edit: cut short");
    nodes.push(withInner(tag, bytes.subarray(start, start + size)));
    at = start + size;
  }
  return nodes;
}

function withInner(tag: number, content: Uint8Array): DerNode {
  // What an edit has given a constructed tag need not have parts.
  if ((tag & CONSTRUCTED) !== 0 || tag === OCTET_STRING && content[0] === 0x30) {
    try {
      return { tag, content: new Uint8Array(), inner: derNodes(content) };
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
    }
  }
  return { tag, content, inner: [] };
}

/** Writes a tree. */
export function writeDer(node: DerNode): Bytes {
  const content = concat(node.content, ...node.inner.map(writeDer));
  const length = (node.length ?? derLength)(content.length);
  return concat(Uint8Array.of(node.tag, ...length), content);
}

function derLength(size: number): readonly number[] {
  if (size < 0x80) return [size];
  return size < 0x100 ? [0x81, size] : [0x82, size >> 8, size & 0xff];
}

/** Lengths that BER knows and DER does not. */
const LENGTHS: readonly ((size: number) => readonly number[])[] = [
  (size) => [0x81, size & 0xff],
  (size) => [0x82, size >> 8, size & 0xff],
  (size) => [0x84, 0, 0, size >> 8, size & 0xff],
  () => [0x80],
  (size) => derLength(size + 1),
  (size) => derLength(Math.max(0, size - 1)),
  () => [0xff],
];

const TAGS = [
  ...[1, 2, 3, 4, 5, 6, 9, 0x0a, 0x0c, 0x0d, 0x12, 0x13, 0x14, 0x16, 0x17, 0x18, 0x1a, 0x1e],
  ...[0x24, 0x30, 0x31, 0x80, 0x81, 0x82, 0xa0, 0xa1, 0xa2, 0xa3, 0xbf, 0x1f, 0x00, 0x70],
];

/** Contents of one type or other. */
const CONTENTS: readonly (readonly number[])[] = [
  [],
  [0],
  [1],
  [2],
  [0x7f],
  [0x80],
  [0xff],
  [0, 0],
  [0, 0x80],
  [0, 1],
  [0xff, 0xff],
  [1, 0],
  [3, 8],
  [7, 0x80],
  [8, 0],
  [0x55, 0x1d, 0x13],
  [0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2],
  [..."20491231235959Z"].map((character) => character.charCodeAt(0)),
  [..."20500101000000Z"].map((character) => character.charCodeAt(0)),
  [..."491231235959Z"].map((character) => character.charCodeAt(0)),
  [..."500101000000Z"].map((character) => character.charCodeAt(0)),
  [..."261121120000Z"].map((character) => character.charCodeAt(0)),
  [..."2611211200Z"].map((character) => character.charCodeAt(0)),
];

/** One edit of a tree, in place. */
export function editDer(root: DerNode, dice: Dice): void {
  const all = nodesOf(root);
  // Names have the most parts, and the least is to be got wrong with them.
  const node = dice.pick(dice.once(3) ? all : nodesOf(root, true));
  if (node.inner.length > 0 && !dice.once(6)) return editParts(node, dice, all);
  const edits: readonly (() => void)[] = [
    () => node.tag = dice.pick(TAGS),
    () => node.length = dice.pick(LENGTHS),
  ];
  if (dice.once(3)) dice.pick(edits)();
  else editContent(node, dice);
}

function nodesOf(node: DerNode, withoutSets = false): readonly DerNode[] {
  const inner = withoutSets ? node.inner.filter(({ tag }) => tag !== SET) : node.inner;
  return [node, ...inner.flatMap((one) => nodesOf(one, withoutSets))];
}

function editParts({ inner }: DerNode, dice: Dice, all: readonly DerNode[]): void {
  const at = dice.below(inner.length);
  const copy = structuredCloneOf(inner[at] ?? dice.pick(all));
  const edits: readonly (() => void)[] = [
    () => inner.splice(at, 1),
    () => inner.splice(at, 0, copy),
    () => inner.push(copy),
    () => inner.push({ tag: 5, content: new Uint8Array(), inner: [] }),
    () => inner.reverse(),
    () => inner.splice(at, 1, structuredCloneOf(dice.pick(all))),
    () => inner.push(...Array.from({ length: dice.pick([1, 30, 40]) }, () => copy)),
  ];
  dice.pick(edits)();
}

/** `structuredClone` would lose the functions. */
function structuredCloneOf({ inner, ...node }: DerNode): DerNode {
  return { ...node, inner: inner.map(structuredCloneOf) };
}

function editContent(node: DerNode, dice: Dice): void {
  const { content } = node;
  const edits: readonly (() => Uint8Array)[] = [
    () => Uint8Array.from(dice.pick(CONTENTS)),
    () => concat(Uint8Array.of(dice.pick([0, 0xff, 0x80])), content),
    () => concat(content, Uint8Array.of(dice.pick([0, 1, 0xff]))),
    () => content.subarray(1),
    () => content.subarray(0, -1),
    () => dice.bytes(dice.pick([1, 2, 16, 32, 64])),
    () => content.map((octet, i) => i === content.length - 1 ? octet + dice.pick([1, -1]) : octet),
    () => flipped(content, dice),
    () => flipped(content, dice),
    () => flipped(content, dice),
  ];
  node.content = dice.pick(edits)();
  if (node.tag !== BIT_STRING) return;
  // Mostly, so that not all keys fail at the number of unused bits.
  if (!dice.once(3)) node.content = concat(Uint8Array.of(0), node.content.subarray(1));
}

function flipped(content: Uint8Array, dice: Dice): Uint8Array {
  const at = dice.below(content.length);
  const bit = 1 << dice.below(8);
  return content.map((octet, i) => i === at ? octet ^ bit : octet);
}
