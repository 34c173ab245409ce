/**
 * TCB statuses (PCS, "Get TDX TCB Info"; the two of a relaunch are those of
 * Intel's quote verification library), and what comes of several together.
 *
 * @module
 */

import type { TcbStatus } from "../report.ts";

/** Statuses that levels have. */
export const LEVEL_STATUSES = [
  "UpToDate",
  "SWHardeningNeeded",
  "ConfigurationNeeded",
  "ConfigurationAndSWHardeningNeeded",
  "OutOfDate",
  "OutOfDateConfigurationNeeded",
  "Revoked",
] as const satisfies readonly TcbStatus[];

/** Status of a level. */
export type LevelStatus = (typeof LEVEL_STATUSES)[number];

/** What a status says is wrong, worst first: of several, the first is what it is named after. */
type Fault = "revoked" | "out-of-date" | "relaunch" | "configuration" | "hardening";

const FAULTS: Readonly<Record<TcbStatus, readonly Fault[]>> = {
  UpToDate: [],
  SWHardeningNeeded: ["hardening"],
  ConfigurationNeeded: ["configuration"],
  ConfigurationAndSWHardeningNeeded: ["configuration", "hardening"],
  OutOfDate: ["out-of-date"],
  OutOfDateConfigurationNeeded: ["out-of-date", "configuration"],
  TDRelaunchAdvised: ["relaunch"],
  TDRelaunchAdvisedConfigurationNeeded: ["relaunch", "configuration"],
  Revoked: ["revoked"],
};

/**
 * Whether a status says that something is wrong.
 *
 * @param status The status.
 * @param fault What.
 */
export function hasFault(status: TcbStatus, fault: Fault): boolean {
  return FAULTS[status].includes(fault);
}

/**
 * The status of several parts together: what is wrong with one is wrong with
 * the whole. What is out of date needs its update before any hardening of
 * software, so that is not told then; configuration is.
 *
 * @param statuses Statuses of the parts.
 */
export function converge(...statuses: readonly TcbStatus[]): TcbStatus {
  const has = (fault: Fault): boolean => statuses.some((status) => hasFault(status, fault));
  const configuration = has("configuration");
  if (has("revoked")) return "Revoked";
  if (has("out-of-date")) return configuration ? "OutOfDateConfigurationNeeded" : "OutOfDate";
  if (has("relaunch")) {
    return configuration ? "TDRelaunchAdvisedConfigurationNeeded" : "TDRelaunchAdvised";
  }
  if (!has("hardening")) return configuration ? "ConfigurationNeeded" : "UpToDate";
  return configuration ? "ConfigurationAndSWHardeningNeeded" : "SWHardeningNeeded";
}
