/**
 * Edits of JSON text as a tree, in which a member may stand twice and a number
 * may be written in any way.
 *
 * @module
 */

import type { Dice } from "../bends/dice.ts";

/** A value: one of these is there. */
interface Node {
  /** Text of a value without parts. */
  raw?: string;
  /** Items of a list. */
  items?: Node[];
  /** Members of an object, names as JSON. */
  members?: [name: string, value: Node][];
}

const STATUSES = [
  "UpToDate",
  "SWHardeningNeeded",
  "ConfigurationNeeded",
  "ConfigurationAndSWHardeningNeeded",
  "OutOfDate",
  "OutOfDateConfigurationNeeded",
  "Revoked",
  "TDRelaunchAdvised",
  "uptodate",
];

const MOMENTS = [
  "2026-11-21T12:00:00Z",
  "2026-11-21T11:59:59Z",
  "2026-11-21T12:00:01Z",
  "2027-01-31T00:00:00Z",
  "2024-02-29T23:59:59Z",
  "2026-02-29T00:00:00Z",
  "2026-02-30T00:00:00Z",
  "2100-02-29T00:00:00Z",
  "2026-00-10T00:00:00Z",
  "2026-13-10T00:00:00Z",
  "2026-11-00T00:00:00Z",
  "2026-11-31T00:00:00Z",
  "2026-11-21T24:00:00Z",
  "2026-11-21T23:60:00Z",
  "2026-06-30T23:59:60Z",
  "1970-01-01T00:00:00Z",
  "1969-12-31T23:59:59Z",
  "0000-01-01T00:00:00Z",
  "9999-12-31T23:59:59Z",
  "+10000-01-01T00:00:00Z",
  "2026-11-21t12:00:00z",
  "2026-11-21 12:00:00Z",
  "2026-11-21T12:00:00.0Z",
  "2026-11-21T12:00:00+00:00",
  "2026-11-21T12:00:00",
  "2026-11-21T12:00Z",
  "20261121T120000Z",
  "2026-11-21T12:00:0\u0660Z",
];

/** Moments that exist, before and after the one at which everything is judged. */
const EXISTING = [
  "2026-11-20T00:00:00Z",
  "2026-11-21T11:59:59Z",
  "2026-11-21T12:00:00Z",
  "2026-11-21T12:00:01Z",
  "2026-12-24T00:00:00Z",
];

/** Kinds of TEE and of enclaves, as JSON. */
const IDS: readonly string[] = ["TDX", "SGX", "TD_QE", "QE", "QVE"].map((id) => JSON.stringify(id));

/** Values that readers like to mistake for others. */
const RAWS: readonly string[] = [
  ...'null true false [] {} [null] [[]] {"svn":1} "" "0" "00" " 00" "0x" "TDX" "SGX"'
    .split(" "),
  ...("0 1 2 3 -0 -1 00 01 1.0 1.5 0.0 1e0 1E0 1e-0 10e-1 1e400 +1 .5 1. 255 256 65535 65536 " +
    "4294967295 4294967296 9007199254740993 18446744073709551615 18446744073709551616 NaN Infinity")
    .split(" "),
  ...["TD_QE", "QE", "QVE", "TDX_00", "TDX_01", "TDX_03", "TDX_0a", "TDX_FF", "TDX_100", "TDX_"]
    .map((text) => JSON.stringify(text)),
  ...[...STATUSES, ...MOMENTS].map((text) => JSON.stringify(text)),
  ...["INTEL-SA-00001", "intel-sa-1", "A".repeat(32), "A".repeat(33), "A\n", "\u00c4"]
    .map((text) => JSON.stringify(text)),
  '"\\ud800"',
  '"\\udc00\\ud800"',
  '"\\ud83d\\ude00"',
  '"\\u0000"',
  '"\\x"',
  '"\t"',
  '"\\u00',
  "tru",
  "nulll",
  `${"[".repeat(200)}${"]".repeat(200)}`,
  `${'{"a":'.repeat(200)}1${"}".repeat(200)}`,
];

/** Names of members that have a place somewhere. */
const NAMES = [
  ...("id version issueDate nextUpdate fmspc pceId tcbType tcbEvaluationDataNumber tdxModule " +
    "tdxModuleIdentities tcbLevels tcb tcbDate tcbStatus advisoryIDs svn isvsvn pcesvn category " +
    "type mrsigner attributes attributesMask sgxtcbcomponents tdxtcbcomponents more __proto__")
    .split(" "),
  "",
];

/** Some edits of JSON text, written as JSON again unless an edit is none. */
export function editJson(text: string, dice: Dice): string {
  const root = nodeOf(JSON.parse(text));
  const edits = dice.pick([1, 1, 1, 2, 3]);
  for (let i = 0; i < edits; i++) editOne(someNode(root, dice), dice);
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

function editOne(node: Node, dice: Dice): void {
  if (node.members !== undefined && !dice.once(5)) editMembers(node.members, dice);
  else if (node.items !== undefined && !dice.once(5)) editItems(node.items, dice);
  else if (node.raw !== undefined && !dice.once(4)) node.raw = near(node.raw, dice);
  else replace(node, { raw: dice.pick(RAWS) });
}

function replace(node: Node, { raw, items, members }: Node): void {
  delete node.raw;
  delete node.items;
  delete node.members;
  Object.assign(node, raw !== undefined ? { raw } : items !== undefined ? { items } : { members });
}

function editMembers(members: [string, Node][], dice: Dice): void {
  const at = dice.below(members.length);
  const [name, value] = members[at] ?? ['"a"', { raw: "1" }];
  const edits: readonly (() => void)[] = [
    () => members.splice(at, 1),
    () => members.push([name, structuredClone(value)]),
    () => members.unshift([escaped(name), { raw: dice.pick(RAWS) }]),
    () => members.push([JSON.stringify(dice.pick(NAMES)), { raw: dice.pick(RAWS) }]),
    () => members.splice(at, 1, [JSON.stringify(dice.pick(NAMES)), value]),
    () => members.splice(at, 1, [escaped(name), value]),
    () => members.reverse(),
    () => members.splice(at, 1, [name, { raw: dice.pick(RAWS) }]),
  ];
  dice.pick(edits)();
}

/** A name with its first character written as an escape. */
function escaped(name: string): string {
  const code = name.charCodeAt(1).toString(16).padStart(4, "0");
  return name.length > 2 ? `"\\u${code}${name.slice(2)}` : name;
}

function editItems(items: Node[], dice: Dice): void {
  const at = dice.below(items.length);
  const item = items[at] ?? { raw: "null" };
  const edits: readonly (() => void)[] = [
    () => items.splice(at, 1),
    () => items.splice(at, 0, structuredClone(item)),
    () => items.push(...Array.from({ length: dice.pick([1, 16, 62, 65]) }, () => item)),
    () => items.reverse(),
    () => items.splice(at, 1, { raw: dice.pick(RAWS) }),
    () => items.splice(0, items.length),
    () => items.splice(0, at),
  ];
  dice.pick(edits)();
}

/** Something close to a value: a number beside it, another digit of hex, another case. */
function near(raw: string, dice: Dice): string {
  if (/^\d+$/.test(raw)) return `${Math.max(0, Number(raw) + dice.pick([-2, -1, 1, 2]))}`;
  if (!raw.startsWith('"') || raw.length < 4) return dice.pick(RAWS);
  if (/^"\d{4}-/.test(raw)) return JSON.stringify(dice.pick(dice.once(3) ? MOMENTS : EXISTING));
  if (IDS.includes(raw)) return dice.pick(IDS);
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
