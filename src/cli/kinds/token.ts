/**
 * Says what a token holds. Nothing is verified.
 *
 * @module
 */

import type { Shown, ShownRow, ShownSection } from "../../core/shown.ts";
import { type DecodedJws, decodeJws } from "../../results/jws.ts";
import { documentShown } from "./where.ts";

/**
 * Says what a token is.
 *
 * @param token The compact form.
 * @throws {RejectedError} `results.form`
 */
export function showToken(token: string): Shown {
  const { members, claims } = decodeJws(token);
  // What the draft calls them, and before it.
  const isEar = Object.hasOwn(claims, "submods") && Object.hasOwn(claims, "eat_profile");
  return documentShown(isEar ? "ear" : "jwt", tokenSections({ members, claims }));
}

type Members = Readonly<Record<string, unknown>>;

/**
 * Header and claims of a token.
 *
 * @param token The token, taken apart.
 */
export function tokenSections(
  { members, claims }: Pick<DecodedJws, "members" | "claims">,
): readonly ShownSection[] {
  return [...sectionsOf("Header", members), ...sectionsOf("Claims", claims)];
}

/** Members, then each object among them under its own name. */
function sectionsOf(title: string, members: Members): readonly ShownSection[] {
  const entries = Object.entries(members);
  const rows = entries.flatMap(([name, value]) => isObject(value) ? [] : [rowOf(name, value)]);
  const inside = entries.flatMap(([name, value]) =>
    isObject(value) ? sectionsOf(title === "Claims" ? name : `${title}.${name}`, value) : []
  );
  return [...(rows.length === 0 ? [] : [{ title, rows }]), ...inside];
}

function isObject(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const TIMES: readonly string[] = ["iat", "nbf", "exp"];

/** Latest second that a date has. */
const LAST_SECOND = 253_402_300_799;

function rowOf(name: string, value: unknown): ShownRow {
  const isMoment = TIMES.includes(name) && typeof value === "number" && value >= 0 &&
    value <= LAST_SECOND;
  if (!isMoment) return { name, value: textOf(value) };
  return { name, value: String(value), meaning: new Date(Math.floor(value) * 1000).toISOString() };
}

function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  const words = Array.isArray(value) && value.every((item) => typeof item === "string");
  return words ? value.join(", ") : JSON.stringify(value);
}
