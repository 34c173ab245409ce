/**
 * When something may be used: within its own dates, not older than what was
 * seen, and confirmed by a source not too long ago.
 *
 * @module
 */

import type { CollateralContent, CollateralItem } from "../evidence/collateral.ts";
import type { Failure } from "./failures.ts";
import type { Issue, StoredCollateral } from "./store.ts";

/** Difference of clocks that is nobody's fault, ms. */
export const SKEW = 600_000;

/** After which times what can change is asked for again, and is used no more, ms. */
export interface Ages {
  readonly refreshAfter: number;
  readonly maxAge: number;
}

/** 12 hours: AMD and Intel issue lists and TCB infos for a month at least, and renew them long before their end. */
export const REFRESH_AFTER = 12 * 3600_000;
/** 7 days: the grace of protocol §11. */
export const MAX_AGE = 7 * 24 * 3600_000;

/** Something that is kept, read again. */
export interface Held {
  readonly entry: StoredCollateral;
  readonly content: CollateralContent;
}

/**
 * Which of two issues is newer.
 *
 * @param a One.
 * @param b Another of the same thing.
 * @returns Below zero where the first is older, above where it is newer.
 */
export function compareIssues(a: Issue, b: Issue): number {
  if (a.sequence !== null && b.sequence !== null) {
    const [first, second] = [BigInt(a.sequence), BigInt(b.sequence)];
    if (first !== second) return first < second ? -1 : 1;
  }
  return a.issued.getTime() - b.issued.getTime();
}

/**
 * Why something does not hold at a moment; null where it does.
 *
 * @param content Its dates.
 * @param now The moment.
 */
export function outOfForce({ issued, expires }: CollateralContent, now: Date): Failure | null {
  // A date that is none is in no order; so both are asked for what must hold.
  if (!(now.getTime() < expires.getTime())) {
    return { code: "collateral.expired", reason: `it held until ${shown(expires)}` };
  }
  if (!(issued.getTime() <= now.getTime() + SKEW)) {
    return { code: "collateral.future", reason: `it holds only from ${shown(issued)} on` };
  }
  return null;
}

/**
 * Why something that is kept may not be used; null where it may.
 *
 * @param item What it is.
 * @param held What is kept.
 * @param at Time of the verification, and of the clock.
 * @param ages The operator's ages.
 */
export function problemOf(
  item: CollateralItem,
  { entry, content }: Held,
  at: { readonly now: Date; readonly clock: Date },
  ages: Ages,
): Failure | null {
  const problem = outOfForce(content, at.now);
  if (problem !== null || item.immutable) return problem;
  const age = ageOf(entry.confirmed, at.clock);
  if (age >= 0 && age <= ages.maxAge) return null;
  const reason = `a source confirmed it last on ${shown(entry.confirmed)}, and ${
    daysOf(ages.maxAge)
  } days are allowed`;
  return { code: "collateral.stale", reason };
}

/**
 * Why something that nobody confirmed since its issue may not be used; null where it may.
 *
 * @param issued Its issue.
 * @param now Time of the verification. An issue that is of the future then is refused with it.
 * @param ages The operator's ages.
 */
export function tooOld(issued: Date, now: Date, { maxAge }: Ages): string | null {
  if (now.getTime() - issued.getTime() <= maxAge) return null;
  return `nobody vouches for it since its issue on ${shown(issued)}, and ${
    daysOf(maxAge)
  } days are allowed`;
}

/**
 * Whether it is time to ask for something again.
 *
 * @param item What it is.
 * @param held What is kept.
 * @param clock The current time.
 * @param ages The operator's ages.
 */
export function isDue(item: CollateralItem, { entry }: Held, clock: Date, ages: Ages): boolean {
  if (item.immutable) return false;
  const age = ageOf(entry.confirmed, clock);
  return !(age >= 0 && age <= ages.refreshAfter);
}

/** Below zero where it was confirmed by a clock that was wrong, so that its age is unknown. */
function ageOf(confirmed: Date, clock: Date): number {
  const age = clock.getTime() - confirmed.getTime();
  return age < 0 && age >= -SKEW ? 0 : age;
}

function daysOf(age: number): number {
  return Math.floor(age / 3600_000 / 24 * 10) / 10;
}

function shown(moment: Date): string {
  return Number.isNaN(moment.getTime()) ? "a date that is none" : moment.toISOString();
}
