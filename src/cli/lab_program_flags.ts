/**
 * Flags that minting has for every technology.
 *
 * @module
 */

import type { CommandUnknownOpts } from "@commander-js/extra-typings";
import { valueFlag } from "./input/flags.ts";
import type { givenTo } from "./input/given.ts";
import type { CommonOptions } from "./lab/options.ts";

/**
 * Adds folder and question, which come first in `--help`.
 *
 * @param command The command.
 * @param document What answers the question, as `report`.
 */
export function addQuestionFlags(command: CommandUnknownOpts, document: string): void {
  command
    .addOption(
      valueFlag({
        flag: "out",
        value: "DIR",
        says: "folder to write to (required); nothing is overwritten",
      }),
    )
    .addOption(
      valueFlag({
        flag: "nonce",
        value: "HEX",
        says: `nonce that the ${document} answers, at most 64 bytes`,
      }),
    )
    .addOption(
      valueFlag({
        flag: "report-data",
        value: "HEX",
        says: "report data, 64 bytes, instead of a nonce",
      }),
    );
}

/**
 * Adds the flags that come last in `--help`.
 *
 * @param command The command.
 * @param debug What `--debug` does.
 */
export function addLabFlags(command: CommandUnknownOpts, debug: string): void {
  command
    .option("--debug", debug)
    .addOption(
      valueFlag({
        flag: "authority",
        value: "FILE",
        says: "keys of a lab that an earlier run wrote as lab-authority.json",
      }),
    );
}

/**
 * The values of these flags.
 *
 * @param given The command line.
 */
export function commonOptions(given: ReturnType<typeof givenTo>): CommonOptions {
  return {
    out: given.text("out"),
    nonce: given.text("nonce"),
    reportData: given.text("report-data"),
    debug: given.has("debug"),
    authority: given.text("authority"),
  };
}
