/**
 * `Retry-After` (RFC 9110 §10.2.3): seconds, or a date of HTTP.
 *
 * @module
 */

const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

/** The one form that senders may write, RFC 9110 §5.6.7: `Sun, 06 Nov 1994 08:49:37 GMT`. */
const DATE =
  /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), (\d{2}) ([A-Z][a-z]{2}) (\d{4}) (\d{2}):(\d{2}):(\d{2}) GMT$/;

/**
 * Reads how long to wait.
 *
 * @param header The header's value; undefined where there is none.
 * @param now The current time.
 * @returns Milliseconds, 0 where the moment is past; null where nothing readable is said.
 */
export function readRetryAfter(header: string | undefined, now: Date): number | null {
  const text = header?.trim() ?? "";
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  const [, day, name = "", year, hour, minute, second] = DATE.exec(text) ?? [];
  const month = MONTHS.indexOf(name);
  if (day === undefined || month < 0) return null;
  const moment = Date.UTC(
    Number(year),
    month,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
  );
  return Math.max(0, moment - now.getTime());
}
