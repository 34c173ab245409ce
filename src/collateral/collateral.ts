/**
 * What is asked of a source of collateral, and what it gives.
 *
 * @module
 */

import type { Clock, Http, Random, Timer } from "../core/ports.ts";
import type {
  CollateralAnswer,
  CollateralContent,
  CollateralContext,
  CollateralItem,
  CollateralService,
} from "../evidence/collateral.ts";
import type { Origin } from "./origin.ts";
import type { CollateralStore } from "./store.ts";

/** Collateral that may be used. */
export interface Obtained {
  /** The item's key. */
  readonly key: string;
  /** The item's title. */
  readonly title: string;
  /** What the source answered, for who hands it on. */
  readonly answer: CollateralAnswer;
  /** The same, read and authenticated. */
  readonly content: CollateralContent;
  /** When a source last gave it, or said that there is nothing newer. */
  readonly confirmed: Date;
  /** Where it came from this time. */
  readonly from: Origin;
  /** Who gave it when it was confirmed; never `cache`. */
  readonly source: Exclude<Origin, "cache">;
  /** Why it could not be asked for again although that was due, for a person; null where all is well. */
  readonly stale: string | null;
}

/** What something is asked for with: engine, time of the verification, lab roots. */
export type CollateralTerms = Omit<CollateralContext, "needed">;

/** How one thing is asked for. */
export interface GetOptions {
  /** Asks the source although what is kept would still do; not for what never changes. */
  readonly refresh?: boolean;
  /** Moment, of the source's own clock, at which it must be over, however little of its own time has passed. */
  readonly until?: Date;
}

/** Collateral that somebody brought, as a bundle. */
export interface Brought {
  /** What its source answered then. */
  readonly answer: CollateralAnswer;
  /** When, by the word of who brings it; null where nobody vouches for that, so that its age counts from its own issue. */
  readonly confirmed: Date | null;
}

/** A source of collateral: what is kept, and the vendors behind it. */
export interface Collateral {
  /**
   * Gives what evidence needs: kept, or asked for and authenticated.
   *
   * Nothing is given outside of its own dates, none that is older than what was
   * seen, and none that no source confirmed for `maxAge`, but for what never changes.
   *
   * @param item What is needed.
   * @param terms Engine, time of the verification, lab roots.
   * @throws {UnavailableError} `collateral.*`; trust cannot be examined without it.
   */
  get(item: CollateralItem, terms: CollateralTerms, options?: GetOptions): Promise<Obtained>;
  /**
   * Keeps what a bundle brings, once it is authenticated; what is kept and was confirmed later stays. What its item
   * `needs` must be kept already: nothing is asked of the network.
   *
   * @param item What it must be.
   * @param brought The answer and its age.
   * @param terms Engine, time, lab roots.
   * @throws {RejectedError | InputError} what the item says; `collateral.rollback` where newer was seen; `collateral.confirmed` where it was confirmed in the future.
   * @throws {UnavailableError} `collateral.expired`, `collateral.future`
   */
  accept(item: CollateralItem, brought: Brought, terms: CollateralTerms): Promise<Obtained>;
  /**
   * Why something that the evidence itself brought may not stand in where nobody gives it; null where it may. Nobody
   * vouches for when it was confirmed, so that its age counts from its own issue. What never changes has neither.
   *
   * @param item What it is.
   * @param content What was brought, authenticated.
   * @param now Time of the verification.
   */
  objection(item: CollateralItem, content: CollateralContent, now: Date): Promise<string | null>;
  /** Moment until which may be asked for all that one piece of evidence needs, from now on. */
  until(): Date;
}

/** What the operator can say. */
export interface CollateralOptions {
  /** No request is made at all. */
  readonly offline?: boolean;
  /** Addresses to ask in place of the vendors', by service: the operator's mirror. Scheme, host and perhaps a path, no query. */
  readonly bases?: Readonly<Partial<Record<CollateralService, string>>>;
  /** After which time what can change is asked for again, ms; default 12 hours. */
  readonly refreshAfter?: number;
  /** How long after a source last confirmed it something is used, ms; default 7 days. */
  readonly maxAge?: number;
  /** Longest time for one thing, all attempts and waiting together, ms; default 60 s. */
  readonly deadline?: number;
  /** Longest time for all that one piece of evidence needs, together, ms; default 60 s. */
  readonly patience?: number;
  /** Longest time for one request, ms; default 20 s. */
  readonly timeout?: number;
}

/** What collateral is made of. */
export interface CollateralParts {
  /** The network. */
  readonly http: Http;
  /** What is kept. */
  readonly store: CollateralStore;
  /** The time of requests and ages. */
  readonly clock: Clock;
  /** Waiting between attempts. */
  readonly timer: Timer;
  /** Chance, so that many do not try again at once. */
  readonly random: Random;
  /** What the operator says. */
  readonly options?: CollateralOptions;
}
