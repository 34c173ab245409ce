/**
 * Moments as whole seconds since 1970, UTC.
 *
 * @module
 */

import { type DerReader, type Element, TAG } from "./der.ts";
import { misuse } from "./frame.ts";
import { Malformed } from "../malformed.ts";
import { ia5Of } from "./values.ts";

/** Last second of the year 9999. */
const LAST = 253_402_300_799;
/** Last year that UTCTime can say (RFC 5280 §4.1.2.5.1). */
const LAST_UTC_YEAR = 2049;

/** A span of time, both ends included. */
export interface Window {
  /** First second. */
  readonly from: number;
  /** Last second. */
  readonly until: number;
}

/**
 * Where a moment lies to a window.
 *
 * @param window The window.
 * @param moment The moment.
 */
export function positionIn(window: Window, moment: number): "before" | "within" | "after" {
  if (moment < window.from) return "before";
  return moment > window.until ? "after" : "within";
}

/**
 * A moment as ISO 8601; beyond the year 9999 as a number of seconds.
 *
 * @param moment The moment.
 */
export function momentText(moment: number): string {
  if (moment > LAST) return `${moment} seconds after 1970-01-01T00:00:00Z`;
  return `${new Date(moment * 1000).toISOString().slice(0, 19)}Z`;
}

/**
 * A moment as an operation takes it.
 *
 * @param bytes Eight bytes, big-endian.
 * @throws {Error} where there are more or fewer, or the number is above 2^53.
 */
export function momentOf(bytes: Uint8Array): number {
  if (bytes.length !== 8) throw misuse("a moment is not 8 bytes");
  const moment = bytes.reduce((value, byte) => value * 256 + byte, 0);
  if (!Number.isSafeInteger(moment)) throw misuse("a moment is out of range");
  return moment;
}

/** A time as a certificate or list has it. */
export interface Time {
  /** The moment. */
  readonly moment: number;
  /** Whether it is in the type that RFC 5280 §4.1.2.5 demands: UTCTime through the year 2049. */
  readonly isProper: boolean;
}

/**
 * Whether a value is a time.
 *
 * @param tag Its identifier octet.
 */
export function isTime(tag: number | undefined): boolean {
  return tag === TAG.utcTime || tag === TAG.generalizedTime;
}

/**
 * Takes a time: to the second, in Zulu, of the years from 1970 on (RFC 5280 §4.1.2.5).
 *
 * @param reader Stands before it.
 * @throws {Malformed} where there is none, or it has another form or is no date.
 */
export function takeTime(reader: DerReader): Time {
  if (!isTime(reader.peek())) throw new Malformed("a time is missing");
  const time = reader.element();
  const [year, rest] = splitYear(time);
  const moment = secondsOf(year, rest);
  return { moment, isProper: (time.tag === TAG.utcTime) === (year <= LAST_UTC_YEAR) };
}

/** Year, and the digits from the month on. */
function splitYear({ tag, content }: Element): readonly [number, string] {
  const text = content.length > 15 ? "" : ia5Of(content);
  if (tag === TAG.generalizedTime && /^\d{14}Z$/.test(text)) {
    return [Number(text.slice(0, 4)), text.slice(4)];
  }
  if (tag === TAG.utcTime && /^\d{12}Z$/.test(text)) {
    const year = Number(text.slice(0, 2));
    return [year >= 50 ? 1900 + year : 2000 + year, text.slice(2)];
  }
  throw new Malformed("a time has another form than RFC 5280 demands");
}

function secondsOf(year: number, rest: string): number {
  const [month = 0, day = 0, hour = 0, minute = 0, second = 0] = rest.match(/\d\d/g)?.map(Number) ??
    [];
  const date = new Date(Date.UTC(year, month - 1, day, hour, minute, second));
  // A date that does not exist, as 30 February, comes out as another one.
  const exists = year >= 1970 && date.getUTCFullYear() === year &&
    date.getUTCMonth() === month - 1 && date.getUTCDate() === day && hour < 24 && minute < 60 &&
    second < 60;
  if (!exists) throw new Malformed("a time is none that exists");
  return date.getTime() / 1000;
}
