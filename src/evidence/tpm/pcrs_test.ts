import assert from "node:assert/strict";
import { concat, toHex } from "../../core/bytes.ts";
import { readPcrs } from "./pcrs.ts";
import { encodeRegisters } from "./registers.ts";

const asFile = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Values in a form that is easily compared. */
function read(file: Uint8Array): readonly string[] {
  return readPcrs(file).map(({ bank, register, value }) => `${bank}:${register}=${toHex(value)}`);
}

const A = "0a".repeat(32);
const B = "0b".repeat(48);
const BOTH = [`sha256:4=${A}`, `sha384:11=${B}`];

Deno.test("readPcrs() reads JSON, banks in either case", () => {
  assert.deepEqual(read(asFile(`{"sha256": {"4": "${A}"}, "sha384": {"11": "${B}"}}`)), BOTH);
  const other = `\n{ "SHA256" :{"4":"${A.toUpperCase()}"},"SHA384":{"11":"${B}"}\r\n}\n`;
  assert.deepEqual(read(asFile(other)), BOTH);
  assert.deepEqual(read(asFile('{"sha256":{}}')), []);
});

Deno.test("readPcrs() reads what tpm2_pcrread prints", () => {
  const text = `  sha256:\n    4 : 0x${A.toUpperCase()}\n  sha384:\n    11: 0x${B}\n`;
  assert.deepEqual(read(asFile(text)), BOTH);
  assert.deepEqual(read(asFile(`sha1:\nsha256:\r\n  4: 0x${A}\r\n\r\n`)), [`sha256:4=${A}`]);
});

/** What tpm2_quote writes, by tpm2-tss's structures on a little-endian machine. */
function serialized(
  selections: readonly (readonly [number, number])[],
  values: readonly Uint8Array[],
): Uint8Array {
  const select = new Uint8Array(4 + 16 * 8);
  const view = new DataView(select.buffer);
  view.setUint32(0, selections.length, true);
  for (const [i, [hash, bits]] of selections.entries()) {
    view.setUint16(4 + 8 * i, hash, true);
    view.setUint8(6 + 8 * i, 3);
    view.setUint32(7 + 8 * i, bits, true);
  }
  const lists = Array.from({ length: Math.ceil(values.length / 8) }, (_, i) => {
    const list = new Uint8Array(4 + 8 * 66);
    const part = values.slice(8 * i, 8 * i + 8);
    new DataView(list.buffer).setUint32(0, part.length, true);
    for (const [j, value] of part.entries()) {
      new DataView(list.buffer).setUint16(4 + 66 * j, value.length, true);
      list.set(value, 6 + 66 * j);
    }
    return list;
  });
  return concat(select, Uint8Array.of(lists.length, 0, 0, 0), ...lists);
}

const bytes = (size: number, fill: number): Uint8Array => new Uint8Array(size).fill(fill);

Deno.test("readPcrs() reads what tpm2_quote writes, in the order of the selection", () => {
  const file = serialized([[0x0b, 1 << 4], [0x0c, 1 << 11]], [bytes(32, 10), bytes(48, 11)]);
  assert.deepEqual(read(file), BOTH);
  const all = Array.from({ length: 24 }, (_, i) => bytes(32, i));
  const whole = readPcrs(serialized([[0x0b, 0xffffff]], all));
  assert.deepEqual(whole.map(({ register }) => register), all.map((_, i) => i));
  assert.ok(whole.every(({ value }, i) => value.every((byte) => byte === i)));
});

Deno.test("readPcrs() gives repeated registers as they stand, for the engine to refuse", () => {
  const twice = [`sha256:4=${A}`, `sha256:4=${A}`];
  assert.deepEqual(read(asFile(`{"sha256":{"4":"${A}","4":"${A}"}}`)), twice);
  assert.deepEqual(read(asFile(`{"sha256":{"4":"${A}"},"SHA256":{"4":"${A}"}}`)), twice);
  assert.deepEqual(read(asFile(`sha256:\n 4: 0x${A}\n 4: 0x${A}\n`)), twice);
  const selections = [[0x0b, 1 << 4], [0x0b, 1 << 4]] as const;
  assert.deepEqual(read(serialized(selections, [bytes(32, 10), bytes(32, 10)])), twice);
});

Deno.test("readPcrs() keeps each value's own length, so that none can be cut elsewhere", () => {
  const split = `{"sha256":{"0":"${"0a".repeat(31)}","1":"${"0a".repeat(33)}"}}`;
  assert.deepEqual(readPcrs(asFile(split)).map(({ value }) => value.length), [31, 33]);
});

const good = serialized([[0x0b, 1 << 4]], [bytes(32, 10)]);

function changed(at: number, byte: number): Uint8Array {
  const file = concat(good);
  file[at] = byte;
  return file;
}

/** Files that are none, and their codes. */
const REFUSED: readonly (readonly [string, Uint8Array, string])[] = [
  ["nothing", new Uint8Array(), "input.empty"],
  ["too much", asFile(" ".repeat(64 * 1024 + 1)), "input.too_large"],
  ["values alone", bytes(96, 0x80), "input.encoding"],
  ["text", asFile("sha256"), "input.encoding"],
  ["YAML of tpm2_quote", asFile("quoted: ff54\npcrs:\n  sha256:\n"), "input.encoding"],
  ["a list", asFile('["sha256"]'), "input.encoding"],
  ["JSON that is cut", asFile('{"sha256":{"4":"0a"}'), "input.encoding"],
  ["JSON and more", asFile('{"sha256":{}}{'), "input.encoding"],
  ["a trailing comma", asFile('{"sha256":{"4":"0a",}}'), "input.encoding"],
  ["a number as value", asFile('{"sha256":{"4":10}}'), "input.encoding"],
  ["escapes", asFile('{"sha256":{"\\u0034":"0a"}}'), "input.encoding"],
  ["an unknown bank", asFile('{"sm3_256":{"4":"0a"}}'), "input.value"],
  ["an unknown bank as text", asFile("sm3_256:\n 4: 0x0a\n"), "input.value"],
  ["register 24", asFile('{"sha256":{"24":"0a"}}'), "input.value"],
  ["register 04", asFile('{"sha256":{"04":"0a"}}'), "input.value"],
  ["half a byte", asFile('{"sha256":{"4":"0"}}'), "input.value"],
  ["a prefix in JSON", asFile('{"sha256":{"4":"0x0a"}}'), "input.value"],
  ["a line without prefix", asFile("sha256:\n 4: 0a\n"), "input.encoding"],
  ["a cut structure", good.subarray(0, -1), "input.encoding"],
  ["a structure and more", concat(good, Uint8Array.of(0)), "input.encoding"],
  ["fewer values than selected", changed(7, 0x30), "input.encoding"],
  ["register 24 in a structure", changed(10, 1), "input.value"],
  ["an unknown bank in a structure", changed(4, 0x12), "input.value"],
  ["a list of nine", changed(136, 9), "input.encoding"],
  ["a value beyond its room", changed(140, 65), "input.encoding"],
];

for (const [what, file, code] of REFUSED) {
  Deno.test(`readPcrs() refuses ${what} with ${code}`, () => {
    assert.throws(() => readPcrs(file), { name: "InputError", code });
  });
}

Deno.test("encodeRegisters() writes bank, register and value", () => {
  const [item] = encodeRegisters([{ bank: "sha384", register: 23, value: Uint8Array.of(1, 2) }]);
  assert.deepEqual(item, Uint8Array.of(0, 0x0c, 23, 1, 2));
});
