/**
 * What the command line may do, compiled into the binary. It reads and writes
 * the files that it is given; it opens no connection and starts no program.
 *
 * @module
 */

/** Variables that are read: our own, the terminal's, and those that commander and yaml ask for. */
const ENVIRONMENT: readonly string[] = [
  "CASEMATE_BUILD",
  "CASEMATE_DEBUG",
  "CLICOLOR_FORCE",
  "FORCE_COLOR",
  "LOG_STREAM",
  "LOG_TOKENS",
  "NO_COLOR",
  "TERM",
];

/** Flags for `deno run` and `deno compile`. */
export const PERMISSIONS: readonly string[] = [
  "--no-prompt",
  "--allow-read",
  "--allow-write",
  `--allow-env=${ENVIRONMENT.join(",")}`,
];
