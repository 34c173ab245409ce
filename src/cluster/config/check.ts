/**
 * Looks a configuration over: all errors at once; where there are none, what is
 * hardly meant so and what is worth knowing.
 *
 * @module
 */

import { technologies } from "../../evidence/registry.ts";
import { lintPolicy } from "../../policy/lint.ts";
import { checkGroups } from "./check_groups.ts";
import { checkMachines } from "./check_machines.ts";
import { checkNetwork } from "./check_network.ts";
import { checkOwner } from "./check_owner.ts";
import type { ConfigText } from "./parse.ts";
import type { Found, Problem } from "./problem.ts";
import { type ReadConfig, readConfig } from "./read.ts";

/** A configuration that was looked over. */
export interface CheckedConfig {
  /** What there is to say, the worst first, then by line. */
  readonly problems: readonly Problem[];
  /** What it says; null where it has errors. */
  readonly read: ReadConfig | null;
}

/**
 * Looks a configuration over.
 *
 * @param text The file.
 * @param now The moment.
 */
export function checkConfig(text: ConfigText, now: Date): CheckedConfig {
  const { problems, read } = readConfig(text.value, now);
  const found = read === null ? problems : RULES.flatMap((rule) => rule(read, now));
  const placed = found.map((one) => ({ ...one, ...text.positionOf(one.key) }));
  const errors = placed.filter(({ level }) => level === "error");
  const told = errors.length > 0 ? errors : placed;
  return {
    problems: [...told].sort((a, b) => rankOf(a) - rankOf(b) || a.line - b.line),
    read: errors.length > 0 ? null : read,
  };
}

const LEVELS: readonly Problem["level"][] = ["error", "warning", "note"];

function rankOf({ level }: Problem): number {
  return LEVELS.indexOf(level);
}

/** Looks at one side of a configuration. */
type Rule = (read: ReadConfig, now: Date) => readonly Found[];

const RULES: readonly Rule[] = [
  checkGroups,
  checkMachines,
  checkNetwork,
  checkOwner,
  checkPolicy,
];

/** What is said of the policy is said of the section that it is written in. */
function checkPolicy({ document }: ReadConfig, now: Date): readonly Found[] {
  return lintPolicy(document, technologies, now).flatMap((remark): readonly Found[] => {
    const key = remark.key === "" ? "attestation" : `attestation.${remark.key}`;
    if (remark.code === "root-missing") {
      return [{ level: "error", code: "config.roots", key, says: remark.says }];
    }
    // Reference values of the image come with the manifest.
    return remark.code === "pins-nothing" ? [] : [{ ...remark, key }];
  });
}
