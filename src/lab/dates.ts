/**
 * Moments before and after others.
 *
 * @module
 */

/**
 * The same moment some years later; 29 February becomes 1 March.
 *
 * @param moment A moment.
 * @param years How many.
 */
export function addYears(moment: Date, years: number): Date {
  const later = new Date(moment);
  later.setUTCFullYear(later.getUTCFullYear() + years);
  return later;
}

/**
 * The same time of day some days later, or earlier.
 *
 * @param moment A moment.
 * @param days How many; negative for earlier.
 */
export function addDays(moment: Date, days: number): Date {
  return new Date(moment.getTime() + days * 86_400_000);
}
