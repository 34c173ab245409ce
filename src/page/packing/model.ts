/**
 * Guesses the next bit of a text or a module from what stands before it, so well
 * that little need be said beside the guesses: script and module lie in the page
 * packed that way, a third smaller than what browsers inflate by themselves.
 *
 * Several models, each by other bytes before, guess; a mixer learns whom to
 * believe (PAQ, M. Mahoney, "Adaptive Weighing of Context Models", 2005). Who
 * packs and who unpacks must guess the same to the bit, in any browser: only
 * additions, multiplications and divisions of doubles, which IEEE 754 defines.
 *
 * One algorithm, kept whole.
 *
 * @module
 */

/** Gives the contexts of the next byte, as hashes, from the bytes before it. */
export interface Contexts {
  /** How many. */
  readonly count: number;
  /**
   * Writes the contexts of the byte at a place.
   *
   * @param bytes What is known up to there.
   * @param at The place.
   * @param into The contexts.
   */
  set(bytes: Uint8Array, at: number, into: Int32Array): void;
}

/** Knows or finds the next bit, by the odds that it is 1, of 65536. */
export type Decide = (odds: number) => number;

/** Learns from one byte after the other. */
export interface Model {
  /**
   * Goes over the next byte.
   *
   * @param at Its place; all before it is there.
   * @param decide Gives each bit.
   * @returns The byte.
   */
  next(at: number, decide: Decide): number;
}

/** Places of one context's odds, as a power of two. */
const TABLE_BITS = 20;
const TABLE_MASK = (1 << TABLE_BITS) - 1;
/** Least share of a new bit in the odds of a context: contexts change, so that old bits are forgotten. */
const MEMORY = 14;
/** How fast the mixer learns. */
const RATE = 3e-10;
/** Share of a new bit in the last correction. */
const CORRECTION_RATE = 0.02;
/** Largest odds of a context. */
const MOST_ODDS = 0xfff_ffff;
/** Weights at the start. */
const WEIGHT = 0.15;
/** Bytes that must be the same before a repetition is guessed, and the most that are counted. */
const REPEAT_FROM = 5;
const REPEAT_MOST = 63;
const REPEAT_BITS = 18;
/** Steps between which the last correction interpolates. */
const STEPS = 33;
/** e^(1/256). */
const ROOT = 1.0039138893383475734;

/** Odds of 65536 by 256 times their logarithm, from -2048 on; never certain. */
const ODDS: Uint16Array = new Uint16Array(4096);
/** The logarithm by odds of 4096. */
const LOGARITHM: Int16Array = new Int16Array(4096).fill(2047);
{
  let power = 1;
  for (let i = 0; i <= 2048; i++, power *= ROOT) {
    const odds = Math.max(16, Math.floor(65536 / (1 + power)));
    if (i > 0) ODDS[2048 - i] = odds;
    if (i < 2048) ODDS[2048 + i] = 65536 - odds;
  }
  ODDS[2048] = 32768;
  let odds = 0;
  for (let i = 1; i < 4096; i++) {
    for (; odds <= (ODDS[i] ?? 0) >> 4; odds++) LOGARITHM[odds] = i - 2048;
  }
}

/**
 * A model that knows nothing yet.
 *
 * @param bytes What is packed or unpacked; only what stands before a byte is looked at.
 * @param contexts What the models guess by.
 */
