/**
 * A source of collateral: what is kept, and the vendors behind it.
 *
 * @module
 */

import { InputError, RejectedError, UnavailableError } from "../core/errors.ts";
import type { CollateralContent, CollateralItem } from "../evidence/collateral.ts";
import { readBases } from "./bases.ts";
import type {
  Brought,
  Collateral,
  CollateralParts,
  CollateralTerms,
  GetOptions,
  Obtained,
} from "./collateral.ts";
import type { Origin } from "./origin.ts";
import { type Failure, failureOf, isFailure, reasonOf } from "./failures.ts";
import {
  type Ages,
  compareIssues,
  type Held,
  isDue,
  MAX_AGE,
  problemOf,
  REFRESH_AFTER,
  SKEW,
  tooOld,
} from "./judge.ts";
import { isOlderThanSeen, keep, readKept, realmOf, type Wanted, withHeaders } from "./keep.ts";
import { refresh, type RefreshOptions, type RefreshParts } from "./refresh.ts";
import { createThrottle } from "./throttle.ts";

/** Longest time for one thing, and for one request, ms. */
const DEADLINE = 60_000;
const TIMEOUT = 20_000;
/** The same for all that one piece of evidence needs. */
export const PATIENCE: number = 60_000;

/** A failure, which counts as long as one attempt may take. */
interface Failed {
  readonly at: Date;
  readonly error: UnavailableError;
}

/** How a thing is got. */
interface Manner extends GetOptions {
  readonly offline: boolean;
}

/**
 * Makes a source of collateral.
 *
 * @param parts Network, store, clock and what the operator says.
 * @throws {InputError} `collateral.base`
 */
export function createCollateral(parts: CollateralParts): Collateral {
  return new Source(parts);
}

class Source implements Collateral {
  readonly #parts: RefreshParts;
  readonly #ages: Ages;
  readonly #offline: boolean;
  readonly #patience: number;
  /** What failed for one question: of what several things need, one failure is enough. */
  readonly #failed = new WeakMap<CollateralTerms, Map<string, Failed>>();
  /** What is being asked for: who wants the same waits for the same answer. */
  readonly #flights = new Map<string, ReturnType<typeof refresh>>();

