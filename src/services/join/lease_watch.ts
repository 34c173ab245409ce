/**
 * Which leases still move, on this service's own clock that only goes on: no
 * machine's time of day decides who loses a name.
 *
 * @module
 */

import type { StoreRecord } from "../store/store.ts";

/** What is known of a holder: seen to renew; silent for a lease's life; not watched for long enough. */
export type Life = "live" | "dead" | "unknown";

interface Sight {
  readonly revision: string;
  /** When this revision was first seen, ms. */
  readonly since: number;
  /** Whether it was seen to change. */
  readonly moved: boolean;
}

/** Watches leases. */
export class LeaseWatch {
  readonly #monotonic: () => number;
  readonly #life: number;
  #sights: ReadonlyMap<string, Sight> = new Map();
  #looked = Number.NEGATIVE_INFINITY;

  /**
   * Begins; nothing is known yet.
   *
   * @param monotonic A clock that only goes on, ms.
   * @param leaseSeconds Life of a lease.
   */
  constructor(monotonic: () => number, leaseSeconds: number) {
    this.#monotonic = monotonic;
    this.#life = leaseSeconds * 1000;
  }

  /**
   * Takes a look; leases that are gone are forgotten. Where the last one was long ago nobody watched meanwhile: a
   * store that was away could not be renewed in, and silence counts from now on.
   *
   * @param leases All leases, as they are now.
   */
  observe(leases: readonly Pick<StoreRecord, "key" | "revision">[]): void {
    const now = this.#monotonic();
    const watched = now - this.#looked <= this.#life / 2;
    this.#looked = now;
    this.#sights = new Map(leases.map(({ key, revision }) => {
      const before = this.#sights.get(key);
      if (before?.revision === revision) {
        return [key, watched ? before : { revision, since: now, moved: false }];
      }
      return [key, { revision, since: now, moved: before !== undefined }];
    }));
  }

  /**
   * What is known of who holds a lease.
   *
   * @param key Key of the lease.
   */
  life(key: string): Life {
    const sight = this.#sights.get(key);
    if (sight === undefined) return "unknown";
    if (this.#monotonic() - sight.since >= this.#life) return "dead";
    return sight.moved ? "live" : "unknown";
  }

  /**
   * Revision at which a lease was seen last; null where it was not.
   *
   * @param key Key of the lease.
   */
  revision(key: string): string | null {
    return this.#sights.get(key)?.revision ?? null;
  }
}
