/**
 * Who asks how often. A source has a bucket that fills with time; an empty one waits.
 *
 * @module
 */

import type { ChannelLimits } from "./limits.ts";

/** What a source has left, and when that was. */
interface Bucket {
  readonly left: number;
  readonly at: number;
}

/** Sources of requests, by address. */
export class Sources {
  readonly #limits: Pick<ChannelLimits, "perSecond" | "burst" | "sources">;
  readonly #monotonic: () => number;
  /** Those that asked longest ago are first. */
  readonly #buckets = new Map<string, Bucket>();

  /**
   * Begins with none.
   *
   * @param limits How often each may ask.
   * @param monotonic Milliseconds that only rise.
   */
  constructor(
    limits: Pick<ChannelLimits, "perSecond" | "burst" | "sources">,
    monotonic: () => number,
  ) {
    this.#limits = limits;
    this.#monotonic = monotonic;
  }

  /**
   * Takes one request of a source.
   *
   * @param address Its address.
   * @returns Seconds until the next is taken, where this one is not; else 0.
   */
  take(address: string): number {
    const { perSecond, burst, sources } = this.#limits;
    const source = networkOf(address);
    const now = this.#monotonic();
    const known = this.#buckets.get(source) ?? { left: burst, at: now };
    const left = Math.min(burst, known.left + (now - known.at) / 1000 * perSecond);
    const isTaken = left >= 1;
    this.#buckets.delete(source);
    this.#buckets.set(source, { left: isTaken ? left - 1 : left, at: now });
    const [oldest] = this.#buckets.keys();
    if (this.#buckets.size > sources && oldest !== undefined) this.#buckets.delete(oldest);
    return isTaken ? 0 : (1 - left) / perSecond;
  }
}

/** Whoever has an IPv6 network has all of its addresses: the first 64 bits are one source. */
function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(address)?.[1];
  if (mapped !== undefined || !address.includes(":")) return mapped ?? address;
  const [before = "", after] = (address.split("%")[0] ?? "").split("::");
  const left = before === "" ? [] : before.split(":");
  const right = after === undefined || after === "" ? [] : after.split(":");
  const zeros = after === undefined ? [] : new Array(8 - left.length - right.length).fill("0");
  return [...left, ...zeros, ...right].slice(0, 4).join(":");
}