  constructor(parts: CollateralParts) {
    const { options = {} } = parts;
    this.#parts = {
      ...parts,
      throttle: createThrottle(parts),
      bases: readBases(options.bases),
      timeout: options.timeout ?? TIMEOUT,
      deadline: options.deadline ?? DEADLINE,
    };
    this.#ages = {
      refreshAfter: options.refreshAfter ?? REFRESH_AFTER,
      maxAge: options.maxAge ?? MAX_AGE,
    };
    this.#offline = options.offline ?? false;
    this.#patience = options.patience ?? PATIENCE;
  }

  get(item: CollateralItem, terms: CollateralTerms, options: GetOptions = {}): Promise<Obtained> {
    return this.#first(item, terms, { ...options, offline: this.#offline });
  }

  /** The thing, or what is asked for in its place where a source has no such thing; what is kept first. */
  async #first(item: CollateralItem, terms: CollateralTerms, manner: Manner): Promise<Obtained> {
    const all = [item, ...item.instead ?? []];
    const kept = all.length > 1 && manner.refresh !== true;
    for (const one of kept ? all : []) {
      const found = await orFailure(this.#obtain(one, terms, { offline: true }));
      if (!(found instanceof Error) && found.stale === null) return found;
    }
    let first: UnavailableError | undefined;
    for (const one of all) {
      const found = await orFailure(this.#obtain(one, terms, manner));
      if (!(found instanceof Error)) return found;
      if (!mayBeElsewhere(found)) throw found;
      first ??= found;
    }
    throw first;
  }

  async #obtain(item: CollateralItem, terms: CollateralTerms, manner: Manner): Promise<Obtained> {
    const { store, clock } = this.#parts;
    const wanted = await this.#wanted(item, terms, { ...manner, refresh: false });
    const held = await readKept(wanted, store);
    const problem = held === null ? null : this.#problem(wanted, held);
    const other = problem === null ? held : null;
    const again = manner.refresh === true && !item.immutable;
    if (other !== null && !again && !isDue(item, other, clock.now(), this.#ages)) {
      return obtained(wanted, other, "cache", null);
    }
    const { until } = manner;
    const how = { hasOther: other !== null, insists: manner.refresh === true };
    const options = until === undefined ? how : { ...how, until };
    const failure = manner.offline
      ? offline(item)
      : await this.#refreshedOnce(wanted, terms, options);
    if (!(failure instanceof Error)) return failure;
    if (other !== null) return obtained(wanted, other, "cache", reasonOf(failure));
    throw problem === null ? failure : failureOf(item, { ...problem, cause: failure });
  }

  #problem({ item, context }: Wanted, held: Held): Failure | null {
    const at = { now: context.now, clock: this.#parts.clock.now() };
    return problemOf(item, held, at, this.#ages);
  }

  async #refreshedOnce(
    wanted: Wanted,
    terms: CollateralTerms,
    options: RefreshOptions,
  ): Promise<Obtained | UnavailableError> {
    const { clock, deadline } = this.#parts;
    const failed = this.#failed.get(terms) ?? new Map<string, Failed>();
    this.#failed.set(terms, failed);
    const { key } = wanted.item;
    const before = failed.get(key);
    if (before !== undefined && Math.abs(+clock.now() - +before.at) < deadline) return before.error;
    const found = await orFailure(this.#refreshed(wanted, options));
    if (found instanceof Error) failed.set(key, { at: clock.now(), error: found });
    return found;
  }

  async #refreshed(wanted: Wanted, options: RefreshOptions): Promise<Obtained> {
    const { held, asked } = await this.#shared(wanted, options);
    const problem = this.#problem(wanted, held);
    if (problem !== null) throw failureOf(wanted.item, problem);
    return obtained(wanted, held, asked ? held.entry.source : "cache", null);
  }

  async #shared(wanted: Wanted, options: RefreshOptions): ReturnType<typeof refresh> {
    const name = `${wanted.realm} ${wanted.item.key}`;
    const under = this.#flights.get(name);
    if (under !== undefined) return await under;
    const flight = refresh(wanted, options, this.#parts);
    this.#flights.set(name, flight);
    try {
      const got = await flight;
      await this.#parts.store.tidy(this.#parts.clock.now());
      return got;
    } finally {
      this.#flights.delete(name);
    }
  }

  /** The thing with what must be had before it can be read. */
  async #wanted(item: CollateralItem, terms: CollateralTerms, manner: Manner): Promise<Wanted> {
    const needed: CollateralContent[] = [];
    for (const one of item.needs ?? []) {
      needed.push((await this.#first(one, terms, manner)).content);
    }
    const { engine, now, labRoots } = terms;
    return { item, realm: realmOf(labRoots), context: { engine, now, labRoots, needed } };
  }

  async accept(
    item: CollateralItem,
    brought: Brought,
    terms: CollateralTerms,
  ): Promise<Obtained> {
    const { store, clock, deadline } = this.#parts;
    const answer = withHeaders(brought.answer, item.keepHeaders);
    const wanted = await this.#wanted(item, terms, { offline: true });
    const content = await item.read(answer, wanted.context);
    const confirmed = brought.confirmed ?? content.issued;
    refuseFuture(item, brought.confirmed, clock.now());
    const name = `get ${wanted.realm} ${item.key}`;
    const result = await store.lock(name, deadline, async () => {
      const held = await readKept(wanted, store);
      if (held !== null && isAsGood(item, held, content, confirmed)) return held;
      const incoming = { answer, content, confirmed, source: "bundle" as const };
      return await keep(wanted, incoming, store, clock.now());
    });
    if (!("entry" in result)) throw refusalOf(item, result);
    await store.tidy(clock.now());
    return obtained(wanted, result, result.entry.source === "bundle" ? "bundle" : "cache", null);
  }

  async objection(
    item: CollateralItem,
    content: CollateralContent,
    now: Date,
  ): Promise<string | null> {
    if (await isOlderThanSeen(item, content, this.#parts.store)) {
      return `it is of ${content.issued.toISOString()}, and a newer one was seen`;
    }
    return item.immutable ? null : tooOld(content.issued, now, this.#ages);
  }

  until(): Date {
    return new Date(this.#parts.clock.now().getTime() + this.#patience);
  }
}

/** What is kept stays where it is the same issue and was confirmed later, or never changes and holds as long. */
function isAsGood(
  { immutable }: CollateralItem,
  { entry, content: own }: Held,
  content: CollateralContent,
  confirmed: Date,
): boolean {
  if (immutable) return own.expires >= content.expires;
  return entry.confirmed >= confirmed && compareIssues(own, content) === 0;
}

function refuseFuture({ title, key }: CollateralItem, confirmed: Date | null, now: Date): void {
  if (confirmed === null || confirmed.getTime() <= now.getTime() + SKEW) return;
  const fields = { key, now: now.toISOString() };
  throw new InputError(`Cannot take ${title}: it was confirmed later than now, ${fields.now}`, {
    code: "collateral.confirmed",
    fields,
  });
}

function refusalOf(item: CollateralItem, failure: Failure): Error {
  if (failure.code !== "collateral.outdated") return failureOf(item, failure);
  const { title, key } = item;
  return new RejectedError(`Cannot take ${title}: ${failure.reason}`, {
    code: "collateral.rollback",
    fields: { key, reason: failure.reason },
  });
}

function offline(item: CollateralItem): UnavailableError {
  const reason = "it is not kept here, and nothing may be asked of the network";
  return failureOf(item, { code: "collateral.offline", reason });
}

function mayBeElsewhere(error: UnavailableError): boolean {
  return isFailure(error, "collateral.not_found") || isFailure(error, "collateral.offline");
}

/** An outcome that is to be gone on from; other errors are no outcome. */
async function orFailure<T>(work: Promise<T>): Promise<T | UnavailableError> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof UnavailableError) return error;
    throw error;
  }
}

function obtained(
  { item }: Wanted,
  { entry, content }: Held,
  from: Origin,
  stale: string | null,
): Obtained {
  const { key, title } = item;
  const { answer, confirmed, source } = entry;
  return { key, title, answer, content, confirmed, from, source, stale };
}
