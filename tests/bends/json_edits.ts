/**
 * Edits of JSON text as a tree, in which a member may stand twice and a number
 * may be written in any way.
 *
 * @module
 */

import type { Dice } from "./dice.ts";

/** A value: one of these is there. */
interface Node {
  /** Text of a value without parts. */
  raw?: string;
  /** Items of a list. */
  items?: Node[];
  /** Members of an object, names as JSON. */
  members?: [name: string, value: Node][];
}

/** Words of a kind of document. */
export interface JsonWords {
  /** Values that its readers like to mistake for others, as JSON or nearly. */
  readonly raws: readonly string[];
  /** Names of members that have a place somewhere. */
  readonly names: readonly string[];
  /** Something close to a value, where the kind knows more of it than that it is text. */
  readonly near?: (raw: string, dice: Dice) => string | undefined;
}

/** Some edits of JSON text, written as JSON again unless an edit is none. */
export function editJson(text: string, dice: Dice, words: JsonWords): string {
  const root = nodeOf(JSON.parse(text));
  const edits = dice.pick([1, 1, 1, 2, 3]);
  for (let i = 0; i < edits; i++) editOne(someNode(root, dice), dice, words);
  return write(root, dice, dice.once(6) ? 10 : 0);
}

function nodeOf(value: unknown): Node {
  if (Array.isArray(value)) return { items: value.map(nodeOf) };
  if (typeof value !== "object" || value === null) return { raw: JSON.stringify(value) };
  const members = Object.entries(value);
  return { members: members.map(([name, one]) => [JSON.stringify(name), nodeOf(one)]) };
}

/** A value, the more often the less deep it lies. */
function someNode(root: Node, dice: Dice): Node {
  let node = root;
  for (;;) {
    const inner = [...node.items ?? [], ...(node.members ?? []).map(([, value]) => value)];
    if (inner.length === 0 || dice.once(4)) return node;
    node = dice.pick(inner);
  }
}

function editOne(node: Node, dice: Dice, words: JsonWords): void {
  if (node.members !== undefined && !dice.once(5)) editMembers(node.members, dice, words);
  else if (node.items !== undefined && !dice.once(5)) editItems(node.items, dice, words);
  else if (node.raw !== undefined && !dice.once(4)) node.raw = near(node.raw, dice, words);
  else replace(node, { raw: dice.pick(words.raws) });
}

function replace(node: Node, { raw, items, members }: Node): void {
  delete node.raw;
  delete node.items;
  delete node.members;
  Object.assign(node, raw !== undefined ? { raw } : items !== undefined ? { items } : { members });
}

function editMembers(
  members: [string, Node][],
  dice: Dice,
  { raws, names }: JsonWords,
): void {
  const at = dice.below(members.length);
  const [name, value] = members[at] ?? ['"a"', { raw: "1" }];
  const edits: readonly (() => void)[] = [
    () => members.splice(at, 1),
    () => members.push([name, structuredClone(value)]),
    () => members.unshift([escaped(name), { raw: dice.pick(raws) }]),
    () => members.push([JSON.stringify(dice.pick(names)), { raw: dice.pick(raws) }]),
    () => members.splice(at, 1, [JSON.stringify(dice.pick(names)), value]),
    () => members.splice(at, 1, [escaped(name), value]),
    () => members.reverse(),
    () => members.splice(at, 1, [name, { raw: dice.pick(raws) }]),
  ];
  dice.pick(edits)();
}

/** A name with its first character written as an escape. */
function escaped(name: string): string {
  const code = name.charCodeAt(1).toString(16).padStart(4, "0");
  return name.length > 2 ? `"\\u${code}${name.slice(2)}` : name;
}

function editItems(items: Node[], dice: Dice, { raws }: JsonWords): void {
  const at = dice.below(items.length);
  const item = items[at] ?? { raw: "null" };
  const edits: readonly (() => void)[] = [
    () => items.splice(at, 1),
    () => items.splice(at, 0, structuredClone(item)),
    () => items.push(...Array.from({ length: dice.pick([1, 16, 62, 65]) }, () => item)),
    () => items.reverse(),
    () => items.splice(at, 1, { raw: dice.pick(raws) }),
    () => items.splice(0, items.length),
    () => items.splice(0, at),
  ];
  dice.pick(edits)();
}

/** Something close to a value: a number beside it, another digit of hex, another case. */
function near(raw: string, dice: Dice, words: JsonWords): string {
  if (/^\d+$/.test(raw)) return `${Math.max(0, Number(raw) + dice.pick([-2, -1, 1, 2]))}`;
  if (!raw.startsWith('"') || raw.length < 4) return dice.pick(words.raws);
  const known = words.near?.(raw, dice);
  if (known !== undefined) return known;
  const at = 1 + dice.below(raw.length - 2);
  const other = dice.pick([..."0123456789abcdefABCDEFgZ-", ""]);
  const changed = raw.slice(0, at) + other + raw.slice(at + 1);
  return dice.pick([changed, raw.toLowerCase(), raw.toUpperCase(), escaped(raw)]);
}

/** As text, with a blank once in so many places; 0 writes none. */
function write({ raw, items, members }: Node, dice: Dice, blanks: number): string {
  const blank = (): string =>
    blanks > 0 && dice.once(blanks) ? dice.pick([" ", "\n", "\t", "\r\n", "\v", "\u00a0"]) : "";
  if (raw !== undefined) return blank() + raw + blank();
  const parts = items?.map((item) => write(item, dice, blanks)) ??
    members?.map(([name, value]) => `${blank()}${name}${blank()}:${write(value, dice, blanks)}`) ??
    [];
  const inner = parts.join(`${blank()},`) + blank();
  return items === undefined ? `{${inner}}` : `[${inner}]`;
}