export function createModel(bytes: Uint8Array, contexts: Contexts): Model {
  const count = contexts.count;
  const inputs = count + 2;
  // Odds of 2^28, and in the last four bits how often they were met, so that one look gives both.
  const met = new Uint32Array(count << TABLE_BITS).fill(0x8000_0000);
  const byBits = new Float64Array(256 * inputs).fill(WEIGHT);
  const byByte = new Float64Array(1024 * inputs).fill(WEIGHT);
  const stretched = new Float64Array(inputs);
  const places = new Int32Array(count);
  const starts = new Int32Array(count);
  const hashes = new Int32Array(count);
  const shares = Float64Array.from(
    { length: MEMORY },
    (_, i) => Math.max(1 / (i + 1.5), 1 / MEMORY),
  );
  const first = corrections(256);
  const second = corrections(65536);
  const repeats = new Uint16Array(REPEAT_MOST + 1).fill(49152);
  const earlier = new Int32Array(1 << REPEAT_BITS).fill(-1);
  let [repeatAt, repeated] = [0, 0];

  /** Looks where the last bytes stood before. */
  const findRepeat = (at: number): void => {
    if (repeated > 0 && bytes[repeatAt] === bytes[at - 1]) {
      repeatAt++;
      if (repeated < REPEAT_MOST) repeated++;
    } else repeated = 0;
    if (at < REPEAT_FROM) return;
    let hash = 0;
    for (let i = 1; i <= REPEAT_FROM; i++) {
      hash = Math.imul(hash + (bytes[at - i] ?? 0) + 1, 0x2f0b4c47);
    }
    hash = (hash ^ hash >>> 15) & (1 << REPEAT_BITS) - 1;
    const found = earlier[hash] ?? -1;
    earlier[hash] = at;
    if (repeated > 0 || found < 0) return;
    repeatAt = found;
    while (
      repeated < REPEAT_MOST && repeated < found &&
      bytes[found - 1 - repeated] === bytes[at - 1 - repeated]
    ) {
      repeated++;
    }
    if (repeated < REPEAT_FROM) repeated = 0;
  };

  const next = (at: number, decide: Decide): number => {
    contexts.set(bytes, at, hashes);
    findRepeat(at);
    const last = at > 0 ? bytes[at - 1] ?? 0 : 0;
    const kind = repeated === 0 ? 0 : repeated < 8 ? 1 : repeated < 16 ? 2 : 3;
    const weights1 = (kind << 8 | last) * inputs;
    for (let bits = 1; bits < 256;) {
      const isHigh = bits < 16;
      if (bits === 1 || (bits >= 16 && bits < 32)) {
        for (let i = 0; i < count; i++) {
          let hash = Math.imul((hashes[i] ?? 0) + Math.imul(bits, 0x9e3779b1) | 0, 0x2545f491);
          hash = Math.imul(hash ^ hash >>> 15, 0x5bd1e995);
          starts[i] = hash >>> 32 - TABLE_BITS;
        }
      }
      const step = isHigh
        ? bits
        : bits < 32
        ? 1
        : bits < 64
        ? 2 | bits & 1
        : bits < 128
        ? 4 | bits & 3
        : 8 | bits & 7;
      const weights0 = bits * inputs;
      let mixed = 0;
      for (let i = 0; i < count; i++) {
        const place = (i << TABLE_BITS) + ((starts[i] ?? 0) + step & TABLE_MASK);
        places[i] = place;
        const known = met[place] ?? 0;
        const guess = (known & 15) === 0 ? 0 : LOGARITHM[known >>> 20] ?? 0;
        stretched[i] = guess;
        mixed += guess * ((byBits[weights0 + i] ?? 0) + (byByte[weights1 + i] ?? 0));
      }
      let expected = -1;
      let repeat = 0;
      if (repeated > 0) {
        const whole = (bytes[repeatAt] ?? 0) | 256;
        const shift = Math.clz32(bits) - 24;
        if (whole >> shift + 1 === bits) {
          expected = whole >> shift & 1;
          repeat = LOGARITHM[(repeats[repeated] ?? 0) >> 4] ?? 0;
          if (expected === 0) repeat = -repeat;
        } else repeated = 0;
      }
      stretched[count] = repeat;
      stretched[count + 1] = 256;
      for (let i = count; i < inputs; i++) {
        mixed += (stretched[i] ?? 0) * ((byBits[weights0 + i] ?? 0) + (byByte[weights1 + i] ?? 0));
      }
      const logarithm = Math.max(-2047, Math.min(2047, mixed)) | 0;
      const guess = ODDS[logarithm + 2048] ?? 0;
      const at32 = (logarithm + 2048) / 128;
      const low = at32 | 0;
      const part = at32 - low;
      const in0 = bits * STEPS + low;
      const in1 = ((last << 8 | bits) & 65535) * STEPS + low;
      const corrected0 = (first[in0] ?? 0) * (1 - part) + (first[in0 + 1] ?? 0) * part;
      const corrected1 = (second[in1] ?? 0) * (1 - part) + (second[in1 + 1] ?? 0) * part;
      const said = (guess * 2 + corrected0 + corrected1) / 4 | 0;
      const bit = decide(Math.max(1, Math.min(65535, said)));
      const target = bit === 1 ? MOST_ODDS : 0;
      const wrong = (bit * 65536 - guess) * RATE;
      for (let i = 0; i < inputs; i++) {
        const change = wrong * (stretched[i] ?? 0);
        byBits[weights0 + i] = (byBits[weights0 + i] ?? 0) + change;
        byByte[weights1 + i] = (byByte[weights1 + i] ?? 0) + change;
      }
      for (let i = 0; i < count; i++) {
        const place = places[i] ?? 0;
        const known = met[place] ?? 0;
        const times = known & 15;
        const before = known >>> 4;
        const after = before + (target - before) * (shares[times] ?? 0) | 0;
        met[place] = after << 4 | (times < MEMORY - 1 ? times + 1 : times);
      }
      if (expected >= 0) {
        const before = repeats[repeated] ?? 0;
        repeats[repeated] = before + ((expected === bit ? 65535 : 0) - before) / 64;
        if (expected !== bit) repeated = 0;
      }
      correct(first, in0, bit * 65535);
      correct(second, in1, bit * 65535);
      bits = bits << 1 | bit;
      if (bits >= 256) return bits & 255;
    }
    return 0;
  };
  return { next };
}

function corrections(sets: number): Uint16Array {
  return Uint16Array.from(
    { length: sets * STEPS },
    (_, i) => ODDS[Math.min(4095, i % STEPS * 128)] ?? 0,
  );
}

function correct(table: Uint16Array, at: number, target: number): void {
  const [low, high] = [table[at] ?? 0, table[at + 1] ?? 0];
  table[at] = low + (target - low) * CORRECTION_RATE;
  table[at + 1] = high + (target - high) * CORRECTION_RATE;
}
