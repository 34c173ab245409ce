/**
 * All codes of the program, for the command line to explain.
 *
 * @module
 */

import { API_CODES } from "../api/codes.ts";
import { AUDIT_CODES } from "../audit/codes.ts";
import { CHANNEL_CODES } from "../channel/codes.ts";
import { COLLATERAL_CODES } from "../collateral/codes.ts";
import { CLUSTER_CODES } from "../cluster/codes.ts";
import { CONFIG_CODES } from "../cluster/config/codes.ts";
import type { CodeEntry } from "../core/code_entry.ts";
import { CORE_CODES } from "../core/codes.ts";
import { KEYS_CODES } from "../keys/codes.ts";
import { MANIFEST_CODES } from "../manifest/codes.ts";
import { LAB_CODES } from "../lab/codes.ts";
import { NODE_CODES } from "../node/codes.ts";
import { PROTOCOL_CODES } from "../protocol/codes.ts";
import { INIT_CODES } from "../services/init/codes.ts";
import { JOIN_CODES } from "../services/join/codes.ts";
import { STORE_CODES } from "../services/store/codes.ts";
import { DEVICE_CODES } from "../evidence/device/codes.ts";
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
    DEVICE_CODES,
    RESULTS_CODES,
    API_CODES,
    COLLATERAL_CODES,
    AUDIT_CODES,
    REFERENCE_CODES,
    MANIFEST_CODES,
    CONFIG_CODES,
    PROTOCOL_CODES,
    NODE_CODES,
    CLUSTER_CODES,
    LAB_CODES,
    STORE_CODES,
    JOIN_CODES,
    INIT_CODES,
    CHANNEL_CODES,
    KEYS_CODES,
    ...technologies.map((technology) => technology.codes),
  ];
  return new Map([...tables.flatMap((table) => Object.entries<CodeEntry>(table)), [
    BUG,
    BUG_ENTRY,
  ]]);
}
