/**
 * What the next byte of a WASM module is guessed by: the bytes before it, and
 * where it stands in which instruction after which others. The walk over the
 * module (WebAssembly Core Specification 2.0, §5) only serves to guess: a module
 * that it loses its way in is packed worse, and no less right.
 *
 * @module
 */

import type { Contexts } from "./model.ts";

/** What stands at a place. */
const SECTION = 2;
const SIZE = 3;
const BODIES = 4;
const BODY = 5;
const LOCALS = 6;
const LOCAL_COUNT = 7;
const LOCAL_TYPE = 8;
const OPERATION = 1;
const OPERAND = 9;
const RAW = 10;
const TARGETS = 11;
const DATA = 12;

/** Section of code. */
const CODE = 10;

/** Contexts of a module. */
export function createModuleContexts(): Contexts {
  const walk = createWalk();
  return {
    count: 8,
    set(bytes, at, into) {
      const back = (i: number): number => i > at ? 0 : bytes[at - i] ?? 0;
      if (at > 0) walk.step(at - 1, back(1));
      const { place, operations, operand } = walk;
      const kind = Math.imul(place, 0x3d4d51cb);
      const [a, b, c, d] = [back(1), back(2), back(3), back(4)];
      const four = Math.imul(a | b << 8 | c << 16 | d << 24, 0x2c1b3c6d) + 3;
      into[0] = Math.imul(kind + a + 1, 0x2c1b3c6d);
      into[1] = Math.imul(a | b << 8, 0x2f0b4c47) + kind;
      into[2] = (a | b << 8 | c << 16) + 0x2000000;
      into[3] = four;
      into[4] = Math.imul(operations, 0x2f0b4c47) + kind + 2;
      into[5] = Math.imul(operand, 0x51ed27) + kind + 77;
      into[6] = Math.imul(operations & 0xffff, 0x9e3779b1) + kind;
      into[7] = Math.imul(operations & 0xffffff, 0x85ebca6b) + kind + 1;
    },
  };
}

/** A walk over a module, byte by byte. */
interface Walk {
  /** What the next byte is: of an operand the operation and which. */
  readonly place: number;
  /** The last four operations of the body. */
  readonly operations: number;
  /** What the operands of this operation were when it last stood there. */
  readonly operand: number;
  /** Goes over a byte. */
  step(at: number, byte: number): void;
}

function createWalk(): Walk {
  // The first eight bytes are the magic and the version.
  let state = DATA;
  let [section, sectionEnd, bodyEnd] = [0, 8, 0];
  let [value, shift, left] = [0, 0, 0];
  let [operation, operations, index, operands] = [0, 0, 0, 0];
  const last = new Int32Array(256);

  /** A number in LEB128 that may have ended. */
  const isWhole = (byte: number): boolean => {
    value += (byte & 127) * 2 ** shift;
    shift += 7;
    return byte < 128;
  };
  const enter = (next: number): void => {
    state = next;
    value = 0;
    shift = 0;
  };
  const begin = (byte: number): void => {
    operation = byte;
    operations = operations << 8 | byte;
    index = 0;
    operands = 0;
    left = operandsOf(byte);
    if (byte === 0x0e) {
      left = -1;
      enter(TARGETS);
    } else if (byte === 0x43 || byte === 0x44) {
      left = byte === 0x43 ? 4 : 8;
      enter(RAW);
    } else if (left > 0) enter(OPERAND);
  };
  const operate = (byte: number): void => {
    operands = Math.imul(operands, 257) + byte;
    if (byte >= 128) return;
    // Operations of two bytes say with the second how many operands follow.
    if (operation === 0xfc && index === 0) left = byte === 10 ? 3 : byte === 8 ? 3 : 2;
    index++;
    if (index < left) return;
    last[operation] = operands;
    enter(OPERATION);
  };
  const step = (at: number, byte: number): void => {
    switch (state) {
      case SECTION:
        section = byte;
        enter(SIZE);
        break;
      case SIZE:
        if (!isWhole(byte)) break;
        sectionEnd = at + 1 + value;
        enter(section === CODE ? BODIES : DATA);
        break;
      case BODIES:
        if (isWhole(byte)) enter(BODY);
        break;
      case BODY:
        if (!isWhole(byte)) break;
        bodyEnd = at + 1 + value;
        operations = 0;
        enter(LOCALS);
        break;
      case LOCALS:
        if (!isWhole(byte)) break;
        left = value;
        enter(left > 0 ? LOCAL_COUNT : OPERATION);
        break;
      case LOCAL_COUNT:
        if (isWhole(byte)) enter(LOCAL_TYPE);
        break;
      case LOCAL_TYPE:
        left--;
        enter(left > 0 ? LOCAL_COUNT : OPERATION);
        break;
      case OPERATION:
        begin(byte);
        break;
      case OPERAND:
        operate(byte);
        break;
      case RAW:
        left--;
        if (left === 0) enter(OPERATION);
        break;
      case TARGETS:
        if (!isWhole(byte)) break;
        left = left < 0 ? value + 1 : left - 1;
        enter(left === 0 ? OPERATION : TARGETS);
        break;
    }
    if (at + 1 === sectionEnd) enter(SECTION);
    else if (at + 1 === bodyEnd) enter(BODY);
  };
  return {
    get place() {
      return state === OPERAND
        ? 256 + operation * 4 + Math.min(index, 3)
        : state === DATA
        ? 64 + section
        : state;
    },
    get operations() {
      return operations;
    },
    get operand() {
      return last[operation] ?? 0;
    },
    step,
  };
}

/** How many numbers follow an operation. */
function operandsOf(operation: number): number {
  if (operation === 0x11 || (operation >= 0x28 && operation <= 0x3e)) return 2;
  const one = [0x02, 0x03, 0x04, 0x0c, 0x0d, 0x10, 0x3f, 0x40, 0x41, 0x42, 0xfc];
  return (operation >= 0x20 && operation <= 0x26) || one.includes(operation) ? 1 : 0;
}
