/**
 * The Durable Object that remembers which nonces were used. Of one name there is
 * one object in the world, and it does one thing at a time: of however many
 * requests that bring one nonce at once, one is the first.
 *
 * @module
 */

/** What an object is made with. */
export interface DurableState {
  /** What it keeps. */
  readonly storage: DurableStorage;
}

/** What an object keeps: a database, and when it wants to be woken. */
export interface DurableStorage {
  /** The database. */
  readonly sql: {
    /** Runs a statement. */
    exec(statement: string, ...values: readonly unknown[]): { toArray(): readonly unknown[] };
  };
  /** When it will be woken, ms since 1970; null where it will not. */
  getAlarm(): Promise<number | null>;
  /** Has it woken, once. */
  setAlarm(at: number): Promise<void>;
}

/** How long a nonce is remembered after it ran out, ms: clocks of two machines may differ by this. */
export const SKEW = 60_000;

/** Least time between two rounds of forgetting, ms. */
const ROUND = 60_000;

/** Path of a request: the nonce, hex, and when it runs out, ms since 1970. */
const PATH = /^\/spend\/([0-9a-f]{64})\/([0-9]{1,15})$/;

/** What is answered: to the first, and to all others. */
export const FIRST = 201;
/** See {@linkcode FIRST}. */
export const USED = 409;

/**
 * Remembers nonces until they have run out. Nothing is answered before it is on
 * disk: the platform holds answers back until then.
 */
export class NonceLedger {
  readonly #storage: DurableStorage;

  /**
   * @param state What the platform gives.
   */
  constructor({ storage }: DurableState) {
    this.#storage = storage;
    // No second index: each row would be written twice, and rounds read all rows anyway.
    storage.sql.exec(
      "CREATE TABLE IF NOT EXISTS spent (nonce TEXT PRIMARY KEY, until INTEGER NOT NULL) WITHOUT ROWID",
    );
  }

  /**
   * Spends a nonce.
   *
   * @param request `POST /spend/NONCE/UNTIL`, of this Worker alone.
   * @returns 201 where this was its first use, 409 where it was not.
   */
  async fetch(request: Request): Promise<Response> {
    const [, nonce, until] = PATH.exec(new URL(request.url).pathname) ?? [];
    if (nonce === undefined || until === undefined) return new Response(null, { status: 400 });
    // Nothing else happens within one statement.
    const first = this.#storage.sql.exec(
      "INSERT INTO spent VALUES (?, ?) ON CONFLICT DO NOTHING RETURNING 1",
      nonce,
      Number(until),
    ).toArray().length === 1;
    if (first && await this.#storage.getAlarm() === null) {
      await this.#storage.setAlarm(Number(until) + SKEW);
    }
    return new Response(null, { status: first ? FIRST : USED });
  }

  /** Forgets what ran out, and wants to be woken for the rest. */
  async alarm(): Promise<void> {
    const { sql } = this.#storage;
    const now = Date.now();
    sql.exec("DELETE FROM spent WHERE until <= ?", now - SKEW);
    const [row] = sql.exec("SELECT until FROM spent ORDER BY until LIMIT 1").toArray();
    if (row === undefined) return;
    const { until }: { until?: unknown } = Object(row);
    await this.#storage.setAlarm(Math.max(Number(until) + SKEW, now + ROUND));
  }
}
