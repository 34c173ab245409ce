/**
 * SHA-2 (FIPS 180-4) for the page: small, and there where a page served without
 * TLS has no WebCrypto. It stands in for `core/sha2.ts`.
 *
 * The constants are computed as the standard defines them, as bits of roots of
 * primes, since they are larger than that.
 *
 * @module
 */

const MASK = (1n << 64n) - 1n;

const PRIMES: readonly bigint[] = firstPrimes(80);

/** 64 bits of the fractions of cube roots: constants of SHA-512, and in their upper halves of SHA-256. */
const CUBE_ROOTS: readonly bigint[] = PRIMES.map((prime) => root(prime << 192n, 3n) & MASK);

/** 64 bits of the fractions of square roots: initial values of SHA-512 and SHA-256, then of SHA-384. */
const SQUARE_ROOTS: readonly bigint[] = PRIMES.slice(0, 16).map((prime) =>
  root(prime << 128n, 2n) & MASK
);

function firstPrimes(count: number): readonly bigint[] {
  const found: bigint[] = [];
  for (let i = 2n; found.length < count; i++) {
    if (found.every((prime) => i % prime !== 0n)) found.push(i);
  }
  return found;
}

/** The whole part of a root, by halving where it lies. */
function root(value: bigint, degree: bigint): bigint {
  let low = 0n;
  for (let bit = 1n << 73n; bit > 0n; bit >>= 1n) {
    if ((low | bit) ** degree <= value) low |= bit;
  }
  return low;
}

/** The message with its end: a bit, zeros, its length in bits (FIPS 180-4 §5.1). */
function padded(message: Uint8Array, block: number): DataView {
  const tail = block / 8;
  const bytes = new Uint8Array(Math.ceil((message.length + 1 + tail) / block) * block);
  bytes.set(message);
  bytes[message.length] = 0x80;
  const view = new DataView(bytes.buffer);
  view.setBigUint64(bytes.length - 8, BigInt(message.length) * 8n);
  return view;
}

/**
 * SHA-256.
 *
 * @param message The message.
 */
export function sha256(message: Uint8Array): Uint8Array<ArrayBuffer> {
  const constants = Int32Array.from(CUBE_ROOTS, (value) => Number(value >> 32n) | 0);
  const state = Int32Array.from(SQUARE_ROOTS.slice(0, 8), (value) => Number(value >> 32n) | 0);
  const view = padded(message, 64);
  const words = new Int32Array(64);
  for (let at = 0; at < view.byteLength; at += 64) round256(view, at, { words, constants, state });
  return joined(4, state, (out, at, word) => out.setInt32(at, word));
}

interface Tables256 {
  readonly words: Int32Array;
  readonly constants: Int32Array;
  readonly state: Int32Array;
}

/** One block (§6.2.2). */
function round256(view: DataView, at: number, { words, constants, state }: Tables256): void {
  const turned = (word: number, by: number): number => word >>> by | word << 32 - by;
  const word = (i: number): number => words[i] ?? 0;
  for (let i = 0; i < 64; i++) {
    const [two, fifteen] = [word(i - 2), word(i - 15)];
    words[i] = i < 16
      ? view.getInt32(at + 4 * i)
      : (turned(two, 17) ^ turned(two, 19) ^ two >>> 10) + word(i - 7) +
        (turned(fifteen, 7) ^ turned(fifteen, 18) ^ fifteen >>> 3) + word(i - 16);
  }
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state;
  for (let i = 0; i < 64; i++) {
    const one = h + (turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)) + (e & f ^ ~e & g) +
      (constants[i] ?? 0) + word(i);
    const two = (turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)) + (a & b ^ a & c ^ b & c);
    [h, g, f, e, d, c, b, a] = [g, f, e, d + one | 0, c, b, a, one + two | 0];
  }
  for (const [i, value] of [a, b, c, d, e, f, g, h].entries()) state[i] = (state[i] ?? 0) + value;
}

/**
 * SHA-512.
 *
 * @param message The message.
 */
export function sha512(message: Uint8Array): Uint8Array<ArrayBuffer> {
  return wide(message, SQUARE_ROOTS.slice(0, 8));
}

/**
 * SHA-384.
 *
 * @param message The message.
 */
export function sha384(message: Uint8Array): Uint8Array<ArrayBuffer> {
  return wide(message, SQUARE_ROOTS.slice(8)).slice(0, 48);
}

function wide(message: Uint8Array, initial: readonly bigint[]): Uint8Array<ArrayBuffer> {
  const state = BigUint64Array.from(initial);
  const view = padded(message, 128);
  for (let at = 0; at < view.byteLength; at += 128) round512(view, at, state);
  return joined(8, state, (out, at, word) => out.setBigUint64(at, word));
}

/** One block (§6.4.2). */
function round512(view: DataView, at: number, state: BigUint64Array): void {
  const words = new BigUint64Array(80);
  const turned = (word: bigint, by: bigint): bigint => (word >> by | word << 64n - by) & MASK;
  const word = (i: number): bigint => words[i] ?? 0n;
  for (let i = 0; i < 80; i++) {
    const [two, fifteen] = [word(i - 2), word(i - 15)];
    words[i] = i < 16
      ? view.getBigUint64(at + 8 * i)
      : (turned(two, 19n) ^ turned(two, 61n) ^ two >> 6n) + word(i - 7) +
        (turned(fifteen, 1n) ^ turned(fifteen, 8n) ^ fifteen >> 7n) + word(i - 16);
  }
  let [a = 0n, b = 0n, c = 0n, d = 0n, e = 0n, f = 0n, g = 0n, h = 0n] = state;
  for (let i = 0; i < 80; i++) {
    const one = h + (turned(e, 14n) ^ turned(e, 18n) ^ turned(e, 41n)) + (e & f ^ (e ^ MASK) & g) +
      (CUBE_ROOTS[i] ?? 0n) + word(i);
    const two = (turned(a, 28n) ^ turned(a, 34n) ^ turned(a, 39n)) + (a & b ^ a & c ^ b & c);
    [h, g, f, e, d, c, b, a] = [g, f, e, d + one & MASK, c, b, a, one + two & MASK];
  }
  for (const [i, value] of [a, b, c, d, e, f, g, h].entries()) state[i] = (state[i] ?? 0n) + value;
}

function joined<T>(
  bytes: number,
  state: ArrayLike<T>,
  write: (out: DataView, at: number, word: T) => void,
): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(8 * bytes);
  const view = new DataView(out.buffer);
  for (const [i, word] of Array.from(state).entries()) write(view, i * bytes, word);
  return out;
}
