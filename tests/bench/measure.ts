/**
 * Measures several ways of doing something side by side.
 *
 * All take turns in every round, so that whatever else the machine does falls
 * on all of them; what counts is the median over the rounds.
 *
 * @module
 */

/** One way of doing something. */
export interface Contender {
  /** Stable name. */
  readonly id: string;
  /** What it does, for a person. */
  readonly title: string;
  /** Does it some times and says how long one took on average, µs. */
  readonly batch: (times: number) => Promise<number>;
}

/** How long a contender took. */
export interface Timing {
  /** Stable name. */
  readonly id: string;
  /** What it does. */
  readonly title: string;
  /** Median over the rounds, µs for one. */
  readonly microseconds: number;
  /** Fastest and slowest round, µs for one. */
  readonly range: readonly [number, number];
}

/** Time that one batch shall take, µs. */
const BATCH_MICROSECONDS = 25_000;

/** Batches before measuring, in which code is compiled and caches fill. */
const WARM_UPS = 4;

/** Most runs in a batch. */
const MAX_TIMES = 5000;

/**
 * A contender out of a function that does it once.
 *
 * @param id Stable name.
 * @param title What it does.
 * @param once Does it once.
 */
export function contender(id: string, title: string, once: () => Promise<unknown>): Contender {
  return {
    id,
    title,
    batch: async (times) => {
      const start = performance.now();
      for (let i = 0; i < times; i++) await once();
      return (performance.now() - start) * 1000 / times;
    },
  };
}

/**
 * Measures contenders in interleaved rounds.
 *
 * @param contenders Whom.
 * @param rounds How many rounds.
 */
export async function measure(
  contenders: readonly Contender[],
  rounds: number,
): Promise<readonly Timing[]> {
  const entries = [];
  for (const one of contenders) {
    entries.push({ one, times: await calibrate(one), took: new Array<number>() });
  }
  for (let round = 0; round < rounds; round++) {
    for (const { one, times, took } of entries) took.push(await one.batch(times));
  }
  return entries.map(({ one: { id, title }, took }) => ({
    id,
    title,
    microseconds: median(took),
    range: [Math.min(...took), Math.max(...took)],
  }));
}

/** How many runs fill a batch, after some to warm up. */
async function calibrate({ batch }: Contender): Promise<number> {
  let times = 1;
  for (let i = 0; i < WARM_UPS; i++) {
    const took = await batch(times);
    times = Math.max(1, Math.min(MAX_TIMES, Math.round(BATCH_MICROSECONDS / took)));
  }
  return times;
}

/**
 * The median; of an even number the mean of the middle two.
 *
 * @param values At least one number.
 */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const [low, high] = [(sorted.length - 1) >> 1, sorted.length >> 1].map((i) => sorted[i] ?? NaN);
  return ((low ?? NaN) + (high ?? NaN)) / 2;
}
