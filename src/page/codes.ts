/**
 * Meanings of the codes that a verification in the page can end in.
 *
 * @module
 */

import { AUDIT_CODES } from "../audit/codes.ts";
import type { CodeEntry } from "../core/code_entry.ts";
import { CORE_CODES } from "../core/codes.ts";
import { ENVELOPE_CODES } from "../evidence/envelope/codes.ts";
import { technologies } from "../evidence/registry.ts";
import { STATEMENT_CODES } from "../evidence/statement/codes.ts";
import { REFERENCE_CODES } from "../policy/reference/codes.ts";

/** Every such code with its meaning, by name. */
export const CODES: ReadonlyMap<string, CodeEntry> = new Map(
  [
    CORE_CODES,
    STATEMENT_CODES,
    ENVELOPE_CODES,
    AUDIT_CODES,
    REFERENCE_CODES,
    ...technologies.map(({ codes }) => codes),
  ].flatMap((table) => Object.entries<CodeEntry>(table)),
);
