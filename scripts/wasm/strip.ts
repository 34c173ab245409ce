/**
 * Takes the custom sections out of a WASM module: names of functions and of the
 * programs that made it, which no engine needs.
 *
 * @module
 */

/** Magic number and version (WebAssembly Core Specification, §5.5.16). */
const HEADER = Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00);
const CUSTOM = 0;

/**
 * @param module A module.
 * @returns The same without custom sections.
 * @throws {Error} if it is not a module of version 1.
 */
export function stripCustomSections(module: Uint8Array): Uint8Array {
  if (!HEADER.every((byte, i) => module[i] === byte)) throw new Error("not a WASM module");
  const kept: number[][] = [];
  for (let at = HEADER.length; at < module.length;) {
    const { value: size, next } = readUnsigned(module, at + 1);
    const end = next + size;
    if (end > module.length) throw new Error("a section of the WASM module is cut short");
    if (module[at] !== CUSTOM) kept.push([at, end]);
    at = end;
  }
  const parts = [HEADER, ...kept.map(([from, to]) => module.subarray(from, to))];
  const stripped = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    stripped.set(part, at);
    at += part.length;
  }
  return stripped;
}

/** A number in unsigned LEB128 of at most five bytes (§5.2.2). */
function readUnsigned(bytes: Uint8Array, at: number): { value: number; next: number } {
  let value = 0;
  for (let i = 0; i < 5; i++) {
    const byte = bytes[at + i];
    if (byte === undefined) break;
    value += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) return { value, next: at + i + 1 };
  }
  throw new Error("a number in the WASM module is malformed");
}
