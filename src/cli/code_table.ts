/**
 * All codes of the program, for the command line to explain.
 *
 * @module
 */

import { API_CODES } from "../api/codes.ts";
import { AUDIT_CODES } from "../audit/codes.ts";
import { COLLATERAL_CODES } from "../collateral/codes.ts";
import type { CodeEntry } from "../core/code_entry.ts";
import { CORE_CODES } from "../core/codes.ts";
import { ENVELOPE_CODES } from "../evidence/envelope/codes.ts";
import { RESULTS_CODES } from "../results/codes.ts";
import { technologies } from "../evidence/registry.ts";
import { STATEMENT_CODES } from "../evidence/statement/codes.ts";
import { REFERENCE_CODES } from "../policy/reference/codes.ts";

/** The code of a mistake that has none of its own. */
export const BUG = "bug";

const BUG_ENTRY: CodeEntry = {
  class: "bug",
  check: null,
  says: "Casemate itself made a mistake; nothing was accepted",
  remedy: "Report it with the command line; CASEMATE_DEBUG=1 prints where it happened",
};

/** Every code with its meaning, by name. */
export function allCodes(): ReadonlyMap<string, CodeEntry> {
  const tables = [
    CORE_CODES,
    STATEMENT_CODES,
    ENVELOPE_CODES,
    RESULTS_CODES,
    API_CODES,
    COLLATERAL_CODES,
    AUDIT_CODES,
    REFERENCE_CODES,
    ...technologies.map((technology) => technology.codes),
  ];
  return new Map([...tables.flatMap((table) => Object.entries<CodeEntry>(table)), [
    BUG,
    BUG_ENTRY,
  ]]);
}
