/**
 * How long work keeps its own thread busy. Unlike the time that passes, that
 * is the same whatever else the machine does.
 *
 * @module
 */

import process from "node:process";

/** Work with its end and what it took. */
export interface Timed<T> {
  /** What it came to. */
  readonly end: T;
  /** Time of the processor for this thread, ms. */
  readonly milliseconds: number;
}

/**
 * Does work that runs in this thread, and measures it.
 *
 * @param work The work; what it leaves to other threads is not counted.
 */
export async function timedInThread<T>(work: () => Promise<T>): Promise<Timed<T>> {
  const before = process.threadCpuUsage();
  const end = await work();
  const { user, system } = process.threadCpuUsage(before);
  return { end, milliseconds: (user + system) / 1000 };
}
