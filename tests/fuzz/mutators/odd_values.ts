/**
 * Values as a caller in plain JavaScript may hand them in: of other types, with
 * getters and proxies, large, of other prototypes, moved away.
 *
 * @module
 */

/** What a value throws that throws. */
export class Trap extends Error {
  /** Name of the class. */
  override readonly name = "Trap";
}

function trap(): never {
  throw new Trap("A getter of the caller throws");
}

/** Bytes whose memory was moved elsewhere. */
function movedAway(): Uint8Array {
  const bytes = new Uint8Array(1184);
  structuredClone(bytes, { transfer: [bytes.buffer] });
  return bytes;
}

/** Says of itself that it is longer than it is. */
class Boaster extends Uint8Array {
  override get length(): number {
    return 2 ** 40;
  }
}

/** Says of itself that it is empty. */
class Hider extends Uint8Array {
  override get length(): number {
    return 0;
  }
}

/** Makes each value anew, since some change or are moved. */
const VALUES: Readonly<Record<string, () => unknown>> = {
  "undefined": () => undefined,
  "null": () => null,
  "true": () => true,
  "false": () => false,
  "zero": () => 0,
  "NaN": () => NaN,
  "minus one": () => -1,
  "infinity": () => Infinity,
  "bigint": () => 1n << 70n,
  "symbol": () => Symbol("a symbol"),
  "function": () => trap,
  "empty text": () => "",
  "text": () => "full",
  "huge text": () => "x".repeat(1 << 20),
  "controls": () => "\u001b[2J\u0000\u202e",
  "half a character": () => "\ud800",
  "empty list": () => [],
  "list with a hole": () => Array(3),
  "long list": () => Array.from({ length: 5000 }, () => new Uint8Array(1)),
  "list in itself": () => {
    const list: unknown[] = [];
    list.push(list);
    return list;
  },
  "object in itself": () => {
    const object: Record<string, unknown> = { version: 1 };
    object["tdx"] = object;
    return object;
  },
  "empty object": () => ({}),
  "object of no prototype": () => Object.create(null),
  "object with __proto__": () => JSON.parse('{"__proto__":{"version":1},"constructor":1}'),
  "map": () => new Map([["version", 1]]),
  "date": () => new Date("2026-11-21T12:00:00Z"),
  "no date": () => new Date(NaN),
  "far date": () => new Date(8.64e15),
  "early date": () => new Date(-1),
  "false date": () => Object.create(Date.prototype),
  "date behind a proxy": () => new Proxy(new Date(), {}),
  "bytes": () => new Uint8Array(48),
  "no bytes": () => new Uint8Array(),
  "bytes behind a proxy": () => new Proxy(new Uint8Array(48), {}),
  "false bytes": () => Object.create(Uint8Array.prototype),
  "moved bytes": movedAway,
  "shared bytes": () => new Uint8Array(new SharedArrayBuffer(64)),
  "boasting bytes": () => new Boaster(48),
  "hiding bytes": () => new Hider(48),
  "numbers": () => new Uint16Array(600),
  "buffer": () => new ArrayBuffer(1184),
  "list behind a proxy": () => new Proxy([new Uint8Array(1)], {}),
  "object behind a proxy": () => new Proxy({ version: 1 }, {}),
  "throwing getter": () => ({
    get version(): number {
      return trap();
    },
  }),
  "throwing proxy": () => new Proxy({}, { get: trap, ownKeys: trap, getPrototypeOf: trap }),
  "throwing text": () => ({ toString: trap, [Symbol.toPrimitive]: trap }),
  "text that is none": () => Object.create(null, { toString: { value: 1 } }),
  "promise": () => Promise.resolve(1),
};

/** Names of all of them. */
export const ODD_NAMES: readonly string[] = Object.keys(VALUES);

/** One of them, by its name. */
export function oddValue(name: string): unknown {
  return VALUES[name]?.();
}
