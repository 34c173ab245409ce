/**
 * What each code that a refusal can have means.
 *
 * @module
 */

import { COLLATERAL_CODES } from "../collateral/codes.ts";
import type { CodeEntry } from "../core/code_entry.ts";
import { CORE_CODES } from "../core/codes.ts";
import { ENVELOPE_CODES } from "../evidence/envelope/codes.ts";
import { technologies } from "../evidence/registry.ts";
import { STATEMENT_CODES } from "../evidence/statement/codes.ts";
import { REFERENCE_CODES } from "../policy/reference/codes.ts";
import { RESULTS_CODES } from "../results/codes.ts";
import { API_CODES } from "./codes.ts";

const MEANINGS: ReadonlyMap<string, CodeEntry> = new Map(
  [
    API_CODES,
    COLLATERAL_CODES,
    CORE_CODES,
    ENVELOPE_CODES,
    STATEMENT_CODES,
    REFERENCE_CODES,
    RESULTS_CODES,
    ...technologies.map(({ codes }) => codes),
  ].flatMap((table) => Object.entries<CodeEntry>(table)),
);

/**
 * What a code means.
 *
 * @param code The code.
 * @returns One sentence; undefined for what is no code.
 */
export function meaningOf(code: string): string | undefined {
  return MEANINGS.get(code)?.says;
}

/**
 * Whether something is a code of the program, so that it may name a series of a metric.
 *
 * @param code Anything.
 */
export function isCode(code: string): boolean {
  return MEANINGS.has(code);
}
