/**
 * Reads the moment for which to judge.
 *
 * @module
 */

import { flagError } from "./given.ts";

const DATE = String.raw`\d{4}-\d{2}-\d{2}`;

/** ISO 8601 with a zone; seconds and their fraction may be left out. */
const MOMENT = new RegExp(
  String.raw`^(${DATE})(?:T(\d{2}):(\d{2})(?::(\d{2})(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2}))?$`,
);

/**
 * Reads a date (its midnight in UTC) or a date and time with zone.
 *
 * @param text ISO 8601, as `2026-11-21` or `2026-11-21T08:00:00Z`.
 * @param flag The flag that it was given to, as `--at`.
 * @throws {InputError} `input.value`
 */
export function readMoment(text: string, flag: string): Date {
  const [whole, day] = MOMENT.exec(text) ?? [];
  const moment = new Date(
    whole === undefined ? Number.NaN : whole === day ? `${day}T00:00:00Z` : whole,
  );
  if (
    !Number.isNaN(moment.getTime()) && day !== undefined && isCalendarDay(day) &&
    moment.getTime() >= 0
  ) {
    return moment;
  }
  const message = `Cannot use ${flag} ${
    JSON.stringify(text)
  }: expected a date from 1970 on as 2026-11-21, or a time with zone as 2026-11-21T08:00:00Z`;
  throw flagError("input.value", message, flag);
}

/** `Date` reads 30 February as 2 March; such a day is refused. */
function isCalendarDay(day: string): boolean {
  const midnight = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(day);
}
