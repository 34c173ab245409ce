/**
 * What a verifier had of vendors, and what was not to be had, set for a person.
 *
 * @module
 */

import type { CollateralUsed } from "../../results/result.ts";
import { originText } from "../collateral/origin.ts";
import { spanOf } from "../collateral/written.ts";
import { labelled } from "./layout.ts";
import { sign } from "./style.ts";
import type { Page } from "./shown.ts";

/** Something that was not to be had. */
export interface Missing {
  /** What it is. */
  readonly title: string;
  /** Why not. */
  readonly why: string;
}

/**
 * Sets one line for each thing, with its age.
 *
 * @param used What there was.
 * @param missing What there was not.
 * @param time Moment for which was judged, ISO 8601.
 * @param page Width and style.
 */
export function collateralLines(
  used: readonly CollateralUsed[],
  missing: readonly Missing[],
  time: string,
  page: Page,
): readonly string[] {
  const { width, style } = page;
  const now = new Date(time);
  const rows = used.flatMap((one) => [
    `  ${sign("match", style)} ${one.title}`,
    ...labelled(rowsOf(one, now), { width, indent: "      ", label: style.dim }),
  ]);
  const absent = missing.flatMap(({ title, why }) => [
    `  ${sign("unchecked", style)} ${title}`,
    ...labelled([["missing", why]], { width, indent: "      ", label: style.dim }),
  ]);
  return [...rows, ...absent];
}

function rowsOf(
  { from, confirmed, expires, stale }: CollateralUsed,
  now: Date,
): readonly (readonly [string, string])[] {
  const age = confirmed === null
    ? "nobody else confirmed it"
    : `confirmed ${agoOf(new Date(confirmed), now)}`;
  return [
    ["from", `${originText(from)}; ${age}`],
    ["until", expires],
    ...(stale === null ? [] : [["not renewed", stale] as const]),
  ];
}

/** Difference of moments that nobody needs to know of, ms: who asks does so just after the moment that is judged for. */
const AT_ONCE = 120_000;

function agoOf(confirmed: Date, now: Date): string {
  if (Math.abs(now.getTime() - confirmed.getTime()) < AT_ONCE) return "at that time";
  return `${spanOf(confirmed, now)} ${confirmed > now ? "later" : "before"}`;
}
