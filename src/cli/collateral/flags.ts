/**
 * Flags about collateral that several commands have, by name without dashes.
 *
 * @module
 */

import { type CommandUnknownOpts, Option } from "@commander-js/extra-typings";
import { valueFlag, wordFlag } from "../input/flags.ts";
import { LAB_ROOT_FLAG, OWNER_KEY_FLAG } from "../verify_flags.ts";

/** Where collateral is had from. */
export const COLLATERAL_FLAG = "collateral";

/** A bundle of collateral. */
export const BUNDLE_FLAG = "bundle";

/** Folder of the cache. */
export const CACHE_FLAG = "cache";

/** Address of a mirror. */
export const URL_FLAG = "collateral-url";

/** How long what can change is used without being confirmed. */
export const MAX_AGE_FLAG = "max-age";

/** How long to wait for vendors. */
export const TIMEOUT_FLAG = "timeout";

/** Which TCB recovery of Intel's is asked for. */
export const RECOVERY_FLAG = "tcb-recovery";

/** The evidence is of the machine that this runs on. */
export const HERE_FLAG = "on-this-machine";

/** Nobody's word is needed for the age of a bundle. */
export const UNSIGNED_FLAG = "unsigned";

/** Heading of these flags in `--help`. */
export const COLLATERAL_GROUP = "Collateral:";

/**
 * Flags that say where collateral is kept and whom to ask for it.
 *
 * @param command The command.
 */
export function addSourceFlags(command: CommandUnknownOpts): void {
  addCacheFlag(command);
  command.addOption(
    valueFlag({
      flag: URL_FLAG,
      value: "[SERVICE=]URL",
      says:
        "ask this mirror in place of the vendors, or in place of one: amd-kds, intel-pcs, intel-certificates, azure-thim",
      multiple: true,
    }),
  ).addOption(maxAgeFlag()).addOption(timeoutFlag());
}

/**
 * The flag that says where collateral is kept.
 *
 * @param command The command.
 */
export function addCacheFlag(command: CommandUnknownOpts): void {
  command.addOption(
    valueFlag({
      flag: CACHE_FLAG,
      value: "DIR",
      says: "folder of the cache; default casemate in $XDG_CACHE_HOME, else in ~/.cache",
    }),
  );
}

function maxAgeFlag(): ReturnType<typeof valueFlag> {
  return valueFlag({
    flag: MAX_AGE_FLAG,
    value: "TIME",
    says:
      "how long lists and TCB documents are used while nobody can be asked for newer ones, as 12h or 30d; default 7d",
  });
}

function timeoutFlag(): ReturnType<typeof valueFlag> {
  return valueFlag({
    flag: TIMEOUT_FLAG,
    value: "TIME",
    says:
      "how long to wait for vendors, for one thing and for all that one piece of evidence needs, as 20s or 5m; default 60s",
  });
}

/**
 * Flags that say which collateral evidence needs, beside what it says itself.
 *
 * @param command The command.
 */
export function addNeedFlags(command: CommandUnknownOpts): void {
  command.addOption(
    valueFlag({
      flag: RECOVERY_FLAG,
      value: "WHICH",
      says:
        "TCB recovery of Intel's that is asked for: standard (default), early, or one by its evaluation data number",
    }),
  ).addOption(
    new Option(
      `--${HERE_FLAG}`,
      "the evidence is of the machine that this runs on, whose metadata service can be asked (Azure)",
    ),
  );
}

/**
 * The flag for collateral of a lab.
 *
 * @param command The command.
 */
export function addLabFlag(command: CommandUnknownOpts): void {
  command.addOption(
    valueFlag({
      flag: LAB_ROOT_FLAG,
      value: "FILE",
      says: "collateral of this lab in place of the vendors', which proves nothing about hardware",
      multiple: true,
    }),
  );
}

/**
 * Flags of a verification that say where collateral is had from.
 *
 * @param command The command.
 */
export function addCompletionFlags(command: CommandUnknownOpts): void {
  command.optionsGroup(COLLATERAL_GROUP).addOption(
    wordFlag(
      `--${COLLATERAL_FLAG} <WHERE>`,
      "where it is had from: given in files (default), the cache of `casemate collateral`, or fetched from the vendors where the cache has not got it",
      ["given", "cache", "fetch"],
    ),
  );
  command.addOption(
    valueFlag({
      flag: BUNDLE_FLAG,
      value: "FILE",
      says: `bundle of \`casemate collateral export\`, signed with --${OWNER_KEY_FLAG}`,
    }),
  );
  addSourceFlags(command);
  addNeedFlags(command);
}
